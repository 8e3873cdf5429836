package dev.assay.internal.sampler.cost;

import dev.assay.internal.linalg.Cholesky;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A positive amount, such as seconds or bytes, by [SizeFeatures]: its logarithm is a plane through
/// the features with a smooth deviation and noise, a Gaussian process with k(x, x') = c² + w² x·x'
/// + r² exp(-|x - x'|² / 2 l²) and σ² on the diagonal. What the evidence chooses among a few: w, r,
///   σ.
///
/// x: n points. y: logarithms of the amounts, standardised. a = (K + σ² I)⁻¹ y.
public final class LogModel {
  private static final double CONSTANT = 4;
  private static final double LENGTH = 0.7;
  private static final double[] SLOPES = {0.3, 1.5};
  private static final double[] DEVIATIONS = {0.05, 0.7};
  private static final double[] NOISES = {1e-3, 3e-3, 0.01, 0.03, 0.1, 0.5};

  /// By so much the evidence, in nats, must be for features having a say.
  private static final double TELLING = 3;

  /// With fewer a plane goes through whatever they are.
  static final int FEWEST = 5;

  /// Amounts that the model knows, taken evenly from more.
  private static final int MOST = 100;

  /// Amounts that differ by less, in logarithms, are equal.
  private static final double EQUAL = 1e-6;

  private final double[][] x;
  private final double mean;
  private final double scale;
  private final double slope2;
  private final double deviation2;
  private final double noise;
  private final double[] a;
  private final Cholesky.Factor factor;
  private final double evidence;

  /// What the linear part of all points comes to: c² Σ a, and w² Σ a x.
  private final double level;

  private final double[] slopes;

  private LogModel(
      double[][] x,
      double mean,
      double scale,
      double[] y,
      double slope2,
      double deviation2,
      double noise,
      Cholesky.Factor factor) {
    this.x = x;
    this.mean = mean;
    this.scale = scale;
    this.slope2 = slope2;
    this.deviation2 = deviation2;
    this.noise = noise;
    this.factor = factor;
    a = factor.solve(y);
    double fit = 0;
    double sum = 0;
    slopes = new double[x[0].length];
    for (int i = 0; i < y.length; i++) {
      fit += a[i] * y[i];
      sum += CONSTANT * a[i];
      for (int j = 0; j < slopes.length; j++) {
        slopes[j] += slope2 * a[i] * x[i][j];
      }
    }
    level = sum;
    evidence = -(fit + factor.logDeterminant()) / 2;
  }

  /// @param points n of them, each the features of a configuration
  /// @param amounts n, positive
  /// @return null where they are too few, or nothing speaks for features having a say
  public static @Nullable LogModel of(List<double[]> points, List<Double> amounts) {
    if (points.size() < FEWEST) {
      return null;
    }
    int n = Math.min(MOST, points.size());
    var x = new double[n][];
    var y = new double[n];
    for (int i = 0; i < n; i++) {
      int from = (int) ((long) i * points.size() / n);
      x[i] = points.get(from);
      y[i] = Math.log(amounts.get(from));
    }
    double mean = Arrays.stream(y).average().orElse(0);
    double variance = Arrays.stream(y).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    double scale = Math.sqrt(variance);
    if (!(scale > EQUAL) || x[0].length == 0) {
      return null;
    }
    Arrays.setAll(y, i -> (y[i] - mean) / scale);
    var products = new double[n * n];
    var nearness = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        products[i * n + j] = product(x[i], x[j]);
        nearness[i * n + j] = near(x[i], x[j]);
      }
    }
    LogModel best = null;
    for (double slope : SLOPES) {
      for (double deviation : DEVIATIONS) {
        for (double noise : NOISES) {
          double slope2 = slope * slope;
          double deviation2 = deviation * deviation;
          var k = matrix(products, nearness, n, slope2, deviation2, noise);
          var model =
              Cholesky.of(k, n) instanceof Cholesky.Factor factor
                  ? new LogModel(x, mean, scale, y, slope2, deviation2, noise, factor)
                  : null;
          if (model != null && (best == null || model.evidence > best.evidence)) {
            best = model;
          }
        }
      }
    }
    double none = -(n + Math.log(1 + n * CONSTANT)) / 2; // nothing but a level and noise
    return best == null || best.evidence < none + TELLING ? null : best;
  }

  /// The lower triangle of K + σ² I.
  private static double[] matrix(
      double[] products, double[] nearness, int n, double slope2, double deviation2, double noise) {
    var k = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        int at = i * n + j;
        k[at] = covariance(products[at], nearness[at], slope2, deviation2);
      }
      k[i * n + i] += noise;
    }
    return k;
  }

  private static double covariance(
      double product, double nearness, double slope2, double deviation2) {
    return CONSTANT + slope2 * product + deviation2 * nearness;
  }

  private double covariance(double[] p, double[] q) {
    return covariance(product(p, q), near(p, q), slope2, deviation2);
  }

  private static double product(double[] p, double[] q) {
    double product = 0;
    for (int i = 0; i < p.length; i++) {
      product += p[i] * q[i];
    }
    return product;
  }

  private static double near(double[] p, double[] q) {
    double distance2 = 0;
    for (int i = 0; i < p.length; i++) {
      distance2 += (p[i] - q[i]) * (p[i] - q[i]);
    }
    return Math.exp(-distance2 / (2 * LENGTH * LENGTH));
  }

  /// The expected logarithm of the amount.
  public double log(double[] point) {
    double sum = level;
    for (int j = 0; j < slopes.length; j++) {
      sum += slopes[j] * point[j];
    }
    for (int i = 0; i < x.length; i++) {
      sum += deviation2 * a[i] * near(point, x[i]);
    }
    return mean + scale * sum;
  }

  /// The standard deviation of the logarithm of one more amount.
  public double deviation(double[] point) {
    var cross = new double[x.length];
    Arrays.setAll(cross, i -> covariance(point, x[i]));
    double variance = covariance(point, point) + noise;
    for (double v : factor.solveLower(cross)) {
      variance -= v * v;
    }
    return scale * Math.sqrt(Math.max(variance, noise));
  }
}
