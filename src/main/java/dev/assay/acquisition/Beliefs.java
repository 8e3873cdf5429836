package dev.assay.acquisition;

import dev.assay.internal.statistics.NormalTail;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is believed of a point.
///
/// @param objective to be minimised (a maximised one is negated), warped and standardised as the
///   model has it
/// @param best f*, the least value so far, in the same units
/// @param others by surrogate, in their own units (logarithms where the surrogate is of them)
public record Beliefs(Belief objective, double best, Map<Surrogate, Belief> others) {
  public Beliefs {
    others = Map.copyOf(others);
  }

  /// Of the objective alone.
  public Beliefs(Belief objective, double best) {
    this(objective, best, Map.of());
  }

  public double mean() {
    return objective.mean();
  }

  public double sd() {
    return objective.sd();
  }

  /// What is believed of something that the acquisition named among its surrogates.
  public Belief of(Surrogate surrogate) {
    var belief = others.get(surrogate);
    if (belief == null) {
      throw new IllegalArgumentException(surrogate + " is not among surrogates()");
    }
    return belief;
  }

  /// log E[max(0, f* - f)], exact far into the tail
  /// ([dev.assay.internal.acquisition.LogExpectedImprovement]).
  public double logExpectedImprovement() {
    return Math.log(sd()) + NormalTail.logH((best - mean()) / sd());
  }

  /// Its derivatives in mean and deviation.
  public Acquisition.Slope logExpectedImprovementSlope() {
    double u = (best - mean()) / sd();
    double slope = NormalTail.logHSlope(u);
    return new Acquisition.Slope(-slope / sd(), (1 - u * slope) / sd());
  }

  /// The same with another belief of the objective.
  public Beliefs withObjective(Belief changed) {
    return new Beliefs(changed, best, others);
  }

  /// The same with another belief of a surrogate.
  public Beliefs with(Surrogate surrogate, Belief changed) {
    var all = new LinkedHashMap<>(others);
    all.put(surrogate, changed);
    return new Beliefs(objective, best, all);
  }
}
