package dev.assay.gp;

/// The density of one hyperparameter, as a function of its coordinate in θ (a logarithm, save for
/// the mean), up to a constant that makes the density's peak comparable between models. Anybody may
/// implement it.
@FunctionalInterface
public interface Prior {
  /// Those that devices have programs for.
  sealed interface BuiltIn extends Prior permits Flat, Normal, Gamma, InverseSquare {}

  /// log density at t, up to a constant.
  double logDensity(double t);

  /// Its derivative in t; by central differences unless overridden.
  default double slope(double t) {
    double h = 1e-5 * Math.max(1, Math.abs(t));
    return (logDensity(t + h) - logDensity(t - h)) / (2 * h);
  }

  /// Says nothing.
  record Flat() implements BuiltIn {
    @Override
    public double logDensity(double t) {
      return 0;
    }

    @Override
    public double slope(double t) {
      return 0;
    }
  }

  /// Normal in t: log-normal in the parameter. Its peak is 0.
  record Normal(double mean, double sd) implements BuiltIn {
    @Override
    public double logDensity(double t) {
      double z = (t - mean) / sd;
      return -z * z / 2;
    }

    @Override
    public double slope(double t) {
      return -(t - mean) / (sd * sd);
    }
  }

  /// Gamma density of the parameter eᵗ itself: (shape - 1) t - rate · eᵗ.
  record Gamma(double shape, double rate) implements BuiltIn {
    @Override
    public double logDensity(double t) {
      return (shape - 1) * t - rate * Math.exp(t);
    }

    @Override
    public double slope(double t) {
      return shape - 1 - rate * Math.exp(t);
    }
  }

  /// -(c/w + c·w) with w = ℓ⁻² and ℓ = eᵗ: keeps length scales from zero and from infinity.
  record InverseSquare(double c) implements BuiltIn {
    @Override
    public double logDensity(double t) {
      return -c * (Math.exp(2 * t) + Math.exp(-2 * t));
    }

    @Override
    public double slope(double t) {
      return -2 * c * (Math.exp(2 * t) - Math.exp(-2 * t));
    }
  }
}
