package dev.assay.train;

import java.util.List;

/// Lanes in training, with their weights and optimiser state on the engine's device. Belongs to one
/// thread at a time.
public interface TrainSession extends AutoCloseable {
  /// Trains every live lane up to the end of an epoch, or to its own last epoch where that is
  /// earlier, and then predicts its validation rows. A lane that has finished, stopped or diverged
  /// reports again what it reported then.
  ///
  /// @param epoch counted from 1; not below the epoch of an earlier call
  /// @return one report for each live lane, in the order of the plan
  /// @throws InterruptedException when the calling thread is interrupted; the session can then only
  ///   be closed
  List<LaneReport> advance(int epoch) throws InterruptedException;

  /// What a live lane's weights predict, with patience its best ones: rows × c probabilities,
  /// row-major, or a number for each row in the unit of the target.
  ///
  /// @param lane index into the plan's lanes
  /// @param rows of the plan's data
  float[] predict(int lane, int[] rows);

  /// The weights that a live lane predicts with: for each layer W, row by row, then b.
  ///
  /// @param lane index into the plan's lanes
  float[] weights(int lane);

  /// A copy of where a live lane stands.
  ///
  /// @param lane index into the plan's lanes; one without patience
  LaneCheckpoint checkpoint(int lane);

  /// Lets a live lane go on from where a lane of the same layers stood: its weights, moments and
  /// epoch become that one's; settings, seed and fold stay its own. Where those are that one's too,
  /// it goes on as if nothing had been.
  ///
  /// @param lane index into the plan's lanes; one without patience
  /// @throws IllegalArgumentException for another number of weights or moments
  void restore(int lane, LaneCheckpoint checkpoint);

  /// As [#restore] of a live lane's checkpoint; an engine that can, copies on its device.
  ///
  /// @param lane index into the plan's lanes
  /// @param from a session of the same engine, this one or another
  /// @param other index into that one's plan
  default void takeOver(int lane, TrainSession from, int other) {
    restore(lane, from.checkpoint(other));
  }

  /// Drops every lane but these and frees what they held.
  ///
  /// @param lanes indices into the plan's lanes, all of them live
  void retain(List<Integer> lanes);

  @Override
  void close();
}
