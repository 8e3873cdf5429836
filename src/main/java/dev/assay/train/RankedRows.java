package dev.assay.train;

import java.util.Arrays;

/// Rows ordered by the probability of one class.
final class RankedRows {
  private RankedRows() {}

  /// As [Metric#ROC_AUC].
  static double areaUnderCurve(int[] truth, float[] probabilities, int classes) {
    double sum = 0;
    int counted = 0;
    for (int c = classes == 2 ? 1 : 0; c < classes; c++) {
      double area = areaUnderCurve(truth, probabilities, classes, c);
      if (!Double.isNaN(area)) {
        sum += area;
        counted++;
      }
    }
    return counted == 0 ? Double.NaN : sum / counted;
  }

  /// The Mann-Whitney statistic over its largest value (Hanley and McNeil 1982).
  private static double areaUnderCurve(int[] truth, float[] probabilities, int classes, int c) {
    int n = truth.length;
    // Probability and membership in one sortable number: probabilities are not negative, so their
    // bits are in their order.
    var keys = new long[n];
    long members = 0;
    for (int i = 0; i < n; i++) {
      int member = truth[i] == c ? 1 : 0;
      members += member;
      float probability = Math.max(0f, probabilities[i * classes + c]);
      keys[i] = (long) Float.floatToIntBits(probability) << 1 | member;
    }
    if (members == 0 || members == n) {
      return Double.NaN;
    }
    Arrays.sort(keys);
    double ranks = 0;
    for (int from = 0, to; from < n; from = to) {
      int membersHere = 0;
      for (to = from; to < n && keys[to] >> 1 == keys[from] >> 1; to++) {
        membersHere += (int) (keys[to] & 1);
      }
      ranks += membersHere * ((from + 1 + to) / 2.0);
    }
    return (ranks - members * (members + 1) / 2.0) / ((double) members * (n - members));
  }
}
