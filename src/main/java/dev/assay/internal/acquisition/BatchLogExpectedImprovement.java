package dev.assay.internal.acquisition;

import java.util.List;

/// log of the mean expected improvement over fantasies: each model is conditioned on one joint draw
/// of what the pending points will bring. Snoek, Larochelle and Adams 2012, section 3.2; by
/// log-sum-exp as in Ament et al. 2023, section 4.
public record BatchLogExpectedImprovement(List<LogExpectedImprovement> fantasies)
    implements AcquisitionFunction.BuiltIn {
  public BatchLogExpectedImprovement {
    fantasies = List.copyOf(fantasies);
  }

  @Override
  public boolean isOptimistic() {
    return true;
  }

  @Override
  public double value(double[] mean, double[] sd) {
    double top = Double.NEGATIVE_INFINITY;
    double sum = 0; // of exp(value - top)
    for (int i = 0; i < fantasies.size(); i++) {
      double value = fantasies.get(i).value(mean, sd);
      if (value > top) {
        sum = sum * Math.exp(top - value) + 1;
        top = value;
      } else {
        sum += Math.exp(value - top);
      }
    }
    return top + Math.log(sum / fantasies.size());
  }

  @Override
  public double differentiate(
      double[] mean, double[] sd, double weight, double[] dMean, double[] dSd) {
    double total = value(mean, sd) + Math.log(fantasies.size());
    for (int i = 0; i < fantasies.size(); i++) {
      var fantasy = fantasies.get(i);
      double share = Math.exp(fantasy.value(mean, sd) - total);
      fantasy.differentiate(mean, sd, weight * share, dMean, dSd);
    }
    return total - Math.log(fantasies.size());
  }
}
