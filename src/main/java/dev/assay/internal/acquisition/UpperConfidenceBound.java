package dev.assay.internal.acquisition;

/// -(μ - κs): the confidence bound on the good side, for minimisation the lower one, negated.
/// Srinivas et al. 2010, Eq. 6.
///
/// @param model which model's prediction is read
/// @param kappa κ, at least 0
public record UpperConfidenceBound(int model, double kappa) implements AcquisitionFunction.BuiltIn {
  @Override
  public boolean isOptimistic() {
    return kappa >= 0;
  }

  @Override
  public double value(double[] mean, double[] sd) {
    return kappa * sd[model] - mean[model];
  }

  @Override
  public double differentiate(
      double[] mean, double[] sd, double weight, double[] dMean, double[] dSd) {
    dMean[model] -= weight;
    dSd[model] += weight * kappa;
    return value(mean, sd);
  }
}
