package dev.assay.device.tornado;

/// Where sizes stand in the array `control` that every kernel of the trainer gets.
final class LaneControl {
  /// How many lanes work.
  static final int LANES = 0;

  /// n.
  static final int ROWS = 1;

  /// Numbers of the scratch of one lane.
  static final int SCRATCH = 2;

  /// Whether predictions are asked for.
  static final int PREDICTIONS = 3;

  /// Of a copy: from where (-1: zeros), to where, how many.
  static final int FROM = 4;

  static final int TO = 5;
  static final int COUNT = 6;

  /// Where the states of the session's lanes begin.
  static final int BASE = 7;

  /// How many arrays a slot of a lane counts.
  static final int ARRAYS = 8;

  static final int LENGTH = 9;

  private LaneControl() {}
}
