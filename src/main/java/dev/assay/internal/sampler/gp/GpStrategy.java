package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.sampler.cost.TrialCosts;
import dev.assay.internal.surrogate.SurrogateSettings;
import dev.assay.trial.History;
import dev.assay.trial.SearchTask;

/// What [GpSearch] wants to know of a sampler of Gaussian processes.
public interface GpStrategy {
  GpEngine engine();

  /// Trials before the first model.
  int firstModel(Box box, int objectives);

  /// Whether these are as many as this class thinks best, and not as somebody wants.
  default boolean choosesStart() {
    return true;
  }

  /// @param expectsNoise whether outputs are noisy
  SurrogateSettings surrogates(SearchTask task, Box box, boolean expectsNoise);

  /// Whether the acquisition can be weighed with probabilities.
  boolean weighsProbabilities();

  /// What says how much trials cost, as [TrialCosts] reads it.
  default String cost() {
    return TrialCosts.NONE;
  }

  /// What is known of noise before any repetition.
  Repetitions.Verdict knownNoise();

  /// What is modelled: the objectives' losses, and what the acquisition wants beside them.
  default double[][] outputs(History history, double[][] losses) {
    return losses;
  }
}
