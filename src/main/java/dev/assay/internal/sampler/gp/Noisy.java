package dev.assay.internal.sampler.gp;

/// Whether the same configuration may bring different values.
public enum Noisy {
  /// One configuration is repeated where models lean to noise, and what that brings decides.
  AUTO,
  YES,
  NO
}
