package dev.assay.trial;

import dev.assay.space.Configuration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a sampler wants tried next.
///
/// @param notes JSON values that steer later proposals and cannot be rebuilt from the history
///   (fitted hyperparameters, the engine that ran); stored with the trial, found again in
///   [TrialRecord#notes]
public record Proposal(Configuration configuration, Map<String, @Nullable Object> notes) {
  public Proposal(Configuration configuration) {
    this(configuration, Map.of());
  }
}
