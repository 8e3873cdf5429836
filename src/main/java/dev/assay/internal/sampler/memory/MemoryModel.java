package dev.assay.internal.sampler.memory;

import dev.assay.internal.linalg.Cholesky;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How probable it is that memory runs out: a Gaussian process classifier by Laplace's
/// approximation (Rasmussen and Williams 2006, Algorithms 3.1 and 3.2). The latent function is a
/// plane through the features, with a smooth deviation: k(x, x') = c² + w² x·x' + r² exp(-|x - x'|²
/// / 2 l²). How steep the plane is and how large the deviation, the evidence chooses among a few.
///
/// x: n points. y: 1 where memory ran out, else 0. f: the latent function's mode at them. π = σ(f).
/// W = π (1 - π). B = I + √W K √W.
final class MemoryModel {
  private static final int ITERATIONS = 40;
  private static final double CONVERGED = 1e-6;
  private static final double CONSTANT = 25;
  private static final double LENGTH = 0.7;
  private static final double[] SLOPES = {6, 20};
  private static final double[] DEVIATIONS = {1, 4};

  private final double[][] x;
  private final double slope2;
  private final double deviation2;

  /// y - π, the gradient of the log likelihood at the mode.
  private final double[] gradient;

  private final double[] rootW;
  private final Cholesky.Factor b;
  private final double evidence;

  private MemoryModel(
      double[][] x,
      double slope2,
      double deviation2,
      double[] gradient,
      double[] rootW,
      Cholesky.Factor b,
      double evidence) {
    this.x = x;
    this.slope2 = slope2;
    this.deviation2 = deviation2;
    this.gradient = gradient;
    this.rootW = rootW;
    this.b = b;
    this.evidence = evidence;
  }

  /// @param points n of them
  /// @param ranOut of each, whether memory ran out
  /// @return null where no factor was found
  static @Nullable MemoryModel of(List<double[]> points, List<Boolean> ranOut) {
    var x = points.toArray(double[][]::new);
    var y = ranOut.stream().mapToDouble(is -> is ? 1 : 0).toArray();
    MemoryModel best = null;
    for (double slope : SLOPES) {
      for (double deviation : DEVIATIONS) {
        var model = of(x, y, slope * slope, deviation * deviation);
        if (model != null && (best == null || model.evidence > best.evidence)) {
          best = model;
        }
      }
    }
    return best;
  }

  private static @Nullable MemoryModel of(
      double[][] x, double[] y, double slope2, double deviation2) {
    int n = x.length;
    var k = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        k[i * n + j] = covariance(x[i], x[j], slope2, deviation2);
      }
    }
    var f = new double[n];
    var a = new double[n];
    double before = Double.NEGATIVE_INFINITY;
    for (int iteration = 0; ; iteration++) {
      var rootW = new double[n];
      var gradient = new double[n];
      for (int i = 0; i < n; i++) {
        double chance = 1 / (1 + Math.exp(-f[i]));
        rootW[i] = Math.sqrt(Math.max(chance * (1 - chance), 1e-12));
        gradient[i] = y[i] - chance;
      }
      var matrix = new double[n * n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          matrix[i * n + j] = rootW[i] * k[i * n + j] * rootW[j] + (i == j ? 1 : 0);
        }
      }
      if (!(Cholesky.of(matrix, n) instanceof Cholesky.Factor b)) {
        return null;
      }
      double density = logDensity(y, a, f);
      if (iteration == ITERATIONS || density - before < CONVERGED) {
        return new MemoryModel(
            x, slope2, deviation2, gradient, rootW, b, density - b.logDeterminant() / 2);
      }
      before = density;
      var right = new double[n];
      for (int i = 0; i < n; i++) {
        right[i] = rootW[i] * rootW[i] * f[i] + gradient[i];
      }
      var scaled = times(k, right);
      for (int i = 0; i < n; i++) {
        scaled[i] *= rootW[i];
      }
      var solved = b.solve(scaled);
      for (int i = 0; i < n; i++) {
        a[i] = right[i] - rootW[i] * solved[i];
      }
      f = times(k, a);
    }
  }

  private static double covariance(double[] p, double[] q, double slope2, double deviation2) {
    double product = 0;
    double distance2 = 0;
    for (int i = 0; i < p.length; i++) {
      product += p[i] * q[i];
      distance2 += (p[i] - q[i]) * (p[i] - q[i]);
    }
    return CONSTANT + slope2 * product + deviation2 * Math.exp(-distance2 / (2 * LENGTH * LENGTH));
  }

  /// -½ aᵀ f + log p(y | f).
  private static double logDensity(double[] y, double[] a, double[] f) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      double signed = y[i] > 0 ? f[i] : -f[i];
      sum -= a[i] * f[i] / 2 + Math.log1p(Math.exp(-Math.abs(signed))) - Math.min(signed, 0);
    }
    return sum;
  }

  private static double[] times(double[] k, double[] v) {
    int n = v.length;
    var product = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        product[i] += k[i * n + j] * v[j];
      }
    }
    return product;
  }

  /// The probability that memory runs out, averaged over what the latent function may be (MacKay
  /// 1992, "The evidence framework applied to classification networks").
  double chance(double[] point) {
    int n = x.length;
    double mean = 0;
    var cross = new double[n];
    for (int i = 0; i < n; i++) {
      double k = covariance(point, x[i], slope2, deviation2);
      mean += k * gradient[i];
      cross[i] = rootW[i] * k;
    }
    double variance = covariance(point, point, slope2, deviation2);
    for (double v : b.solveLower(cross)) {
      variance -= v * v;
    }
    return 1 / (1 + Math.exp(-mean / Math.sqrt(1 + Math.PI * Math.max(variance, 0) / 8)));
  }
}
