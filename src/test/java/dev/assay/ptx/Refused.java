package dev.assay.ptx;

/// PTX that is damaged, or has something that the translator does not know: never guessed at.
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;

  Refused(int line, String words) {
    super(words);
    this.line = line;
  }

  /// Where, as compilers say it: `fit.ptx:17: words`.
  String at(String file) {
    return file + ":" + line + ": " + getMessage();
  }
}
