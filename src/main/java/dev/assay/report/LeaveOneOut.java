package dev.assay.report;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.Box;
import dev.assay.internal.gp.GaussianProcess;
import java.util.Arrays;

/// What a Gaussian process expects of each observation, knowing all others: whether its
/// predictions, and the spread that it gives them, can be believed.
///
/// From K⁻¹ without fitting again: μ = y - α / K⁻¹ᵢᵢ, σ² = 1 / K⁻¹ᵢᵢ, α = K⁻¹ (y - m); the
/// hyperparameters are those of all observations. Rasmussen and Williams 2006, Eqs. 5.10 to 5.12.
///
/// @param means n, in the unit of the outputs
/// @param deviations n, with the noise of an observation
@SuppressWarnings("ArrayRecordComponent")
record LeaveOneOut(double[] means, double[] deviations) {
  /// @param points n × d, row-major
  /// @param outputs n
  /// @param theta hyperparameters of the covariance, log noise variance, mean
  /// @throws ArithmeticException where the covariance cannot be made positive definite
  static LeaveOneOut of(
      CovarianceFunction covariance, Box box, double[] theta, double[] points, double[] outputs) {
    int n = outputs.length;
    int d = box.dimension();
    var x = new double[n][];
    Arrays.setAll(x, i -> Arrays.copyOfRange(points, i * d, (i + 1) * d));
    var posterior = new GaussianProcess(covariance, box.categorical(), theta).condition(x, outputs);
    var inverse = posterior.factor().inverse();
    var means = new double[n];
    var deviations = new double[n];
    for (int i = 0; i < n; i++) {
      double precision = inverse[i * n + i];
      means[i] = outputs[i] - posterior.alpha()[i] / precision;
      deviations[i] = Math.sqrt(1 / precision);
    }
    return new LeaveOneOut(means, deviations);
  }
}
