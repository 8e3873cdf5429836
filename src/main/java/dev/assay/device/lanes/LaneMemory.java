package dev.assay.device.lanes;

import org.jspecify.annotations.Nullable;

/// Data and the states of lanes of one shape in a device's memory, and the launches that work on
/// them. Belongs to one thread at a time.
///
/// A lane's state is [#ARRAYS] arrays of [LaneProgram#size] numbers, FP32: its weights, two
/// moments, its best weights.
public interface LaneMemory extends AutoCloseable {
  int ARRAYS = 4;

  /// Which array holds the best weights.
  int BEST = 3;

  /// Where a lane's weights are, in units of one array.
  static int place(int slot, boolean best) {
    return slot * ARRAYS + (best ? BEST : 0);
  }

  /// How a lane lies in this memory.
  LaneProgram program();

  /// How many lanes one launch may have.
  int most();

  /// @param array 0: the weights; 1, 2: a moment; [#BEST]
  float[] read(int slot, int array);

  /// @param array as of [#read]
  void write(int slot, int array, float[] numbers);

  /// Copies a lane's weights and moments here without a way over the host, if that can be done.
  ///
  /// @param from of lanes of the same layers
  /// @return whether it was done
  boolean copy(int slot, LaneMemory from, int other);

  /// Notes a lane's weights as its best.
  void keepBest(int slot);

  /// Moves lanes' states together, in this order, and frees the rest.
  void compact(int[] slots);

  /// Keeps rows that a lane learns from, for a device that puts them in each epoch's order itself.
  /// Lanes that share an array share its place.
  ///
  /// @param rows are not changed any more
  /// @return where they begin there; -1: the device wants the rows of each epoch, in order
  default int keep(int[] rows) {
    return -1;
  }

  /// Trains an epoch.
  ///
  /// @return the sum of each lane's losses
  double[] train(LaneBatch batch);

  /// What weights say of rows.
  ///
  /// @param batch slots in units of one array: see [#place]
  /// @param predictions where the predictions go, as many as the batch has; null: only the losses
  ///   are asked for
  /// @return the sum of each lane's losses
  double[] evaluate(LaneBatch batch, float @Nullable [] predictions);

  @Override
  void close();
}
