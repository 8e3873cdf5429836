package dev.assay.cli;

import dev.assay.process.TerminalSize;

/// The terminal that the output goes to.
final class Terminal {
  private static final int DEFAULT_COLUMNS = 80;
  private static final int DEFAULT_ROWS = 24;

  private Terminal() {}

  /// Its width: COLUMNS where that is set, else as the terminal says, else 80.
  static int columns() {
    return set("COLUMNS", TerminalSize.columns().orElse(DEFAULT_COLUMNS));
  }

  /// Its height: LINES where that is set, else as the terminal says, else 24.
  static int rows() {
    return set("LINES", TerminalSize.rows().orElse(DEFAULT_ROWS));
  }

  private static int set(String variable, int otherwise) {
    var value = System.getenv(variable);
    return value != null && value.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(value) : otherwise;
  }
}
