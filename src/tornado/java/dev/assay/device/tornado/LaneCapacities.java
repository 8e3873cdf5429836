package dev.assay.device.tornado;

import dev.assay.device.lanes.FoldArrays;
import dev.assay.device.lanes.LaneProgram;

/// Lengths of the arrays of one set of the trainer's task graphs: powers of two, so that few sets
/// are ever built.
///
/// @param features numbers of a data set
/// @param targets labels, standardised targets, or means and scales of a data set
/// @param states numbers of the states of all lanes of all sessions
/// @param scratch numbers of all lanes of a launch
/// @param rows of all lanes of a launch
/// @param steps numbers and keys of all steps of a launch
/// @param predictions numbers of a launch
record LaneCapacities(
    int features, int targets, int states, int scratch, int rows, int steps, int predictions) {
  /// Where every set begins.
  static final LaneCapacities LEAST =
      new LaneCapacities(1 << 17, 1 << 14, 1 << 20, 1 << 19, 1 << 15, 1 << 14, 1 << 15);

  static LaneCapacities ofStates(int states) {
    return new LaneCapacities(0, 0, states, 0, 0, 0, 0);
  }

  static LaneCapacities of(FoldArrays data) {
    int targets =
        Math.max(data.labels().length, Math.max(data.targets().length, data.scaling().length));
    return new LaneCapacities(data.features().length, targets, 0, 0, 0, 0, 0);
  }

  /// @param lanes of the launch
  static LaneCapacities ofLaunch(
      LaneProgram shape, int lanes, int rows, int steps, int predictions) {
    int scratch = Math.multiplyExact(shape.scratch(), lanes);
    return new LaneCapacities(0, 0, 0, scratch, rows, steps, predictions);
  }

  boolean covers(LaneCapacities need) {
    return features >= need.features
        && targets >= need.targets
        && states >= need.states
        && scratch >= need.scratch
        && rows >= need.rows
        && steps >= need.steps
        && predictions >= need.predictions;
  }

  /// What covers both.
  LaneCapacities with(LaneCapacities need) {
    return new LaneCapacities(
        larger(features, need.features),
        larger(targets, need.targets),
        larger(states, need.states),
        larger(scratch, need.scratch),
        larger(rows, need.rows),
        larger(steps, need.steps),
        larger(predictions, need.predictions));
  }

  private static int larger(int capacity, int need) {
    if (need > 1 << 30) {
      throw new IllegalArgumentException(need + " numbers are too many for one array");
    }
    return need <= capacity ? capacity : Integer.highestOneBit(2 * need - 1);
  }
}
