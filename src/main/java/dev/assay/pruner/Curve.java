package dev.assay.pruner;

import dev.assay.study.Direction;
import dev.assay.study.Report;
import java.util.List;

/// Reads a trial's reports as losses; NaN stands for "not known".
final class Curve {
  private Curve() {}

  /// The loss that a report tells.
  static double loss(Report report, Direction direction) {
    double value = report.values().getFirst();
    if (!Double.isNaN(value)) {
      return direction.asLoss(value);
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
