package dev.assay.device.tornado;

import dev.assay.device.lanes.LaneSession;
import dev.assay.train.FoldedData;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngineContract;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainSession;

/// The arithmetic of the trainer's kernels without a device.
class SequentialTrainingTest extends TrainEngineContract {
  @Override
  protected TrainEngine engine() {
    return new TrainEngine() {
      @Override
      public long laneBytes(Shape shape) {
        return TornadoLanes.laneBytes(shape);
      }

      @Override
      public long memoryBytes() {
        return Integer.MAX_VALUE;
      }

      @Override
      public float[] predict(Shape shape, FoldedData data, int fold, float[] weights, int[] rows) {
        try (var lanes = new SequentialLanes(shape, data, 1)) {
          lanes.write(0, 0, lanes.program().padded(weights));
          var scale = data.folds().get(fold).targetScale();
          return LaneSession.predictions(lanes, shape, scale, 0, fold, rows);
        }
      }

      @Override
      public TrainSession open(TrainPlan plan) {
        int slots = plan.lanes().size();
        return new LaneSession(new SequentialLanes(plan.shape(), plan.data(), slots), plan);
      }
    };
  }
}
