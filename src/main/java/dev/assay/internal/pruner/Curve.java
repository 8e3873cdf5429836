package dev.assay.internal.pruner;

import dev.assay.trial.Direction;
import dev.assay.trial.Report;
import java.util.List;

/// Reads a trial's reports as losses; NaN stands for "not known".
final class Curve {
  private Curve() {}

  /// The loss that a report tells; +infinity where the value is not finite: training diverged.
  static double loss(Report report, Direction direction) {
    double value = report.values().getFirst();
    if (Double.isFinite(value)) {
      return direction.asLoss(value);
    }
    if (Double.isInfinite(value)) {
      return Double.POSITIVE_INFINITY;
    }
    boolean knowsSomething = report.values().stream().anyMatch(v -> !Double.isNaN(v));
    return knowsSomething ? Double.NaN : Double.POSITIVE_INFINITY;
  }

  /// The loss of the last report at or before a step.
  static double at(long step, List<Report> reports, Direction direction) {
    for (int i = firstFrom(step + 1, reports) - 1; i >= 0; i--) {
      double loss = loss(reports.get(i), direction);
      if (!Double.isNaN(loss)) {
        return loss;
      }
    }
    return Double.NaN;
  }

  /// The same where it is finite; NaN elsewhere.
  static double finiteAt(long step, List<Report> reports, Direction direction) {
    double loss = at(step, reports, direction);
    return Double.isFinite(loss) ? loss : Double.NaN;
  }

  /// The loss of the first report at or after a step.
  static double from(long step, List<Report> reports, Direction direction) {
    for (int i = firstFrom(step, reports); i < reports.size(); i++) {
      double loss = loss(reports.get(i), direction);
      if (!Double.isNaN(loss)) {
        return loss;
      }
    }
    return Double.NaN;
  }

  /// The same where it is finite; NaN elsewhere.
  static double finiteFrom(long step, List<Report> reports, Direction direction) {
    double loss = from(step, reports, direction);
    return Double.isFinite(loss) ? loss : Double.NaN;
  }

  /// The smallest loss.
  static double best(List<Report> reports, Direction direction) {
    double best = Double.NaN;
    for (var report : reports) {
      double loss = loss(report, direction);
      if (!(loss >= best) && !Double.isNaN(loss)) {
        best = loss;
      }
    }
    return best;
  }

  /// The step of the last report, or a number below all steps.
  static long lastStep(List<Report> reports) {
    return reports.isEmpty() ? Long.MIN_VALUE : reports.getLast().step();
  }

  /// The index of the first report at or after a step.
  private static int firstFrom(long step, List<Report> reports) {
    int low = 0;
    int high = reports.size();
    while (low < high) {
      int middle = low + high >>> 1;
      if (reports.get(middle).step() < step) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
