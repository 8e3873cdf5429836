package dev.assay.internal.acquisition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// log(EI · Π P(constraint holds)): the constraints are modelled as independent of the objective.
/// Gardner et al. 2014, Eq. 4; in logarithms as Ament et al. 2023, section 4.
///
/// @param objective null while no feasible point is known: then only feasibility counts
/// @param constraints each the log probability that an observed constraint stays below its bound
public record ConstrainedLogExpectedImprovement(
    @Nullable AcquisitionFunction objective, List<ProbabilityOfImprovement> constraints)
    implements AcquisitionFunction.BuiltIn {
  public ConstrainedLogExpectedImprovement {
    constraints = List.copyOf(constraints);
    for (var constraint : constraints) {
      if (!constraint.logarithm()) {
        throw new IllegalArgumentException("constraints enter as logarithms: " + constraint);
      }
    }
  }

  @Override
  public double value(double[] mean, double[] sd) {
    double sum = objective == null ? 0 : objective.value(mean, sd);
    for (var constraint : constraints) {
      sum += constraint.value(mean, sd);
    }
    return sum;
  }

  @Override
  public double differentiate(
      double[] mean, double[] sd, double weight, double[] dMean, double[] dSd) {
    double sum = objective == null ? 0 : objective.differentiate(mean, sd, weight, dMean, dSd);
    for (var constraint : constraints) {
      sum += constraint.differentiate(mean, sd, weight, dMean, dSd);
    }
    return sum;
  }
}
