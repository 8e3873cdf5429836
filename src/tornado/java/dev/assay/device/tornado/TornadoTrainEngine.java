package dev.assay.device.tornado;

import dev.assay.device.lanes.LaneSession;
import dev.assay.train.FoldedData;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainSession;

/// Trains on a device: all lanes of a session in one launch an epoch, a work group for each. FP32.
final class TornadoTrainEngine implements TrainEngine {
  /// What all lanes may take: TornadoVM's arrays are copied to the device as they are, and its
  /// default lets all of a process have 4 GB.
  private static final long MOST_BYTES = 1L << 30;

  private final Accelerator accelerator;

  TornadoTrainEngine(Accelerator accelerator) {
    this.accelerator = accelerator;
  }

  @Override
  public long laneBytes(Shape shape) {
    return TornadoLanes.laneBytes(shape);
  }

  @Override
  public long memoryBytes() {
    return Math.min(MOST_BYTES, accelerator.facts().bytes() / 4);
  }

  @Override
  public float[] predict(Shape shape, FoldedData data, int fold, float[] weights, int[] rows) {
    try (var lanes = new TornadoLanes(accelerator.lanes(), shape, data, 1, false)) {
      lanes.write(0, 0, lanes.program().padded(weights));
      return LaneSession.predictions(
          lanes, shape, data.folds().get(fold).targetScale(), 0, fold, rows);
    }
  }

  @Override
  public TrainSession open(TrainPlan plan) {
    boolean drops = plan.lanes().stream().anyMatch(lane -> lane.settings().dropout() > 0);
    int slots = plan.lanes().size();
    return new LaneSession(
        new TornadoLanes(accelerator.lanes(), plan.shape(), plan.data(), slots, drops), plan);
  }
}
