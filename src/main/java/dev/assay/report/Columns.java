package dev.assay.report;

import java.util.ArrayList;
import java.util.List;

/// Text in columns, for terminals.
public final class Columns {
  private static final String GAP = "  ";
  private static final char DELETE = 0x7f;

  private Columns() {}

  /// One line for each row, cut at the width.
  ///
  /// @param rows each with as many cells; control characters become blanks
  /// @param alignment one of `<` and `>` for each column
  /// @param width the terminal's columns
  public static String text(List<List<String>> rows, String alignment, int width) {
    var cells = new ArrayList<List<String>>(rows.size());
    var widths = new int[rows.getFirst().size()];
    for (var row : rows) {
      var clean = new ArrayList<String>(widths.length);
      for (var cell : row) {
        clean.add(oneLine(cell));
      }
      widen(widths, clean);
      cells.add(clean);
    }
    var text = new StringBuilder();
    for (var row : cells) {
      var line = new StringBuilder(widths.length * 16);
      for (int i = 0; i < widths.length; i++) {
        var cell = row.get(i);
        int padding = widths[i] - length(cell);
        boolean right = alignment.charAt(i) == '>';
        line.append(i == 0 ? "" : GAP).repeat(' ', right ? padding : 0).append(cell);
        line.repeat(' ', right || i == widths.length - 1 ? 0 : padding);
      }
      text.append(cut(stripped(line), width)).append('\n');
    }
    return text.toString();
  }

  private static String stripped(StringBuilder line) {
    int end = line.length();
    while (end > 0 && Character.isWhitespace(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(0, end);
  }

  /// Takes a row into account.
  ///
  /// @param widths of the columns, in characters
  static void widen(int[] widths, List<String> row) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], length(row.get(i)));
    }
  }

  /// The columns of the terminal that columns of these widths take.
  static int width(int... widths) {
    int total = -GAP.length();
    for (int width : widths) {
      total += width + GAP.length();
    }
    return total;
  }

  /// Control characters would break the table, or steer the terminal.
  static String oneLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == DELETE) {
        return text.replaceAll("\\p{Cntrl}+", " ");
      }
    }
    return text;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  static String cut(String line, int width) {
    return line.length() <= width || length(line) <= width
        ? line
        : line.substring(0, line.offsetByCodePoints(0, width - 1)) + "…";
  }
}
