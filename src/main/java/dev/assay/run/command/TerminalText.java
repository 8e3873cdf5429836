package dev.assay.run.command;

import java.util.regex.Pattern;

/// What a terminal would show of a line.
final class TerminalText {
  private static final char ESCAPE = '\u001b';
  private static final char MARK = '\ufeff';

  /// Colours and cursor movements (ECMA-48), titles and links (up to BEL or ST), single characters;
  /// byte order marks.
  private static final Pattern UNSEEN =
      Pattern.compile(
          "\u001b\\[[0-?]*+[ -/]*+[@-~]|\u001b\\][^\u0007\u001b]*+(?:\u0007|\u001b\\\\)?"
              + "|\u001b[ -/]*+[0-~]|\ufeff");

  private TerminalText() {}

  /// The line without colours, other escape sequences and byte order marks.
  static String of(String line) {
    return line.indexOf(ESCAPE) < 0 && line.indexOf(MARK) < 0
        ? line
        : UNSEEN.matcher(line).replaceAll("");
  }
}
