package dev.assay.internal.acquisition;

import dev.assay.internal.statistics.NormalTail;

/// E[max(0, f* - f)] = s h(u). Jones, Schonlau and Welch 1998, Eq. 15. Underflows to 0 below u =
/// -38: use [LogExpectedImprovement] to maximise.
///
/// @param model which model's prediction is read
/// @param incumbent f*
public record ExpectedImprovement(int model, double incumbent)
    implements AcquisitionFunction.BuiltIn {
  @Override
  public boolean isOptimistic() {
    return true;
  }

  @Override
  public double value(double[] mean, double[] sd) {
    return sd[model] * Math.exp(NormalTail.logH((incumbent - mean[model]) / sd[model]));
  }

  /// ∂/∂μ = -Φ(u), ∂/∂s = φ(u).
  @Override
  public double differentiate(
      double[] mean, double[] sd, double weight, double[] dMean, double[] dSd) {
    double u = (incumbent - mean[model]) / sd[model];
    dMean[model] -= weight * NormalTail.cumulative(u);
    dSd[model] += weight * NormalTail.density(u);
    return value(mean, sd);
  }
}
