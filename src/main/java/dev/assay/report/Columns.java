package dev.assay.report;

import java.util.ArrayList;
import java.util.List;

/// Text in columns, for terminals.
public final class Columns {
  private static final String GAP = "  ";

  private Columns() {}

  /// One line for each row, cut at the width.
  ///
  /// @param rows each with as many cells; control characters become blanks
  /// @param alignment one of `<` and `>` for each column
  /// @param width the terminal's columns
  public static String text(List<List<String>> rows, String alignment, int width) {
    var cells = new ArrayList<List<String>>();
    rows.forEach(row -> cells.add(row.stream().map(Columns::oneLine).toList()));
    var widths = widths(cells);
    var text = new StringBuilder();
    for (var row : cells) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        var padding = " ".repeat(widths[i] - length(row.get(i)));
        line.append(i == 0 ? "" : GAP)
            .append(alignment.charAt(i) == '>' ? padding + row.get(i) : row.get(i) + padding);
      }
      text.append(cut(line.toString().stripTrailing(), width)).append('\n');
    }
    return text.toString();
  }

  /// The columns that all of it takes.
  static int width(List<List<String>> rows) {
    int total = 0;
    for (int width : widths(rows)) {
      total += width + GAP.length();
    }
    return total - GAP.length();
  }

  private static int[] widths(List<List<String>> rows) {
    var widths = new int[rows.getFirst().size()];
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(row.get(i)));
      }
    }
    return widths;
  }

  /// Control characters would break the table, or steer the terminal.
  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  static String cut(String line, int width) {
    return length(line) <= width
        ? line
        : line.substring(0, line.offsetByCodePoints(0, width - 1)) + "…";
  }
}
