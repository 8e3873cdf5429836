package dev.assay.internal.sampler.curves;

import java.util.Arrays;
import org.apache.commons.math3.special.Erf;

/// The half-rank warp, larger being better (Song et al. 2024, "The Vizier Gaussian process bandit
/// algorithm", section 4.1), as a function that stays: values above the median are standardised by
/// their own spread, those below become normal quantiles of their ranks, linear between; whatever
/// is below all stands with the lowest.
final class CurveWarp {
  /// What values are divided by before all: their squares stay finite.
  private final double unit;

  private final double median;
  private final double spread;

  /// Different values below the median, ascending, and what becomes of them.
  private final double[] low;

  private final double[] quantiles;
  private final int ends;

  CurveWarp(double[] values) {
    double most = 0;
    for (double value : values) {
      most = Math.max(most, Math.abs(value));
    }
    unit = most > 0 ? most : 1;
    int n = values.length;
    var sorted = new double[n];
    for (int i = 0; i < n; i++) {
      sorted[i] = values[i] / unit;
    }
    Arrays.sort(sorted);
    median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    spread = spread(sorted);
    low = new double[n];
    quantiles = new double[n];
    int count = 0;
    for (int i = 0; i < n && sorted[i] <= median; i++) {
      double quantile = Math.sqrt(2) * Erf.erfInv(2 * (i + 0.5) / n - 1);
      if (count > 0 && low[count - 1] == sorted[i]) {
        quantiles[count - 1] = quantile; // the best rank of equal ones
      } else {
        low[count] = sorted[i];
        quantiles[count++] = quantile;
      }
    }
    ends = count;
  }

  private double spread(double[] sorted) {
    double squares = 0;
    int above = 0;
    for (double value : sorted) {
      if (value >= median) {
        squares += (value - median) * (value - median);
        above++;
      }
    }
    double root = Math.sqrt(squares / Math.max(1, above));
    if (root > 1e-12) {
      return root;
    }
    double range = sorted[sorted.length - 1] - sorted[0];
    return range > 1e-12 ? range : 1;
  }

  double of(double value) {
    double scaled = value / unit;
    if (scaled >= median || ends == 0) {
      return (scaled - median) / spread;
    }
    int place = Arrays.binarySearch(low, 0, ends, scaled);
    if (place >= 0) {
      return Math.min(0, quantiles[place]);
    }
    int above = -place - 1;
    if (above == 0) {
      return Math.min(0, quantiles[0]);
    }
    if (above == ends) {
      return Math.min(0, quantiles[ends - 1]);
    }
    double share = (scaled - low[above - 1]) / (low[above] - low[above - 1]);
    return Math.min(0, quantiles[above - 1] + share * (quantiles[above] - quantiles[above - 1]));
  }

  double[] of(double[] values) {
    return Arrays.stream(values).map(this::of).toArray();
  }
}
