package dev.assay.device.tornado;

import dev.assay.device.lanes.FoldArrays;

/// Lengths of the arrays of one set of the trainer's task graphs: powers of two, so that few sets
/// are ever built.
///
/// @param data numbers of the largest array of a data set
/// @param states numbers of the states of all lanes of all sessions
/// @param scratch numbers of all lanes of a launch
/// @param rows of all lanes of a launch
/// @param steps numbers and keys of all steps of a launch
/// @param predictions numbers of a launch
record LaneCapacities(
    int data, int states, int scratch, int rows, int steps, int predictions) {
  static final LaneCapacities LEAST =
      new LaneCapacities(1 << 17, 1 << 20, 1 << 19, 1 << 15, 1 << 14, 1 << 15);

  static final LaneCapacities NONE = new LaneCapacities(0, 0, 0, 0, 0, 0);

  static LaneCapacities of(FoldArrays data) {
    int largest =
        Math.max(
            Math.max(data.features().length, data.labels().length),
            Math.max(data.targets().length, data.scaling().length));
    return new LaneCapacities(largest, 0, 0, 0, 0, 0);
  }

  static LaneCapacities ofStates(int states) {
    return new LaneCapacities(0, states, 0, 0, 0, 0);
  }

  static LaneCapacities ofLaunch(int scratch, int rows, int steps, int predictions) {
    return new LaneCapacities(0, 0, scratch, rows, steps, predictions);
  }

  boolean covers(LaneCapacities need) {
    return data >= need.data
        && states >= need.states
        && scratch >= need.scratch
        && rows >= need.rows
        && steps >= need.steps
        && predictions >= need.predictions;
  }

  /// What covers both.
  LaneCapacities with(LaneCapacities need) {
    return new LaneCapacities(
        larger(data, need.data),
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
