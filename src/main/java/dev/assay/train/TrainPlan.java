package dev.assay.train;

import java.util.List;

/// What a session shall train: lanes of one shape on one folded data set.
public record TrainPlan(Shape shape, FoldedData data, List<Lane> lanes) {
  public TrainPlan {
    lanes = List.copyOf(lanes);
    for (var lane : lanes) {
      if (!Shape.of(lane.settings(), data.data()).equals(shape)) {
        throw new IllegalArgumentException("lane " + lane + " is not of shape " + shape);
      }
    }
  }
}
