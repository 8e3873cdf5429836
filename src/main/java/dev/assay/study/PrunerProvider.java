package dev.assay.study;

/// Makes a pruner for `pruner: NAME` and `pruner: {NAME: {option: value}}`.
public interface PrunerProvider extends Provider<Pruner> {}
