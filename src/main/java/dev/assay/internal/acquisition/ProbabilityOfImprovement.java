package dev.assay.internal.acquisition;

import dev.assay.internal.statistics.NormalTail;

/// P(f < f*) = Φ(u), or its logarithm. Kushner 1964.
///
/// @param model which model's prediction is read
/// @param incumbent f*, or a bound that a constraint must stay below
/// @param logarithm whether the value is log Φ(u)
public record ProbabilityOfImprovement(int model, double incumbent, boolean logarithm)
    implements AcquisitionFunction.BuiltIn {
  @Override
  public double value(double[] mean, double[] sd) {
    double u = (incumbent - mean[model]) / sd[model];
    return logarithm ? NormalTail.logCumulative(u) : NormalTail.cumulative(u);
  }

  @Override
  public double differentiate(
      double[] mean, double[] sd, double weight, double[] dMean, double[] dSd) {
    double s = sd[model];
    double u = (incumbent - mean[model]) / s;
    double slope = weight * (logarithm ? NormalTail.inverseMills(u) : NormalTail.density(u));
    dMean[model] -= slope / s;
    dSd[model] -= slope * u / s;
    return value(mean, sd);
  }
}
