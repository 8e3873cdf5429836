package dev.assay.bench.curves;

import dev.assay.run.table.ReplayTable;
import dev.assay.run.table.TableRunner;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Searches on one table of recorded curves, and how far each is from its best at every moment.
///
/// A *run* is what training a row to its end costs on average: recorded seconds, or steps where the
/// table has none. The *regret* at a time is (incumbent − best) / (median end − best), within
/// [1e-3, 1], where the incumbent is the best value that any trial reported by then, on the
/// simulated clock, and best and median are the table's own; 1 before anything is known. So
/// whatever stops, pauses or finishes trials is judged by what it has seen, when it has seen it.
final class CurveRace {
  private static final double FLOOR = 1e-3;

  private final ReplayTable table;
  private final Objective objective;
  private final TableRunner runner;
  private final double best;
  private final double median;

  CurveRace(Path csv) {
    table = ReplayTable.read(csv);
    objective = new Objective(table.metric(), table.direction());
    runner = new TableRunner(csv.toString(), table, List.of(objective), "mean");
    double least = Double.POSITIVE_INFINITY;
    var ends = new ArrayList<Double>();
    for (int row = 0; row < runner.rows(); row++) {
      var curve = runner.curve(row);
      for (double value : curve) {
        least = Math.min(least, loss(value));
      }
      if (curve.length > 0) {
        ends.add(loss(curve[curve.length - 1]));
      }
    }
    best = least;
    ends.sort(Comparator.naturalOrder());
    median = ends.get(ends.size() / 2);
  }

  private double loss(double value) {
    return objective.direction() == Direction.MAXIMIZE ? -value : value;
  }

  /// A value that was known from a moment on.
  private record Seen(double time, double loss) {}

  /// The regret of one search over time.
  ///
  /// @param times when it fell, in runs, ascending
  /// @param regrets to what
  /// @param runs how long it searched
  /// @param trials how many trials it began
  /// @param decisionSeconds what a proposal took on average, in seconds of this world
  record Course(double[] times, double[] regrets, double runs, int trials, double decisionSeconds) {
    /// The regret after so many runs.
    double at(double time) {
      double regret = 1;
      for (int i = 0; i < times.length && times[i] <= time; i++) {
        regret = regrets[i];
      }
      return regret;
    }

    /// The mean regret from the start to the end.
    double area() {
      double sum = 0;
      double before = 0;
      double regret = 1;
      for (int i = 0; i < times.length && times[i] < runs; i++) {
        sum += regret * (times[i] - before);
        before = times[i];
        regret = regrets[i];
      }
      return (sum + regret * (runs - before)) / runs;
    }

    /// When the regret was first as low as that; infinite where it never was.
    double when(double regret) {
      for (int i = 0; i < times.length; i++) {
        if (times[i] <= runs && regrets[i] <= regret) {
          return times[i];
        }
      }
      return Double.POSITIVE_INFINITY;
    }
  }

  /// Searches for as long as so many runs take.
  Course search(Rival rival, long seed, double runs, int workers) {
    double unit = runner.meanCost();
    long steps = runner.lastStep();
    try (var study =
        Study.over(table.space())
            .objective(objective)
            .sampler(rival.sampler().apply(table.space(), steps))
            .pruner(rival.pruner().apply(steps))
            .seed(seed)
            .open()) {
      long start = System.nanoTime();
      runner.run(
          study, Budget.UNLIMITED.within(Duration.ofNanos((long) (runs * unit * 1e9))), workers);
      double seconds = (System.nanoTime() - start) * 1e-9;
      return course(study.trials(), unit, runs, seconds);
    }
  }

  private Course course(List<TrialRecord> trials, double unit, double runs, double seconds) {
    var seen = new ArrayList<Seen>();
    for (var trial : trials) {
      if (!(trial.attributes().get("row") instanceof Number row)) {
        continue;
      }
      var segment = dev.assay.trial.Segment.of(trial);
      double paid = segment == null ? 0 : runner.cost(row.intValue(), segment.from());
      double start = start(trial);
      for (var report : trial.reports()) {
        double spent = runner.cost(row.intValue(), report.step()) - paid;
        seen.add(new Seen((start + spent) / unit, loss(report.values().getFirst())));
      }
    }
    seen.sort(Comparator.comparingDouble(Seen::time));
    var times = new ArrayList<Double>();
    var regrets = new ArrayList<Double>();
    double least = Double.POSITIVE_INFINITY;
    for (var value : seen) {
      if (value.loss < least) {
        least = value.loss;
        times.add(value.time);
        regrets.add(Math.clamp((least - best) / (median - best), FLOOR, 1));
      }
    }
    return new Course(
        array(times), array(regrets), runs, trials.size(), seconds / Math.max(1, trials.size()));
  }

  private static double[] array(List<Double> list) {
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double start(TrialRecord trial) {
    return trial.attributes().get(TableRunner.TIMELINE) instanceof Map<?, ?> timeline
            && timeline.get("start") instanceof Number start
        ? start.doubleValue()
        : 0;
  }

  /// The middle of some numbers.
  static double median(double... values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }
}
