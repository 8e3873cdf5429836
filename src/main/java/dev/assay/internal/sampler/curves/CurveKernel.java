package dev.assay.internal.sampler.curves;

import java.util.Arrays;

/// The covariance of two cells:
///
///     g k_t(u, u') + k_x(x, x') (a + b k_t(u, u')) + [same curve] (c + e k_t(u, u'))
///
/// and, of a cell with itself, noise. k_t(u, u') = p / (u + u' + p) is the mixture of exponential
/// decays of freeze-thaw (Swersky, Snoek and Adams 2014, "Freeze-thaw Bayesian optimization", eq. 8,
/// α = 1), whose variance falls as training goes on; k_x is Matérn 5/2 with a lengthscale for each
/// parameter. g: what all curves share; a: the level and b: the shape that configurations decide; c
/// and e: a curve's own. A product of the two factors with missing cells, and not the whole grid, as
/// in latent-Kronecker processes (Lin et al. 2024, arXiv 2410.09239).
final class CurveKernel {
  private static final double ROOT_5 = Math.sqrt(5);

  /// Added to the noise, for the factor's sake.
  static final double JITTER = 1e-6;

  /// Places behind the lengthscales in θ.
  static final int LEVEL = 0;

  static final int SHAPE = 1;
  static final int SHARED = 2;
  static final int OWN_LEVEL = 3;
  static final int OWN_SHAPE = 4;
  static final int NOISE = 5;
  static final int DECAY = 6;
  static final int OTHERS = 7;

  /// 1/l for each coordinate.
  private final double[] rates;

  private final double a;
  private final double b;
  private final double g;
  private final double c;
  private final double e;
  private final double p;

  /// The variance of a cell's value about its curve.
  final double noise;

  /// @param theta logarithms of the lengthscales by group, then of a, b, g, c, e, noise, p
  CurveKernel(double[] theta, CurveEncoding encoding) {
    int q = encoding.groupCount();
    rates = new double[encoding.dimension()];
    for (int j = 0; j < rates.length; j++) {
      rates[j] = Math.exp(-theta[encoding.group(j)]);
    }
    a = Math.exp(theta[q + LEVEL]);
    b = Math.exp(theta[q + SHAPE]);
    g = Math.exp(theta[q + SHARED]);
    c = Math.exp(theta[q + OWN_LEVEL]);
    e = Math.exp(theta[q + OWN_SHAPE]);
    noise = Math.exp(theta[q + NOISE]) + JITTER;
    p = Math.exp(theta[q + DECAY]);
  }

  /// The logarithms of the medians of the priors, by group and then as [#LEVEL] and on.
  static double[] medians(CurveEncoding encoding) {
    int q = encoding.groupCount();
    var medians = new double[q + OTHERS];
    Arrays.fill(medians, 0, q, Math.log(0.3 * Math.sqrt(Math.max(1, q))));
    double[] others = {0.7, 0.5, 0.5, 0.05, 0.05, 1e-3, 0.2};
    for (int k = 0; k < OTHERS; k++) {
      medians[q + k] = Math.log(others[k]);
    }
    return medians;
  }

  /// The standard deviations of the logarithms.
  static double[] deviations(CurveEncoding encoding) {
    int q = encoding.groupCount();
    var deviations = new double[q + OTHERS];
    Arrays.fill(deviations, 0, q, 0.9);
    double[] others = {1, 1, 1, 1.2, 1.2, 1.5, 0.8};
    System.arraycopy(others, 0, deviations, q, OTHERS);
    return deviations;
  }

  /// k_t.
  double steps(double u, double v) {
    return p / (u + v + p);
  }

  /// r √5, the distance that k_x decides by.
  double distance(double[] x, double[] y) {
    double sum = 0;
    for (int j = 0; j < rates.length; j++) {
      double difference = (x[j] - y[j]) * rates[j];
      sum += difference * difference;
    }
    return ROOT_5 * Math.sqrt(sum);
  }

  /// k_x.
  static double matern(double distance) {
    return (1 + distance + distance * distance / 3) * Math.exp(-distance);
  }

  /// The covariance without noise.
  double covariance(double near, double steps, boolean same) {
    return near * (a + b * steps) + g * steps + (same ? c + e * steps : 0);
  }

  double covariance(double[] x, double u, double[] y, double v, boolean same) {
    return covariance(matern(distance(x, y)), steps(u, v), same);
  }

  /// A cell's variance without noise.
  double variance(double u) {
    return covariance(1, steps(u, u), true);
  }

  /// (1/l)² of a coordinate.
  double rate(int coordinate) {
    return rates[coordinate];
  }

  /// a + b k_t.
  double ofConfigurations(double steps) {
    return a + b * steps;
  }

  /// What the covariance gains with k_t.
  double slope(double near, boolean same) {
    return b * near + g + (same ? e : 0);
  }

  /// a, b, g, c or e, by their places.
  double scale(int place) {
    return switch (place) {
      case LEVEL -> a;
      case SHAPE -> b;
      case SHARED -> g;
      case OWN_LEVEL -> c;
      case OWN_SHAPE -> e;
      default -> throw new IllegalArgumentException("place " + place);
    };
  }
}
