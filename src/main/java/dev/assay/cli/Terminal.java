package dev.assay.cli;

import dev.assay.process.TerminalSize;
import java.util.function.IntSupplier;

/// The terminal that the output goes to.
final class Terminal {
  private static final int DEFAULT_COLUMNS = 80;
  private static final int DEFAULT_ROWS = 24;

  private Terminal() {}

  /// Its width: COLUMNS where that is set, else as the terminal says, else 80.
  static int columns() {
    return set("COLUMNS", Terminal::asked);
  }

  /// For a command that prints once the launcher has asked already, which costs it less.
  private static int asked() {
    int known = Integer.getInteger("assay.columns", -1);
    if (known >= 0) {
      return known == 0 ? DEFAULT_COLUMNS : known;
    }
    return TerminalSize.columns().orElse(DEFAULT_COLUMNS);
  }

  /// Its height: LINES where that is set, else as the terminal says, else 24.
  static int rows() {
    return set("LINES", () -> TerminalSize.rows().orElse(DEFAULT_ROWS));
  }

  private static int set(String variable, IntSupplier otherwise) {
    var value = System.getenv(variable);
    return value != null && value.matches("[1-9][0-9]{0,4}")
        ? Integer.parseInt(value)
        : otherwise.getAsInt();
  }
}
