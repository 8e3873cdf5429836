package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;

/// The functions of a scaled distance that leaves of covariances are made of, and their
/// derivatives. Rasmussen and Williams 2006, section 4.2.
///
/// s: squared scaled distance. Kinds as `dev.assay.internal.engine.CovarianceProgram` numbers them.
final class LeafProfiles {
  private LeafProfiles() {}

  static double shape(int kind, DoubleArray natural, int at) {
    return kind == 3 ? natural.get(at) : 1;
  }

  /// x - y, or 0 and 1 for equal and different categories.
  static double difference(double x, double y, int category) {
    double u = x - y;
    if (category != 0) {
      u = u == 0 ? 0 : 1;
    }
    return u;
  }

  static double matern52(double s) {
    double t = Math.sqrt(5 * s);
    return (1 + t + t * t / 3) * Math.exp(-t);
  }

  static double matern52Slope(double s) {
    double t = Math.sqrt(5 * s);
    return -5.0 / 6 * (1 + t) * Math.exp(-t);
  }

  /// f(s) of the radial covariances.
  static double profile(int kind, double s, double shape) {
    double value;
    if (kind == 0) {
      value = matern52(s);
    } else if (kind == 1) {
      double t = Math.sqrt(3 * s);
      value = (1 + t) * Math.exp(-t);
    } else if (kind == 2) {
      value = Math.exp(-s / 2);
    } else {
      value = Math.exp(-shape * logOnePlus(s / (2 * shape)));
    }
    return value;
  }

  /// f'(s).
  static double slope(int kind, double s, double shape) {
    double value;
    if (kind == 0) {
      value = matern52Slope(s);
    } else if (kind == 1) {
      value = -1.5 * Math.exp(-Math.sqrt(3 * s));
    } else if (kind == 2) {
      value = -Math.exp(-s / 2) / 2;
    } else {
      value = -Math.exp(-(shape + 1) * logOnePlus(s / (2 * shape))) / 2;
    }
    return value;
  }

  /// ∂f/∂log α of the rational quadratic.
  static double shapeSlope(double s, double shape) {
    double q = s / (2 * shape);
    return Math.exp(-shape * logOnePlus(q)) * shape * (q / (1 + q) - logOnePlus(q));
  }

  /// log(1 + q) for q >= 0, also where 1 + q rounds: the error of the sum cancels in the quotient
  /// (Goldberg 1991, theorem 4).
  static double logOnePlus(double q) {
    double sum = 1 + q;
    double value = q;
    if (sum != 1) {
      value = Math.log(sum) * q / (sum - 1);
    }
    return value;
  }
}
