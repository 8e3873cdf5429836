package dev.assay.engine;

import dev.assay.acquisition.AcquisitionFunction;
import dev.assay.acquisition.ExpectedImprovement;
import dev.assay.acquisition.LogExpectedImprovement;
import dev.assay.acquisition.ProbabilityOfImprovement;
import dev.assay.acquisition.UpperConfidenceBound;

/// By what a candidate is judged.
public sealed interface Criterion {
  /// The acquisition function of one model with the incumbent f*.
  AcquisitionFunction of(int model, double incumbent);

  /// Log expected improvement, the default.
  record LogEi() implements Criterion {
    @Override
    public AcquisitionFunction of(int model, double incumbent) {
      return new LogExpectedImprovement(model, incumbent);
    }
  }

  record Ei() implements Criterion {
    @Override
    public AcquisitionFunction of(int model, double incumbent) {
      return new ExpectedImprovement(model, incumbent);
    }
  }

  record Pi() implements Criterion {
    @Override
    public AcquisitionFunction of(int model, double incumbent) {
      return new ProbabilityOfImprovement(model, incumbent, true);
    }
  }

  /// @param kappa standard deviations
  record Ucb(double kappa) implements Criterion {
    @Override
    public AcquisitionFunction of(int model, double incumbent) {
      return new UpperConfidenceBound(model, kappa);
    }
  }

  /// The minimum of one joint posterior draw over many candidates, refined by expected improvement's search plan only
  /// in where candidates lie. Thompson 1933.
  record Thompson() implements Criterion {
    @Override
    public AcquisitionFunction of(int model, double incumbent) {
      return new LogExpectedImprovement(model, incumbent);
    }
  }
}
