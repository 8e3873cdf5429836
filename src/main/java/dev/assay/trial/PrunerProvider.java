package dev.assay.trial;

/// Makes a pruner for `pruner: NAME` and `pruner: {NAME: {option: value}}`.
public interface PrunerProvider extends Provider<Pruner> {}
