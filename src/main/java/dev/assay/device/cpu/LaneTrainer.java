package dev.assay.device.cpu;

import dev.assay.train.DropoutMask;
import dev.assay.train.FoldedData;
import dev.assay.train.LaneReport;
import dev.assay.train.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Trains one lane after the other on one thread, with buffers of its own: nothing is allocated
/// from step to step, but the masks of dropout.
final class LaneTrainer {
  private static final int LEAST_ROWS = 64;

  private final LaneMath math;
  private final LaneLayout layout;
  private final Shape shape;
  private final FoldedData data;
  private final int capacity;
  private final float[] batch;
  private final List<LayerPass> passes = new ArrayList<>();
  private final LayerPass last;
  private final HeadLoss head;
  private final @Nullable DropoutMask[] masks;

  LaneTrainer(LaneMath math, LaneLayout layout, FoldedData data) {
    this.math = math;
    this.layout = layout;
    this.shape = layout.shape;
    this.data = data;
    capacity = LaneLayout.padded(Math.max(LEAST_ROWS, shape.batchClass()), LaneMath.BLOCK);
    batch = new float[capacity * layout.inputStride];
    for (int layer = 0; layer < shape.layers(); layer++) {
      passes.add(LayerPass.of(math, layout, layer, capacity));
    }
    last = passes.getLast();
    head = HeadLoss.of(math, layout, data);
    masks = new @Nullable DropoutMask[shape.layers()];
  }

  /// Trains one epoch.
  void epoch(LaneState lane) {
    long start = System.nanoTime();
    int rows = lane.learnt.length;
    int size = lane.lane.settings().batchSize();
    var shuffled = lane.learnt.clone();
    lane.lane.shuffle(lane.epoch + 1, shuffled);
    lane.rule.epoch(lane.epoch + 1);
    double loss = 0;
    for (int from = 0, step = 0; from < rows && Double.isFinite(loss); from += size, step++) {
      loss += step(lane, step, shuffled, from, Math.min(size, rows - from));
    }
    lane.epoch++;
    lane.trainLoss = loss / rows;
    if (!(lane.trainLoss <= LaneReport.DIVERGED_LOSS)) {
      lane.state = LaneReport.State.DIVERGED;
    } else if (lane.watched.length > 0) {
      lane.watch(loss(lane) / lane.watched.length);
    }
    if (lane.state == LaneReport.State.RUNNING && lane.epoch >= lane.lane.settings().epochs()) {
      lane.state = LaneReport.State.FINISHED;
    }
    lane.fitNanos += System.nanoTime() - start;
  }

  /// One mini-batch: forward, backward, update.
  ///
  /// @return the sum of the rows' losses before the update
  private double step(LaneState lane, int step, int[] rows, int from, int count) {
    for (int layer = 0; layer < masks.length; layer++) {
      boolean drops = lane.lane.settings().dropout() > 0 && passes.get(layer).drops();
      masks[layer] = drops ? DropoutMask.of(lane.lane, lane.epoch + 1, step, layer) : null;
    }
    forward(lane.weights, lane.lane.fold(), rows, from, count, true);
    double loss = head.gradient(last.out, rows, from, count, lane.lane.fold(), last.delta);
    lane.rule.next();
    for (int layer = shape.layers() - 1; layer >= 0; layer--) {
      var pass = passes.get(layer);
      var below = layer == 0 ? null : passes.get(layer - 1).delta;
      pass.backward(lane.weights, into(layer), below, count, masks[layer]);
      pass.update(lane, into(layer), count);
    }
    return loss;
  }

  private float[] into(int layer) {
    return layer == 0 ? batch : passes.get(layer - 1).out;
  }

  private void forward(
      float[] weights, int fold, int[] rows, int from, int count, boolean training) {
    var set = data.data();
    math.gather(
        set.features(),
        set.width(),
        rows,
        from,
        count,
        data.folds().get(fold).standardisation(),
        batch,
        layout.inputStride);
    for (int layer = 0; layer < shape.layers(); layer++) {
      passes.get(layer).forward(weights, into(layer), count, training ? masks[layer] : null);
    }
  }

  /// The sum of the losses of the lane's watched rows.
  private double loss(LaneState lane) {
    double loss = 0;
    for (int from = 0; from < lane.watched.length; from += capacity) {
      int count = Math.min(capacity, lane.watched.length - from);
      int fold = lane.lane.fold();
      forward(lane.weights, fold, lane.watched, from, count, false);
      loss += head.loss(last.out, lane.watched, from, count, fold);
    }
    return loss;
  }

  /// The lane's validation rows.
  int[] validation(LaneState lane) {
    return data.folds().get(lane.lane.fold()).validation();
  }

  /// What a lane predicts for rows, as [dev.assay.train.TrainSession#predict].
  float[] predict(LaneState lane, int[] rows) {
    return predict(lane.predicting(), lane.lane.fold(), rows);
  }

  /// What weights predict for rows, as [dev.assay.train.TrainEngine#predict].
  float[] predict(float[] weights, int fold, int[] rows) {
    int outputs = shape.outputs();
    var result = new float[rows.length * outputs];
    for (int from = 0; from < rows.length; from += capacity) {
      int count = Math.min(capacity, rows.length - from);
      forward(weights, fold, rows, from, count, false);
      head.predictions(last.out, count, fold, result, from * outputs);
    }
    return result;
  }
}
