package dev.assay.run.table;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the rows of a table recorded of a study's objectives: curves, ends, costs. Immutable.
///
/// A metric m is a column `m`; or columns `m_0` or `m_1`, `m_2`, ..., a *curve*; or columns
/// `m_seed0`, `m_seed1`, ..., *repeats*. Points of curves are at the steps of the columns `step_k`,
/// or k itself. Costs are cumulative seconds `time_s_k`; without them a unit for each step or,
/// where there is no curve, for each trial. Kernel timings cost what compiling and measuring cost.
final class RecordedRuns {
  /// Which of several repeats is a trial's value.
  enum Repeats {
    MEAN,
    DRAW
  }

  private final ReplayTable table;
  private final List<Metric> metrics;
  private final List<double[]> steps;
  private final List<double[]> seconds;

  /// The points of each row's curve.
  private final int[] points;

  /// The step of a curve's first point, where steps are not recorded.
  private final long firstStep;

  /// The cost of a run that has no recorded one.
  private final double usualCost;

  /// Columns of one kind: their names and their numbers.
  private record Columns(List<String> names, List<double[]> numbers) {
    static Columns of(TableColumns table, List<String> names) {
      return new Columns(names, names.stream().map(table::numbers).toList());
    }

    boolean isEmpty() {
      return names.isEmpty();
    }

    int size() {
      return names.size();
    }
  }

  /// One objective's columns.
  ///
  /// @param curve by point; empty where there is none
  /// @param ends one column, or the repeats; empty where there is a curve
  private record Metric(Columns curve, Columns ends) {
    int points(int row) {
      int points = 0;
      while (points < curve.size() && Double.isFinite(curve.numbers().get(points)[row])) {
        points++;
      }
      return points;
    }
  }

  RecordedRuns(ReplayTable table, List<Objective> objectives) {
    this.table = table;
    metrics = objectives.stream().map(this::metric).toList();
    steps = family("step_").numbers();
    seconds = family("time_s_").numbers();
    points = IntStream.range(0, table.rows()).map(metrics.getFirst()::points).toArray();
    firstStep = table.columns().has(table.metric() + "_0") ? 0 : 1;
    usualCost = hasCurve() && !seconds.isEmpty() ? median(seconds.getFirst()) : 1;
    checkCurves();
  }

  private Columns family(String prefix) {
    var names = table.columns().family(prefix, table.parameterColumns());
    requireReadable(names);
    return Columns.of(table.columns(), names);
  }

  private void requireReadable(List<String> names) {
    for (var name : names) {
      for (int row = 0; row < table.rows(); row++) {
        RecordedCell.require(table.columns(), name, row);
      }
    }
  }

  /// Steps and costs must be there for every point, and points without gaps.
  private void checkCurves() {
    var curve = metrics.getFirst().curve();
    for (int row = 0; row < points.length; row++) {
      int end = points[row];
      if (end > 0) {
        requirePoint(steps, "step_", row, end);
        requirePoint(seconds, "time_s_", row, end);
      }
      for (int k = end; k < curve.size(); k++) {
        var cell = table.columns().texts(curve.names().get(k)).get(row);
        if (Double.isFinite(RecordedCell.number(cell)) && isBlank(curve.names().get(end), row)) {
          throw new Problem(
              "A curve has a gap.",
              curve.names().get(end)
                  + " is blank and "
                  + curve.names().get(k)
                  + " is "
                  + cell
                  + ", row "
                  + (row + 1)
                  + " of "
                  + table.columns().file(),
              "Fill the gap, or move the points behind it; columns step_1, step_2, ... say at which"
                  + " steps they are.");
        }
      }
    }
  }

  private boolean isBlank(String column, int row) {
    return RecordedCell.isBlank(table.columns().texts(column).get(row));
  }

  private void requirePoint(List<double[]> family, String prefix, int row, int end) {
    for (int k = 0; k < end && !family.isEmpty(); k++) {
      if (k >= family.size() || !Double.isFinite(family.get(k)[row])) {
        throw new Problem(
            "A point of a curve lacks its " + prefix.substring(0, prefix.length() - 1) + ".",
            "point " + (k + 1) + " of row " + (row + 1) + " of " + table.columns().file(),
            "Fill in the columns " + prefix + "..., or remove all of them.");
      }
    }
  }

  private Metric metric(Objective objective) {
    var name = objective.metric();
    var columns = table.columns();
    if (name.equals(table.metric()) && objective.direction() != table.direction()) {
      throw new Problem(
          "The direction makes the metric worse.",
          name + " (" + columns.file() + ")",
          "Its description says "
              + table.direction().name().toLowerCase(java.util.Locale.ROOT)
              + ".");
    }
    var curve = family(name + "_");
    var repeats = family(name + "_seed");
    var single = columns.has(name) ? List.of(name) : List.<String>of();
    var kinds =
        Stream.of(single, curve.names(), repeats.names()).filter(kind -> !kind.isEmpty()).toList();
    if (kinds.isEmpty()) {
      throw new Problem(
          "The table has no such metric.", name + " (" + columns.file() + ")", suggestion(name));
    }
    if (kinds.size() > 1) {
      throw new Problem(
          "Several columns could be the metric.",
          kinds.stream().map(List::getFirst).collect(Collectors.joining(" and "))
              + " for "
              + name
              + " ("
              + columns.file()
              + ")",
          "Rename those that are not meant: NAME_1, NAME_2, ... are a curve, NAME_seed0, ..."
              + " repeats.");
    }
    requireReadable(single);
    return new Metric(curve, repeats.isEmpty() ? Columns.of(columns, single) : repeats);
  }

  private String suggestion(String name) {
    var known = new TreeSet<String>();
    known.add(table.metric());
    table
        .columns()
        .cells()
        .keySet()
        .forEach(column -> known.add(column.replaceFirst("_(seed)?[0-9]+$", "")));
    return "It records " + table.metric() + ". " + Nearest.suggest(name, known);
  }

  private static double median(double[] values) {
    var sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    return sorted.length == 0 ? 1 : sorted[sorted.length / 2];
  }

  boolean hasCurve() {
    return !metrics.getFirst().curve().isEmpty();
  }

  /// What costs are counted in.
  String unit() {
    if (hasCurve()) {
      return !seconds.isEmpty() ? "seconds" : "steps";
    }
    return table.columns().has("benchmark_time_ms") ? "seconds" : "trials";
  }

  /// The points that a row's curve has.
  int points(int row) {
    return points[row];
  }

  /// The step of a point.
  long step(int row, int point) {
    if (!steps.isEmpty()) {
      return (long) steps.get(point)[row];
    }
    return point + firstStep;
  }

  /// What it costs to come to a point from the start.
  double cost(int row, int point) {
    if (!seconds.isEmpty()) {
      return seconds.get(point)[row];
    }
    return steps.isEmpty() ? point + 1.0 : steps.get(point)[row];
  }

  /// How many points of a row's curve lie at a step or before.
  int pointsUpTo(int row, long step) {
    int count = 0;
    while (count < points(row) && step(row, count) <= step) {
      count++;
    }
    return count;
  }

  /// The last step that any row's curve has; 0 without curves.
  long lastStep() {
    long last = 0;
    for (int row = 0; row < points.length; row++) {
      last = points[row] == 0 ? last : Math.max(last, step(row, points[row] - 1));
    }
    return last;
  }

  /// What a whole run costs.
  double cost(int row) {
    int points = points(row);
    if (points > 0) {
      return cost(row, points - 1);
    }
    var columns = table.columns();
    if (!hasCurve() && columns.has("benchmark_time_ms")) {
      return (cell("benchmark_time_ms", row) + cell("compile_time", row)) * 1e-3;
    }
    return usualCost;
  }

  private double cell(String column, int row) {
    var columns = table.columns();
    double value = columns.has(column) ? RecordedCell.number(columns.texts(column).get(row)) : 0;
    return Double.isFinite(value) ? value : 0;
  }

  /// The values of the objectives at a point; NaN for those without a curve.
  double[] values(int row, int point) {
    var values = new double[metrics.size()];
    for (int i = 0; i < values.length; i++) {
      var curve = metrics.get(i).curve().numbers();
      values[i] = point < curve.size() ? curve.get(point)[row] : Double.NaN;
    }
    return values;
  }

  /// How a row's run ended.
  ///
  /// @param seed decides between repeats, where one is drawn
  Outcome outcome(int row, Repeats repeats, long seed) {
    var failure = failure(row);
    if (failure != null) {
      return failure;
    }
    var values = new double[metrics.size()];
    for (int i = 0; i < values.length; i++) {
      var cells = ends(metrics.get(i), row, repeats, seed);
      for (var cell : cells) {
        if (!Double.isFinite(RecordedCell.number(cell))) {
          return RecordedCell.failure(cell, row);
        }
      }
      values[i] = cells.stream().mapToDouble(RecordedCell::number).sum() / cells.size();
    }
    return Outcome.complete(values);
  }

  /// The cells whose mean a row's value is: of a curve the last one that is not blank, of repeats
  /// those that are not; a blank one where there are none.
  private List<String> ends(Metric metric, int row, Repeats repeats, long seed) {
    var columns = metric.curve().isEmpty() ? metric.ends() : metric.curve();
    var there =
        columns.names().stream()
            .map(name -> table.columns().texts(name).get(row))
            .filter(cell -> !RecordedCell.isBlank(cell))
            .toList();
    if (there.isEmpty()) {
      return List.of("");
    }
    if (!metric.curve().isEmpty()) {
      int end = metric.points(row);
      // What is not finite ends a curve, whatever is written behind it.
      return List.of(there.get(Math.min(end, there.size() - 1)));
    }
    return repeats == Repeats.DRAW
        ? List.of(there.get((int) Long.remainderUnsigned(seed, there.size())))
        : there;
  }

  private @Nullable Outcome failure(int row) {
    return table.columns().has("status")
        ? RecordedCell.status(table.columns().texts("status").get(row))
        : null;
  }
}
