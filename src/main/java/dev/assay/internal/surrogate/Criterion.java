package dev.assay.internal.surrogate;

import dev.assay.acquisition.Acquisition;
import dev.assay.acquisition.Climb;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.AcquisitionOfBeliefs;
import dev.assay.internal.acquisition.ExpectedImprovement;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.acquisition.ProbabilityOfImprovement;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import dev.assay.internal.problem.Require;
import java.util.List;

/// By what a candidate is judged.
public sealed interface Criterion {
  /// The acquisition function of one model with the incumbent f*.
  AcquisitionFunction of(int model, double incumbent);

  /// The same as a factor: the logarithm of something positive, to which logarithms of
  /// probabilities may be added.
  default Criterion asFactor() {
    return switch (this) {
      case LogEi _, Pi _ -> this;
      case Own(var acquisition, _) when acquisition.isLogarithm() -> this;
      case Ei _ -> new LogEi();
      case Ucb _, Thompson _, Own _ -> throw new IllegalStateException(this + " is no factor");
    };
  }

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

  /// Log probability of an improvement by at least a little: of any improvement at all, it would be
  /// content with ever smaller ones.
  record Pi() implements Criterion {
    private static final double LEAST = 0.05; // standard deviations of the outputs

    @Override
    public AcquisitionFunction of(int model, double incumbent) {
      return new ProbabilityOfImprovement(model, incumbent - LEAST, true);
    }
  }

  /// @param kappa standard deviations
  record Ucb(double kappa) implements Criterion {
    public Ucb {
      Require.inRange("ucb", "kappa", kappa, 0, Double.MAX_VALUE);
    }

    @Override
    public AcquisitionFunction of(int model, double incumbent) {
      return new UpperConfidenceBound(model, kappa);
    }
  }

  /// Somebody's acquisition, and how its maximum is looked for.
  record Own(Acquisition acquisition, Climb climb) implements Criterion {
    @Override
    public AcquisitionFunction of(int model, double incumbent) {
      return new AcquisitionOfBeliefs(acquisition, model, incumbent, List.of());
    }
  }

  /// The minimum of one joint posterior draw over many candidates, refined by expected
  /// improvement's search plan only in where candidates lie. Thompson 1933.
  record Thompson() implements Criterion {
    @Override
    public AcquisitionFunction of(int model, double incumbent) {
      return new LogExpectedImprovement(model, incumbent);
    }
  }
}
