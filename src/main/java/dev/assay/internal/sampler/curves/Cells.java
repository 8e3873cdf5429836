package dev.assay.internal.sampler.curves;

import java.util.Arrays;

/// Values of curves at steps. Grows.
final class Cells {
  private int n;
  private int[] curves = new int[64];
  private double[] shares = new double[64];
  private double[] values = new double[64];

  void add(int curve, double share, double value) {
    if (n == curves.length) {
      curves = Arrays.copyOf(curves, 2 * n);
      shares = Arrays.copyOf(shares, 2 * n);
      values = Arrays.copyOf(values, 2 * n);
    }
    curves[n] = curve;
    shares[n] = share;
    values[n++] = value;
  }

  int size() {
    return n;
  }

  /// Which curve the i-th is of.
  int curve(int i) {
    return curves[i];
  }

  /// u.
  double share(int i) {
    return shares[i];
  }

  /// Larger is better.
  double value(int i) {
    return values[i];
  }

  /// The first values.
  double[] values(int count) {
    return Arrays.copyOf(values, count);
  }

  /// The largest of the first values; -∞ where there are none.
  double best(int count) {
    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      best = Math.max(best, values[i]);
    }
    return best;
  }

  /// The lowest of all; NaN where there are none.
  double worst() {
    double worst = n == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      worst = Math.min(worst, values[i]);
    }
    return worst;
  }

  /// Those of some places, in their order.
  Cells at(int[] places) {
    var some = new Cells();
    for (int i : places) {
      some.add(curves[i], shares[i], values[i]);
    }
    return some;
  }
}
