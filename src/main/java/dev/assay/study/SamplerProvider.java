package dev.assay.study;

/// Makes a sampler for `sampler: NAME` and `sampler: {NAME: {option: value}}`.
public interface SamplerProvider extends Provider<Sampler> {}
