package dev.assay.trial;

/// The trial whose configuration is to be used where values have noise: not the one with the
/// luckiest value but the one whose value is expected to be best.
///
/// @param trial complete, and keeping the constraints if any does
/// @param expected its objective's value without noise, by a model of all trials
/// @param low lower end of the interval that this value lies in with a probability of 95 %
/// @param high upper end
public record Recommendation(TrialRecord trial, double expected, double low, double high) {}
