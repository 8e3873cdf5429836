package dev.assay.train;

import java.util.List;

/// Where a lane stands between epochs, on the host: all that it takes to go on, but the settings
/// and seed of whoever goes on.
///
/// @param epoch epochs trained
/// @param weights as [TrainSession#weights]
/// @param moments the optimiser's, each as the weights; none where there are none
/// @param power1 the product of β₁ over all steps so far, by which Adam corrects its first moment;
///   it stays right where β₁ changes on the way
/// @param power2 the same for β₂ and the second moment
@SuppressWarnings("ArrayRecordComponent")
public record LaneCheckpoint(
    int epoch, float[] weights, List<float[]> moments, double power1, double power2) {
  public LaneCheckpoint {
    moments = List.copyOf(moments);
  }
}
