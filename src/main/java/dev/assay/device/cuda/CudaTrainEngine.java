package dev.assay.device.cuda;

import dev.assay.device.lanes.LaneSession;
import dev.assay.train.FoldedData;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainSession;

/// Trains on a device: all lanes of a session in one launch an epoch, a block for each.
///
/// FP32 throughout. Lanes that fit into a block's shared memory stay there for an epoch; of larger
/// ones, in device memory, several blocks do the layers one after the other ([LanePlacement]).
final class CudaTrainEngine implements TrainEngine {
  private final CudaDevice device;

  CudaTrainEngine(CudaDevice device) {
    this.device = device;
  }

  @Override
  public long laneBytes(Shape shape) {
    return DeviceLanes.laneBytes(shape, device.sharedBytes());
  }

  /// Of what can be had now, and of the whole device at most half: the rest is for the data and for
  /// others.
  @Override
  public long memoryBytes() {
    return Math.min(capacityBytes(), device.memory().obtainable() / 5 * 4);
  }

  @Override
  public long capacityBytes() {
    return device.totalBytes() / 2;
  }

  @Override
  public float[] predict(Shape shape, FoldedData data, int fold, float[] weights, int[] rows) {
    try (var lanes = new DeviceLanes(device, shape, data, 1, false)) {
      lanes.write(0, 0, lanes.program().padded(weights));
      return LaneSession.predictions(
          lanes, shape, data.folds().get(fold).targetScale(), 0, fold, rows);
    }
  }

  @Override
  public TrainSession open(TrainPlan plan) {
    boolean drops = plan.lanes().stream().anyMatch(lane -> lane.settings().dropout() > 0);
    int slots = plan.lanes().size();
    return new LaneSession(new DeviceLanes(device, plan.shape(), plan.data(), slots, drops), plan);
  }
}
