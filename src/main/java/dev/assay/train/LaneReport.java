package dev.assay.train;

/// Where a lane stands.
///
/// @param lane index into the plan's lanes
/// @param epoch epochs trained
/// @param trainLoss mean over the rows of the last epoch of the loss ([Shape.Head]) that each had
///   when its batch came up, without the penalty of weight decay
/// @param predictions of the fold's validation rows: rows × c probabilities, row-major, or a number
///   for each row in the unit of the target; with patience, of the best weights so far; not finite
///   where the lane diverged
/// @param fitSeconds time that the lane trained, in all, without predictions
@SuppressWarnings("ArrayRecordComponent")
public record LaneReport(
    int lane, int epoch, State state, double trainLoss, float[] predictions, double fitSeconds) {
  /// A mean training loss above this means that the weights left the range where FP32 is of use, as
  /// NaN does: the lane has diverged. A uniform guess among c classes costs ln c.
  public static final double DIVERGED_LOSS = 1e5;

  /// What may come of the lane.
  public enum State {
    /// It can go on.
    RUNNING,
    /// It has had all its epochs.
    FINISHED,
    /// Its patience ended; its weights are the best ones that it had.
    STOPPED,
    /// Its loss became NaN, infinite, or larger than [LaneReport#DIVERGED_LOSS].
    DIVERGED
  }
}
