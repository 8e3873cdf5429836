package dev.assay.internal.acquisition;

/// What one more observation at a point is worth, from the predictions of one or several models
/// there. Immutable. Anybody may implement it; [dev.assay.acquisition.Acquisition] is the easier
/// way.
public interface AcquisitionFunction {
  /// Those that devices have programs for. What they are made of may still be anybody's.
  sealed interface BuiltIn extends AcquisitionFunction
      permits LogExpectedImprovement,
          ExpectedImprovement,
          ProbabilityOfImprovement,
          UpperConfidenceBound,
          ConstrainedLogExpectedImprovement,
          LogExpectedHypervolumeImprovement,
          BatchLogExpectedImprovement,
          NoiseDiscount,
          Mixture {}

  /// @param mean of every model
  /// @param sd of every model, positive
  double value(double[] mean, double[] sd);

  /// The value; adds weight · ∂/∂μ and weight · ∂/∂s of every model to `dMean` and `dSd`.
  double differentiate(double[] mean, double[] sd, double weight, double[] dMean, double[] dSd);

  /// Whether it never falls as a mean falls or a deviation grows, so that a mean that is too low
  /// and a deviation that is too large bound it from above.
  default boolean isOptimistic() {
    return false;
  }
}
