package dev.assay.run.table;

import dev.assay.internal.words.NumberText;
import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parameter of a recorded table: how its column is searched and compared.
///
/// @param column the column's name
/// @param name what it is called in the search space: the column, or `one_minus_COLUMN` where the
///   description says `"log_of": "1 - x"`
/// @param distribution the values of the whole table
/// @param levels the listed values' indices, by their texts and by what equals them in other
///   spellings; empty where the column is a range
record TableParameter(
    String column, String name, Distribution distribution, Map<Object, Integer> levels) {
  private static final String MIRRORED = "one_minus_";

  /// A column of listed values.
  static TableParameter listed(String column, List<?> values, boolean ordered) {
    var levels = new LinkedHashMap<Object, Integer>();
    var several = new HashSet<Object>();
    for (int i = 0; i < values.size(); i++) {
      var text = String.valueOf(values.get(i));
      if (levels.putIfAbsent(key(text), i) != null) {
        several.add(key(text));
      }
    }
    // Texts that would be one value in another spelling are told apart by their letters alone.
    several.forEach(levels::remove);
    for (int i = 0; i < values.size(); i++) {
      levels.putIfAbsent(exact(String.valueOf(values.get(i))), i);
    }
    return new TableParameter(
        column, column, new Choice(List.copyOf(values), ordered), Map.copyOf(levels));
  }

  /// A column of numbers.
  ///
  /// @param mirrored whether 1 − x is what is spread evenly by its logarithm
  static TableParameter range(
      String column, double low, double high, boolean whole, boolean log, boolean mirrored) {
    Distribution distribution =
        whole ? new IntRange((long) low, (long) high, log, 1) : new FloatRange(low, high, log, 0);
    return new TableParameter(
        column, mirrored ? MIRRORED + column : column, distribution, Map.of());
  }

  boolean isListed() {
    return !levels.isEmpty();
  }

  private boolean mirrored() {
    return !name.equals(column);
  }

  /// The text itself.
  private record Exact(String text) {}

  private static Object exact(String text) {
    return new Exact(text);
  }

  /// What a text has in common with its other spellings: a Double for `16`, `16.0` and `1.6e1`, a
  /// Boolean for `true`, `True` and `TRUE`, or the text.
  private static Object key(String text) {
    var number = NumberText.find(text);
    if (number.isPresent() && Double.isFinite(number.getAsDouble())) {
      return number.getAsDouble() + 0.0;
    }
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
        ? (Object) Boolean.valueOf(text)
        : text;
  }

  /// How many values are listed.
  int size() {
    return (int) distribution.count().orElse(0);
  }

  /// The level of a value of the search space, or of a cell's text; -1 where the table has none
  /// such.
  int level(@Nullable Object value) {
    var text = String.valueOf(value);
    var level = levels.get(exact(text));
    return level != null ? level : levels.getOrDefault(key(text), -1);
  }

  /// Refuses a cell that is no value of the parameter.
  ///
  /// @throws Problem with the row, counted from 1
  void require(TableColumns columns, int row) {
    var cell = columns.texts(column).get(row);
    if (isListed()) {
      if (level(cell) < 0) {
        throw new Problem(
            "A cell holds a value that the description does not list.",
            place(cell, columns, row),
            "Add it to the values, or mend the cell.");
      }
    } else if (Double.isNaN(distribution.code(searched(RecordedCell.number(cell))))) {
      throw new Problem(
          "A cell holds no value of its parameter.",
          place(cell, columns, row),
          "It is a " + distribution.describe() + ": mend the cell, or the description.");
    }
  }

  private String place(String cell, TableColumns columns, int row) {
    return column
        + " "
        + (cell.isEmpty() ? "is blank" : cell)
        + ", row "
        + (row + 1)
        + " of "
        + columns.file();
  }

  /// What the search space calls the value in a cell.
  ///
  /// @return NaN where it is no value of the parameter
  double code(String cell) {
    return isListed() ? level(cell) : distribution.code(searched(RecordedCell.number(cell)));
  }

  private double searched(double x) {
    return mirrored() ? 1 - x : x;
  }

  /// Where a value of the search space stands between the column's smallest and largest.
  ///
  /// @throws Problem when it is no number though the column holds numbers
  double position(@Nullable Object value) {
    if (isListed()) {
      return level(value) / Math.max(1.0, size() - 1.0);
    }
    if (value instanceof Number number) {
      return position(number.doubleValue());
    }
    throw new Problem(
        "The table has a number there.", name + " = " + value, "Search a range of numbers.");
  }

  /// The same for the text of a cell.
  double cellPosition(String cell) {
    return isListed() ? position(cell) : position(searched(RecordedCell.number(cell)));
  }

  private double position(double x) {
    return switch (distribution) {
      case FloatRange(var low, var high, var log, _) -> between(x, low, high, log);
      case IntRange(var low, var high, var log, _) -> between(x, low, high, log);
      case Choice _ -> throw new IllegalStateException("a listed column: " + column);
    };
  }

  private static double between(double x, double low, double high, boolean log) {
    if (low == high) {
      return 0;
    }
    double part =
        log
            ? (Math.log(x) - Math.log(low)) / (Math.log(high) - Math.log(low))
            : (x - low) / (high - low);
    return Math.clamp(part, 0, 1);
  }

  /// Whether its values are options without an order.
  boolean isNominal() {
    return distribution instanceof Choice(_, var ordered) && !ordered;
  }
}
