package dev.assay.internal.surrogate;

import java.util.Arrays;

/// Outputs that take few values, as an accuracy on some hundred rows does: what they are rounded to
/// counts as noise.
final class Steps {
  /// Outputs are stepped where at most this share of them are different.
  private static final double DISTINCT = 0.7;

  /// Outputs closer than this share of their range are the same.
  private static final double SAME = 1e-9;

  private Steps() {}

  /// The variance of what rounding to the outputs' least step adds, relative to their own: step² /
  /// 12.
  ///
  /// @return 0 where outputs are not stepped
  static double noise(double[] outputs) {
    int n = outputs.length;
    var sorted = outputs.clone();
    Arrays.sort(sorted);
    double half = sorted[n - 1] / 2 - sorted[0] / 2; // in halves: differences may overflow
    if (!(half > 0)) {
      return 0;
    }
    int distinct = 1;
    double least = 1;
    for (int i = 1; i < n; i++) {
      double gap = (sorted[i] / 2 - sorted[i - 1] / 2) / half;
      if (gap > SAME) {
        distinct++;
        least = Math.min(least, gap);
      }
    }
    return distinct > DISTINCT * n ? 0 : least * least / 12 / variance(sorted, half);
  }

  /// Of outputs scaled to a range of 1.
  private static double variance(double[] sorted, double half) {
    double low = sorted[0];
    var scaled = Arrays.stream(sorted).map(y -> (y / 2 - low / 2) / half).toArray();
    double mean = Arrays.stream(scaled).average().orElse(0);
    return Arrays.stream(scaled).map(v -> (v - mean) * (v - mean)).average().orElse(1);
  }
}
