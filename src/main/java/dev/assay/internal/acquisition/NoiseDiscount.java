package dev.assay.internal.acquisition;

/// log(1 - σ/√(s² + σ²)): what noise leaves of what one more observation tells, next to nothing
/// where the model is sure already. Beside log expected improvement it makes the augmented one of
/// Huang, Allen, Notz and Zeng 2006, Eq. 12.
///
/// @param model which model's prediction is read
/// @param noise σ², positive
public record NoiseDiscount(int model, double noise) implements AcquisitionFunction.BuiltIn {
  public NoiseDiscount {
    if (!(noise > 0)) {
      throw new IllegalArgumentException("noise " + noise + " is not positive");
    }
  }

  @Override
  public boolean isOptimistic() {
    return true;
  }

  /// s²/(r (r + σ)) with r = √(s² + σ²), which does not cancel.
  @Override
  public double value(double[] mean, double[] sd) {
    double s = sd[model];
    double r = Math.sqrt(s * s + noise);
    return Math.log(s * s / (r * (r + Math.sqrt(noise))));
  }

  @Override
  public double differentiate(
      double[] mean, double[] sd, double weight, double[] dMean, double[] dSd) {
    double s = sd[model];
    double sigma = Math.sqrt(noise);
    double square = s * s + noise;
    double r = Math.sqrt(square);
    dSd[model] += weight * sigma * (r + sigma) / (s * square);
    return Math.log(s * s / (r * (r + sigma)));
  }
}
