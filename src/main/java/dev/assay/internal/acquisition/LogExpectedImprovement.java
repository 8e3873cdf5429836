package dev.assay.internal.acquisition;

import dev.assay.internal.statistics.NormalTail;

/// log E[max(0, f* - f)] = log s + log h(u). Ament et al. 2023, "Unexpected improvements to
/// expected improvement", Eq. 9.
///
/// @param model which model's prediction is read
/// @param incumbent f*
public record LogExpectedImprovement(int model, double incumbent)
    implements AcquisitionFunction.BuiltIn {
  @Override
  public boolean isOptimistic() {
    return true;
  }

  @Override
  public double value(double[] mean, double[] sd) {
    return Math.log(sd[model]) + NormalTail.logH((incumbent - mean[model]) / sd[model]);
  }

  @Override
  public double differentiate(
      double[] mean, double[] sd, double weight, double[] dMean, double[] dSd) {
    double s = sd[model];
    double u = (incumbent - mean[model]) / s;
    double slope = NormalTail.logHSlope(u);
    dMean[model] -= weight * slope / s;
    dSd[model] += weight * (1 - u * slope) / s;
    return Math.log(s) + NormalTail.logH(u);
  }
}
