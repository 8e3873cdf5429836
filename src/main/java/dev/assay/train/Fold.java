package dev.assay.train;

import dev.assay.random.Purpose;
import dev.assay.random.Streams;

/// One division of the rows. The arrays are handed out uncopied and must not be written.
///
/// @param training ascending row numbers
/// @param validation ascending row numbers, none of them in `training`
/// @param standardisation fitted on the training rows only
/// @param targetScale fitted on the training rows only
@SuppressWarnings("ArrayRecordComponent")
public record Fold(
    int[] training, int[] validation, Standardisation standardisation, TargetScale targetScale) {
  /// The share of the training rows that a lane with `patience` watches instead of learning.
  static final double WATCHED = 0.1;

  /// Divides the training rows for early stopping, stratified.
  ///
  /// @param seed the lane's seed
  /// @param index this fold's number
  Strata.Split watch(Target target, long seed, int index) {
    var random = new Streams(seed).stream(WATCH_STREAM + index, Purpose.FOLDS);
    return Strata.holdOut(Strata.of(target, training), WATCHED, random);
  }

  /// Keeps these draws apart from those of the folds, which may have the same seed.
  private static final long WATCH_STREAM = 1L << 32;
}
