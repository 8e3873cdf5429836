package dev.assay.run.table;

import dev.assay.files.LargeFile;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Direction;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A recorded search: one row for each configuration that somebody ran, with its parameters, and
/// what came of it. `FILE.csv` or `FILE.csv.gz`, described by `FILE.json`; or a file of a kernel
/// tuner, see [KernelCache]. Immutable.
///
/// Where every parameter lists its values the table is a *grid* and a configuration is matched
/// exactly; a grid may have holes, configurations that nobody could run. Otherwise the table is a
/// *sample*: its own space is the list of its rows, each tried once. In another space a
/// configuration is matched to the nearest row: by Euclidean distance in the unit cube, ranges by
/// their logarithms where described so, 1 between different unordered options.
public final class ReplayTable {
  private final TableColumns columns;
  private final List<TableParameter> parameters;
  private final String metric;
  private final Direction direction;
  private final boolean isGrid;
  private final Map<Long, Integer> rowOfKey = new HashMap<>();

  /// d × n, the rows in the unit cube by parameter; empty for a grid.
  private final double[][] positions;

  ReplayTable(
      TableColumns columns, List<TableParameter> parameters, String metric, Direction direction) {
    this.columns = columns;
    this.parameters = List.copyOf(parameters);
    this.metric = metric;
    this.direction = direction;
    isGrid = parameters.stream().allMatch(TableParameter::isListed);
    if (isGrid) {
      positions = new double[0][];
      index();
    } else {
      positions = new double[parameters.size()][columns.rows()];
      locate();
    }
  }

  /// @throws Problem when the table or its description cannot be read, or they do not fit
  public static ReplayTable read(Path csv) {
    return LargeFile.read(
        csv, () -> KernelCache.isNamed(csv) ? KernelCache.read(csv) : TableDescription.read(csv));
  }

  private void index() {
    var keys = new long[rows()];
    for (var parameter : parameters) {
      var cells = columns.texts(parameter.column());
      var levels = new HashMap<String, Integer>(); // a column has few texts
      for (int row = 0; row < keys.length; row++) {
        var cell = cells.get(row);
        var level = levels.get(cell);
        if (level == null) {
          parameter.require(columns, row);
          level = parameter.level(cell);
          levels.put(cell, level);
        }
        keys[row] = keys[row] * parameter.size() + level;
      }
    }
    for (int row = 0; row < keys.length; row++) {
      if (rowOfKey.put(keys[row], row) != null) {
        throw new Problem(
            "A configuration stands twice in the table.",
            "row " + (row + 1) + " of " + columns.file(),
            "Keep one of them; repeats are columns, METRIC_seed0 and so on.");
      }
    }
  }

  private void locate() {
    for (int j = 0; j < parameters.size(); j++) {
      var parameter = parameters.get(j);
      var cells = columns.texts(parameter.column());
      for (int row = 0; row < rows(); row++) {
        parameter.require(columns, row);
        positions[j][row] = parameter.cellPosition(cells.get(row));
      }
    }
  }

  /// n.
  public int rows() {
    return columns.rows();
  }

  /// What the table records, in its own word: `val_loss`.
  public String metric() {
    return metric;
  }

  /// Which values of [#metric] are better.
  public Direction direction() {
    return direction;
  }

  /// Whether configurations are matched exactly.
  public boolean isGrid() {
    return isGrid;
  }

  private boolean hasHoles() {
    return isGrid && gridSize() > rows();
  }

  private long gridSize() {
    return parameters.stream()
        .mapToLong(parameter -> parameter.size())
        .reduce(1, Math::multiplyExact);
  }

  TableColumns columns() {
    return columns;
  }

  /// The space of the table's description; only what the table has where it is a sample, or a grid
  /// with holes.
  public SearchSpace space() {
    var builder = SearchSpace.builder();
    parameters.forEach(parameter -> builder.add(parameter.name(), parameter.distribution()));
    if (hasHoles()) {
      builder.where("the table has the configuration", this::contains);
    }
    if (!isGrid) {
      builder.listedElsewhere(
          "one of the " + rows() + " rows of the table",
          IntStream.range(0, rows()).mapToObj(this::codes).toList());
    }
    return builder.build();
  }

  private double[] codes(int row) {
    return parameters.stream()
        .mapToDouble(parameter -> parameter.code(columns.texts(parameter.column()).get(row)))
        .toArray();
  }

  private boolean contains(Configuration configuration) {
    return row(configuration) >= 0;
  }

  /// The row of a configuration, from 0; the nearest one where the table is a sample; -1 where it
  /// is a grid without it.
  public int row(Configuration configuration) {
    return isGrid ? exactRow(configuration) : nearestRow(configuration);
  }

  private int exactRow(Configuration configuration) {
    long key = 0;
    for (var parameter : parameters) {
      int level = parameter.level(configuration.get(parameter.name()));
      if (level < 0) {
        return -1;
      }
      key = key * parameter.size() + level;
    }
    return rowOfKey.getOrDefault(key, -1);
  }

  private int nearestRow(Configuration configuration) {
    var distances = new double[rows()]; // squared
    for (int j = 0; j < positions.length; j++) {
      var parameter = parameters.get(j);
      double point = parameter.position(configuration.get(parameter.name()));
      if (parameter.isNominal()) {
        addMismatches(distances, positions[j], point);
      } else {
        addSquares(distances, positions[j], point);
      }
    }
    int nearest = 0;
    for (int row = 1; row < distances.length; row++) {
      if (distances[row] < distances[nearest]) {
        nearest = row;
      }
    }
    return nearest;
  }

  private static void addSquares(double[] sums, double[] column, double point) {
    for (int row = 0; row < sums.length; row++) {
      double distance = point - column[row];
      sums[row] += distance * distance;
    }
  }

  private static void addMismatches(double[] sums, double[] column, double point) {
    for (int row = 0; row < sums.length; row++) {
      sums[row] += point == column[row] ? 0 : 1;
    }
  }

  /// The parameters of a row, as the table has them.
  Map<String, @Nullable Object> parameters(int row) {
    var values = new java.util.LinkedHashMap<String, @Nullable Object>();
    for (var parameter : parameters) {
      var cell = columns.texts(parameter.column()).get(row);
      double number = RecordedCell.number(cell);
      values.put(parameter.column(), Double.isFinite(number) ? (Object) number : cell);
    }
    return values;
  }

  /// The values of a grid's row, as the description lists them.
  Map<String, @Nullable Object> options(int row) {
    var values = new java.util.LinkedHashMap<String, @Nullable Object>();
    for (var parameter : parameters) {
      var level = parameter.level(columns.texts(parameter.column()).get(row));
      values.put(parameter.name(), parameter.distribution().value(level));
    }
    return values;
  }

  /// The columns that hold parameters.
  Set<String> parameterColumns() {
    return parameters.stream().map(TableParameter::column).collect(Collectors.toSet());
  }

  /// Refuses a space whose configurations the table cannot have, before the first trial.
  ///
  /// @throws Problem naming the parameter
  public void check(SearchSpace space) {
    var known = parameters.stream().map(TableParameter::name).toList();
    for (var searched : space.parameters()) {
      var name = searched.name();
      int index = known.indexOf(name);
      if (index < 0) {
        throw new Problem(
            "The table has no such parameter.",
            name + " (" + columns.file() + ")",
            Nearest.suggest(name, known));
      }
      if (!searched.condition().isAlways()) {
        throw new Problem("A parameter of a table is always there.", name, "Remove its condition.");
      }
      check(name, searched.distribution(), parameters.get(index));
    }
    for (var name : known) {
      if (space.parameters().stream().noneMatch(searched -> searched.name().equals(name))) {
        throw new Problem(
            "The space lacks a parameter of the table.",
            name + " (" + columns.file() + ")",
            "Add it (a choice of one value fixes it), or leave out space: for all the table.");
      }
    }
  }

  private static void check(String name, Distribution searched, TableParameter parameter) {
    if (!parameter.isListed()) {
      if (searched instanceof Choice(var options, _)
          && !options.stream().allMatch(Number.class::isInstance)) {
        throw new Problem(
            "The table has numbers there.", name + ": " + searched.describe(), "Search a range.");
      }
      return;
    }
    long count = searched.count().orElse(Long.MAX_VALUE);
    for (long i = 0; i < Math.min(count, 1000); i++) {
      var value = count == Long.MAX_VALUE ? null : searched.value(searched.nth(i));
      if (parameter.level(value) < 0) {
        throw new Problem(
            "The table has no such value.",
            name + (value == null ? ": " + searched.describe() : " = " + value),
            "It has " + parameter.distribution().describe() + ".");
      }
    }
  }
}
