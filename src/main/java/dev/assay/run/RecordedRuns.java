package dev.assay.run;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import dev.assay.study.Cause;
import dev.assay.study.Objective;
import dev.assay.study.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
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

  /// One objective's columns.
  ///
  /// @param curve by point; empty where there is none
  /// @param ends one column, or the repeats; empty where there is a curve
  private record Metric(List<double[]> curve, List<double[]> ends) {
    int points(int row) {
      int points = 0;
      while (points < curve.size() && Double.isFinite(curve.get(points)[row])) {
        points++;
      }
      return points;
    }
  }

  RecordedRuns(ReplayTable table, List<Objective> objectives) {
    this.table = table;
    metrics = objectives.stream().map(this::metric).toList();
    steps = table.columns().family("step_");
    seconds = table.columns().family("time_s_");
    points = IntStream.range(0, table.rows()).map(metrics.getFirst()::points).toArray();
    firstStep = table.columns().has(table.metric() + "_0") ? 0 : 1;
    usualCost = hasCurve() && !seconds.isEmpty() ? median(seconds.getFirst()) : 1;
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
    var curve = columns.family(name + "_");
    var repeats = columns.family(name + "_seed");
    if (!curve.isEmpty()) {
      return new Metric(curve, List.of());
    }
    if (!repeats.isEmpty()) {
      return new Metric(List.of(), repeats);
    }
    if (columns.has(name)) {
      return new Metric(List.of(), List.of(columns.numbers(name)));
    }
    throw new Problem(
        "The table has no such metric.", name + " (" + columns.file() + ")", suggestion(name));
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
    double value = columns.has(column) ? TableParameter.number(columns.texts(column).get(row)) : 0;
    return Double.isFinite(value) ? value : 0;
  }

  /// The values of the objectives at a point; NaN for those without a curve.
  double[] values(int row, int point) {
    var values = new double[metrics.size()];
    for (int i = 0; i < values.length; i++) {
      var curve = metrics.get(i).curve();
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
      var metric = metrics.get(i);
      int points = metric.points(row);
      values[i] =
          points > 0 ? metric.curve().get(points - 1)[row] : end(metric.ends(), row, repeats, seed);
      if (!Double.isFinite(values[i])) {
        return Outcome.failed(Cause.NO_VALUE, "row " + row + " of the table is blank there");
      }
    }
    return Outcome.complete(values);
  }

  private static double end(List<double[]> ends, int row, Repeats repeats, long seed) {
    var there = ends.stream().mapToDouble(column -> column[row]).filter(Double::isFinite).toArray();
    if (there.length == 0) {
      return Double.NaN;
    }
    return repeats == Repeats.DRAW
        ? there[(int) Long.remainderUnsigned(seed, there.length)]
        : Arrays.stream(there).sum() / there.length;
  }

  private @Nullable Outcome failure(int row) {
    if (!table.columns().has("status")) {
      return null;
    }
    return switch (table.columns().texts("status").get(row)) {
      case "", "ok" -> null;
      case "diverged" -> Outcome.failed(Cause.DIVERGED, "recorded as diverged");
      case "timeout" -> Outcome.failed(Cause.TIMEOUT, "recorded as timed out");
      case String status -> Outcome.failed(Cause.ERROR, "recorded as " + status.replace('_', ' '));
    };
  }
}
