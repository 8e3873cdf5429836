package dev.assay.acquisition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one more observation at a point is worth, from what is believed of the point: the part of a
/// search that research changes most. Anybody may implement it; immutable, and a function of the
/// beliefs alone.
///
/// ```java
/// record CostAwareEi(Surrogate cost) implements Acquisition {
///   public double value(Beliefs at) {
///     return at.logExpectedImprovement() - at.of(cost).mean(); // the cost is modelled by its logarithm
///   }
///   public List<Surrogate> surrogates() { return List.of(cost); }
/// }
/// ```
///
/// Evaluated on the processor. [dev.assay.internal.acquisition.AcquisitionFunction] is the same for
/// those who number their models themselves, and what devices have programs for.
@FunctionalInterface
public interface Acquisition {
  /// The value, to be maximised; -∞ for a point that is out of the question.
  double value(Beliefs beliefs);

  /// The derivatives in every mean and deviation; by central differences where nothing better is
  /// known, at two evaluations for each.
  default Slopes slopes(Beliefs beliefs) {
    var objective = slope(beliefs.objective(), changed -> value(beliefs.withObjective(changed)));
    Map<Surrogate, Slope> others = new LinkedHashMap<>();
    for (var surrogate : surrogates()) {
      others.put(
          surrogate,
          slope(beliefs.of(surrogate), changed -> value(beliefs.with(surrogate, changed))));
    }
    return new Slopes(objective, others);
  }

  private static Slope slope(Belief belief, java.util.function.ToDoubleFunction<Belief> value) {
    double h = 1e-5 * belief.sd();
    double mean = belief.mean();
    double sd = belief.sd();
    return new Slope(
        (value.applyAsDouble(new Belief(mean + h, sd))
                - value.applyAsDouble(new Belief(mean - h, sd)))
            / (2 * h),
        (value.applyAsDouble(new Belief(mean, sd + h))
                - value.applyAsDouble(new Belief(mean, sd - h)))
            / (2 * h));
  }

  /// What has to be modelled beside the objective.
  default List<Surrogate> surrogates() {
    return List.of();
  }

  /// Whether the value is the logarithm of something positive. Only then can logarithms of
  /// probabilities be added to it: that a trial does not fail, that constraints on outcomes are
  /// kept.
  default boolean isLogarithm() {
    return false;
  }

  /// Derivatives of an acquisition in one belief.
  record Slope(double mean, double sd) {}

  /// Derivatives of an acquisition in all beliefs.
  record Slopes(Slope objective, Map<Surrogate, Slope> others) {
    public Slopes {
      others = Map.copyOf(others);
    }

    /// Of an acquisition that reads the objective alone.
    public Slopes(Slope objective) {
      this(objective, Map.of());
    }
  }
}
