package dev.assay.train;

/// A configuration to be trained.
///
/// @param seed the trial's: of its initial weights, the order of its rows, its watched rows
public record TrainRequest(TrainerSettings settings, long seed) {}
