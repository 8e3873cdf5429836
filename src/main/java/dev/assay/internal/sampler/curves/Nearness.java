package dev.assay.internal.sampler.curves;

import java.util.Arrays;
import java.util.List;

/// k_x between curves. A curve has many cells and one configuration, so it is found once for each
/// pair of curves and not for each pair of cells.
final class Nearness {
  private final CurveKernel kernel;
  private final List<double[]> points;

  /// By pair of curves, NaN where nobody asked.
  private final double[] known;

  /// @param points by curve
  Nearness(CurveKernel kernel, List<double[]> points) {
    this.kernel = kernel;
    this.points = points;
    known = new double[points.size() * points.size()];
    Arrays.fill(known, Double.NaN);
  }

  /// Of two curves.
  double of(int curve, int other) {
    int pair = curve * points.size() + other;
    double near = known[pair];
    if (Double.isNaN(near)) {
      near = between(points.get(curve), points.get(other));
      known[pair] = near;
    }
    return near;
  }

  /// Of every curve to a point.
  double[] to(double[] point) {
    return points.stream().mapToDouble(own -> between(own, point)).toArray();
  }

  private double between(double[] x, double[] y) {
    return CurveKernel.matern(kernel.distance(x, y));
  }
}
