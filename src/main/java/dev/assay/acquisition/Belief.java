package dev.assay.acquisition;

/// What is believed of a value: normal.
///
/// @param sd positive
public record Belief(double mean, double sd) {}
