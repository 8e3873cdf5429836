package dev.assay.internal.surrogate;

/// What a search suggests to try.
///
/// @param point of the box
/// @param logGain logarithm of what one more trial is expected to gain there, as a share of what
///   the values before it have differed by (of their median from their best, or of the volume
///   between the reference point and the ideal one); while no point keeps the constraints, of the
///   probability that this one does
@SuppressWarnings("ArrayRecordComponent")
public record Suggestion(double[] point, double logGain) {}
