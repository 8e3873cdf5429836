package dev.assay.run;

import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
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
/// @param levels the grid's values and their indices; empty where the table is no grid
record TableParameter(
    String column, String name, Distribution distribution, Map<Object, Integer> levels) {
  private static final String MIRRORED = "one_minus_";

  /// A column of listed values.
  static TableParameter listed(String column, List<?> values, boolean ordered) {
    var levels = new LinkedHashMap<Object, Integer>();
    values.forEach(value -> levels.putIfAbsent(key(value), levels.size()));
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

  /// What two equal values have in common: a Double, or a text.
  static Object key(@Nullable Object value) {
    return value instanceof Number number
        ? (Object) (number.doubleValue() + 0.0)
        : String.valueOf(value);
  }

  /// The key of a cell's text.
  static Object cellKey(String cell) {
    double number = number(cell);
    return Double.isNaN(number) ? cell : (Object) (number + 0.0);
  }

  /// The number in a cell; NaN where there is none.
  static double number(String cell) {
    if (cell.isEmpty() || Character.isLetter(cell.charAt(cell.length() - 1))) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(cell);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /// The level of a value of the search space; -1 where the table has none such.
  int level(@Nullable Object value) {
    return levels.getOrDefault(key(value), -1);
  }

  /// Where a value of the search space stands between the column's smallest and largest.
  ///
  /// @throws Problem when it is no number though the column holds numbers
  double position(@Nullable Object value) {
    if (isListed()) {
      return level(value) / Math.max(1.0, levels.size() - 1);
    }
    if (value instanceof Number number) {
      return position(number.doubleValue());
    }
    throw new Problem(
        "The table has a number there.", name + " = " + value, "Search a range of numbers.");
  }

  /// The same for the text of a cell.
  double cellPosition(String cell) {
    if (isListed()) {
      return levels.getOrDefault(cellKey(cell), -1) / Math.max(1.0, levels.size() - 1);
    }
    double x = number(cell);
    return position(mirrored() ? 1 - x : x);
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
    return Double.isNaN(part) ? 0 : Math.clamp(part, 0, 1);
  }

  /// Whether its values are options without an order.
  boolean isNominal() {
    return distribution instanceof Choice(_, var ordered) && !ordered;
  }
}
