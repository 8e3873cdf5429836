package dev.assay.spark;

import java.io.PrintStream;

/// What is said to `assay tune --on`: a line each, `note WORDS` or `problem` with what, value and
/// mend between tabs.
final class Voice {
  private final PrintStream out;

  Voice(PrintStream out) {
    this.out = out;
  }

  synchronized void note(String words) {
    out.println("note " + oneLine(words));
  }

  /// What ends the placement.
  synchronized void problem(String what, String value, String mend) {
    out.println("problem " + oneLine(what) + "\t" + oneLine(value) + "\t" + oneLine(mend));
  }

  /// That much of a text as one line holds.
  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ").replace('\t', ' ');
  }
}
