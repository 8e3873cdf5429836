package dev.assay.trial;

/// Makes a sampler for `sampler: NAME` and `sampler: {NAME: {option: value}}`.
public interface SamplerProvider extends Provider<Sampler> {}
