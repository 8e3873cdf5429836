package dev.assay.gp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// k(x, x'): how alike the values at two points are, up to its hyperparameters, which stand in a
/// vector θ from an index on. Positive definite. Immutable, and a function of its arguments alone,
/// which it leaves as they are. Anybody may implement it.
public interface CovarianceFunction {
  /// Those that devices have programs for. What sums and products are made of may still be
  /// anybody's: [#hasProgram]. Their k(x, x) does not depend on x.
  sealed interface BuiltIn extends CovarianceFunction
      permits RadialCovariance, Additive, Sum, Product {}

  /// Whether devices have a program for a function and all that it is made of.
  static boolean hasProgram(CovarianceFunction function) {
    return switch (function) {
      case RadialCovariance _, Additive _ -> true;
      case Sum(var parts) -> parts.stream().allMatch(CovarianceFunction::hasProgram);
      case Product(var parts) -> parts.stream().allMatch(CovarianceFunction::hasProgram);
      case CovarianceFunction _ -> false;
    };
  }

  /// The default: Matérn-5/2 with a length scale for each coordinate.
  static CovarianceFunction product() {
    return new RadialCovariance.Matern52();
  }

  /// Matérn-5/2 plus additive parts of the first orders: finds structure that the product hides,
  /// and is no worse than it where there is none.
  static CovarianceFunction productPlusAdditive(int order) {
    return new Sum(List.of(new RadialCovariance.Matern52(), new Additive(order)));
  }

  /// What each of the parameters is, in order.
  List<ParameterRole> roles(int d);

  /// What is believed of a parameter before data, where its role does not say all: of the period of
  /// a periodic function, for one.
  ///
  /// @param parameter from 0
  /// @return null where its role says all
  default @Nullable ParameterBelief belief(int parameter, int d) {
    return null;
  }

  /// @param categorical which of the d coordinates are categories: 0/1 distance
  /// @param theta logarithms of the parameters, from index `at` on
  double value(double[] x, double[] y, boolean[] categorical, double[] theta, int at);

  /// Adds weight · ∂k/∂θ to `dTheta` (from index `at` on) and weight · ∂k/∂x to `dX`. A category
  /// coordinate has no derivative: 0.
  ///
  /// Unless overridden by central differences, at two evaluations for each derivative: right to
  /// some nine digits, and slow.
  default void addGradient(
      double[] x,
      double[] y,
      boolean[] categorical,
      double[] theta,
      int at,
      double weight,
      double[] dTheta,
      double[] dX) {
    var t = theta.clone();
    for (int i = at; i < at + roles(x.length).size(); i++) {
      double h = 1e-5 * Math.max(1, Math.abs(theta[i]));
      t[i] = theta[i] + h;
      double above = value(x, y, categorical, t, at);
      t[i] = theta[i] - h;
      dTheta[i] += weight * (above - value(x, y, categorical, t, at)) / (2 * h);
      t[i] = theta[i];
    }
    var moved = x.clone();
    for (int j = 0; j < x.length; j++) {
      if (!categorical[j]) {
        double h = 1e-5;
        moved[j] = x[j] + h;
        double above = value(moved, y, categorical, theta, at);
        moved[j] = x[j] - h;
        dX[j] += weight * (above - value(moved, y, categorical, theta, at)) / (2 * h);
        moved[j] = x[j];
      }
    }
  }

  /// (xⱼ - yⱼ), or 0 and 1 for equal and different categories.
  static double difference(double[] x, double[] y, boolean[] categorical, int j) {
    double difference = x[j] - y[j];
    return categorical[j] ? (difference == 0 ? 0 : 1) : difference;
  }

  /// Σ over groups of `size` coordinates of the product of one-dimensional Matérn-5/2 values, each
  /// order with a variance of its own: b₁/d Σⱼ zⱼ + b₂/(d(d-1)/2) Σⱼ<ₖ zⱼzₖ, zⱼ = M(xⱼ, x'ⱼ; λⱼ).
  /// The second sum is (e² - Σzⱼ²)/2 with e = Σzⱼ (Newton-Girard). Duvenaud, Nickisch and Rasmussen
  /// 2011.
  ///
  /// Parameters: log b₁ [, log b₂], log λ₁ ... log λ_d.
  ///
  /// @param order 1 or 2; the second order of a single coordinate is 0
  record Additive(int order) implements BuiltIn {
    public Additive {
      if (order < 1 || order > 2) {
        throw new IllegalArgumentException("order " + order + " is not 1 or 2");
      }
    }

    @Override
    public List<ParameterRole> roles(int d) {
      var roles = new ArrayList<>(Collections.nCopies(order, ParameterRole.ADDITIVE_SCALE));
      roles.addAll(Collections.nCopies(d, ParameterRole.ADDITIVE_LENGTH_SCALE));
      return List.copyOf(roles);
    }

    /// The factor of Σzⱼ for order 1, of Σⱼ<ₖ zⱼzₖ for order 2.
    public double coefficient(int which, int d, double[] theta, int at) {
      double terms = which == 1 ? d : d * (d - 1) / 2.0;
      return which > order || terms == 0 ? 0 : Math.exp(theta[at + which - 1]) / terms;
    }

    @Override
    public double value(double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
      double e1 = 0;
      double squares = 0;
      for (int j = 0; j < x.length; j++) {
        double z = z(x, y, categorical, theta, at, j);
        e1 += z;
        squares += z * z;
      }
      return coefficient(1, x.length, theta, at) * e1
          + coefficient(2, x.length, theta, at) * (e1 * e1 - squares) / 2;
    }

    private double z(double[] x, double[] y, boolean[] categorical, double[] theta, int at, int j) {
      double u = difference(x, y, categorical, j) * Math.exp(-theta[at + order + j]);
      return RadialCovariance.Matern52.profile52(u * u);
    }

    @Override
    public void addGradient(
        double[] x,
        double[] y,
        boolean[] categorical,
        double[] theta,
        int at,
        double weight,
        double[] dTheta,
        double[] dX) {
      int d = x.length;
      double b1 = coefficient(1, d, theta, at);
      double b2 = coefficient(2, d, theta, at);
      double e1 = 0;
      double squares = 0;
      for (int j = 0; j < d; j++) {
        double z = z(x, y, categorical, theta, at, j);
        e1 += z;
        squares += z * z;
      }
      dTheta[at] += weight * b1 * e1;
      if (order == 2) {
        dTheta[at + 1] += weight * b2 * (e1 * e1 - squares) / 2;
      }
      for (int j = 0; j < d; j++) {
        double z = z(x, y, categorical, theta, at, j);
        double inverse = Math.exp(-theta[at + order + j]);
        double u = difference(x, y, categorical, j) * inverse;
        double slope = RadialCovariance.Matern52.slope52(u * u) * weight * (b1 + b2 * (e1 - z));
        dTheta[at + order + j] -= 2 * slope * u * u;
        dX[j] += categorical[j] ? 0 : 2 * slope * u * inverse;
      }
    }
  }

  /// k₁ + k₂ + ...; the parts' parameters one after the other.
  record Sum(List<CovarianceFunction> parts) implements BuiltIn, Composition {
    public Sum {
      parts = List.copyOf(parts);
    }

    @Override
    public double value(double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
      double sum = 0;
      int from = at;
      for (var part : parts) {
        sum += part.value(x, y, categorical, theta, from);
        from += part.roles(x.length).size();
      }
      return sum;
    }

    @Override
    public double slope(
        double weight,
        int part,
        double[] x,
        double[] y,
        boolean[] categorical,
        double[] theta,
        int at) {
      return weight;
    }
  }

  /// k₁ · k₂ · ...; the parts' parameters one after the other.
  record Product(List<CovarianceFunction> parts) implements BuiltIn, Composition {
    public Product {
      parts = List.copyOf(parts);
    }

    @Override
    public double value(double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
      double product = 1;
      int from = at;
      for (var part : parts) {
        product *= part.value(x, y, categorical, theta, from);
        from += part.roles(x.length).size();
      }
      return product;
    }

    /// The product of the others.
    @Override
    public double slope(
        double weight,
        int part,
        double[] x,
        double[] y,
        boolean[] categorical,
        double[] theta,
        int at) {
      double others = weight;
      int from = at;
      for (int i = 0; i < parts.size(); i++) {
        others *= i == part ? 1 : parts.get(i).value(x, y, categorical, theta, from);
        from += parts.get(i).roles(x.length).size();
      }
      return others;
    }
  }
}
