package dev.assay.internal.surrogate;

import java.util.Map;

/// What a search has fitted so far: enough to go on from, and small enough to store with a trial.
///
/// @param size the number of observations at the last fit; 0 before the first
/// @param logPosterior of the best model at the last fit, as [FittedModels] has it
/// @param theta hyperparameters by member
public record SurrogateMemory(int size, double logPosterior, Map<String, double[]> theta) {
  public static final SurrogateMemory NONE = new SurrogateMemory(0, 0, Map.of());

  public SurrogateMemory {
    theta = Map.copyOf(theta);
  }
}
