package dev.assay.gp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// a f(s), s = Σⱼ (xⱼ - x'ⱼ)²/ℓⱼ², with 0/1 distance for categories: automatic relevance
/// determination.
///
/// Parameters: log a, log ℓ₁ ... log ℓ_d [, log α].
public sealed interface RadialCovariance extends CovarianceFunction.BuiltIn {
  /// f(s); f(0) = 1.
  ///
  /// @param shape α, which only the rational quadratic reads
  double profile(double s, double shape);

  /// f'(s), finite everywhere.
  double slope(double s, double shape);

  /// ∂f/∂log α; 0 for those that have no α.
  default double shapeSlope(double s, double shape) {
    return 0;
  }

  default boolean hasShape() {
    return false;
  }

  /// f(s) = (1 + √5 r + 5r²/3) exp(-√5 r), r = √s. Rasmussen and Williams 2006, Eq. 4.17.
  record Matern52() implements RadialCovariance {
    @Override
    public double profile(double s, double shape) {
      return profile52(s);
    }

    @Override
    public double slope(double s, double shape) {
      return slope52(s);
    }

    static double profile52(double s) {
      double t = Math.sqrt(5 * s);
      return (1 + t + t * t / 3) * Math.exp(-t);
    }

    static double slope52(double s) {
      double t = Math.sqrt(5 * s);
      return -5.0 / 6 * (1 + t) * Math.exp(-t);
    }
  }

  /// f(s) = (1 + √3 r) exp(-√3 r), r = √s. Rasmussen and Williams 2006, Eq. 4.17.
  record Matern32() implements RadialCovariance {
    @Override
    public double profile(double s, double shape) {
      double t = Math.sqrt(3 * s);
      return (1 + t) * Math.exp(-t);
    }

    @Override
    public double slope(double s, double shape) {
      return -1.5 * Math.exp(-Math.sqrt(3 * s));
    }
  }

  /// f(s) = exp(-s/2).
  record Rbf() implements RadialCovariance {
    @Override
    public double profile(double s, double shape) {
      return Math.exp(-s / 2);
    }

    @Override
    public double slope(double s, double shape) {
      return -Math.exp(-s / 2) / 2;
    }
  }

  /// f(s) = (1 + s/(2α))^-α. Rasmussen and Williams 2006, Eq. 4.19.
  record RationalQuadratic() implements RadialCovariance {
    @Override
    public double profile(double s, double shape) {
      return Math.exp(-shape * Math.log1p(s / (2 * shape)));
    }

    @Override
    public double slope(double s, double shape) {
      return -Math.exp(-(shape + 1) * Math.log1p(s / (2 * shape))) / 2;
    }

    @Override
    public double shapeSlope(double s, double shape) {
      double q = s / (2 * shape);
      return profile(s, shape) * shape * (q / (1 + q) - Math.log1p(q));
    }

    @Override
    public boolean hasShape() {
      return true;
    }
  }

  @Override
  default List<ParameterRole> roles(int d) {
    var roles = new ArrayList<ParameterRole>();
    roles.add(ParameterRole.SCALE);
    roles.addAll(Collections.nCopies(d, ParameterRole.LENGTH_SCALE));
    if (hasShape()) {
      roles.add(ParameterRole.SHAPE);
    }
    return List.copyOf(roles);
  }

  private double shape(int d, double[] theta, int at) {
    return hasShape() ? Math.exp(theta[at + 1 + d]) : 1;
  }

  private double squaredDistance(
      double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
    double s = 0;
    for (int j = 0; j < x.length; j++) {
      double u = CovarianceFunction.difference(x, y, categorical, j) * Math.exp(-theta[at + 1 + j]);
      s += u * u;
    }
    return s;
  }

  @Override
  default double value(double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
    double s = squaredDistance(x, y, categorical, theta, at);
    return Math.exp(theta[at]) * profile(s, shape(x.length, theta, at));
  }

  @Override
  default void addGradient(
      double[] x,
      double[] y,
      boolean[] categorical,
      double[] theta,
      int at,
      double weight,
      double[] dTheta,
      double[] dX) {
    int d = x.length;
    double s = squaredDistance(x, y, categorical, theta, at);
    double shape = shape(d, theta, at);
    double a = Math.exp(theta[at]);
    double slope = weight * a * slope(s, shape);
    dTheta[at] += weight * a * profile(s, shape);
    for (int j = 0; j < d; j++) {
      double inverse = Math.exp(-theta[at + 1 + j]);
      double u = CovarianceFunction.difference(x, y, categorical, j) * inverse;
      dTheta[at + 1 + j] -= 2 * slope * u * u;
      dX[j] += categorical[j] ? 0 : 2 * slope * u * inverse;
    }
    if (hasShape()) {
      dTheta[at + 1 + d] += weight * a * shapeSlope(s, shape);
    }
  }
}
