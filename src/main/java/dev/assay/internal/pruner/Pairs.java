package dev.assay.internal.pruner;

import dev.assay.trial.Direction;
import dev.assay.trial.Report;
import java.util.Arrays;
import java.util.List;

/// Compares two trials step by step.
final class Pairs {
  private Pairs() {}

  /// How much larger the first one's losses are, on the steps where both are finite.
  static double[] lost(List<Report> reports, List<Report> best, Direction direction) {
    var differences = new double[Math.min(reports.size(), best.size())];
    int count = 0;
    for (int i = 0, k = 0; i < reports.size() && k < best.size(); ) {
      int order = Long.compare(reports.get(i).step(), best.get(k).step());
      if (order == 0) {
        double a = Curve.loss(reports.get(i), direction);
        double b = Curve.loss(best.get(k), direction);
        if (Double.isFinite(a) && Double.isFinite(b)) {
          differences[count++] = a - b;
        }
      }
      i += order <= 0 ? 1 : 0;
      k += order >= 0 ? 1 : 0;
    }
    return Arrays.copyOf(differences, count);
  }

  static double mean(double[] lost) {
    return Arrays.stream(lost).sum() / lost.length;
  }
}
