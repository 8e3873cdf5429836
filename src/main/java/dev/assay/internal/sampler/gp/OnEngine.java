package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.GpEngine;
import dev.assay.trial.Sampler;

/// A sampler that computes Gaussian processes, and lets others choose where.
public interface OnEngine {
  /// The same on another engine.
  Sampler on(GpEngine engine);
}
