package dev.assay.device.cpu;

import dev.assay.train.FoldedData;
import dev.assay.train.Lane;
import dev.assay.train.LaneReport;
import dev.assay.train.UpdateRule;
import org.jspecify.annotations.Nullable;

/// A lane between epochs: weights, moments, and where it stands. One thread works on it at a time.
final class LaneState {
  final int index;
  final Lane lane;
  final int[] learnt;
  final int[] watched;
  final float[] weights;
  final float[][] moments;
  final UpdateRule rule;
  int epoch;
  double trainLoss = Double.NaN;
  LaneReport.State state = LaneReport.State.RUNNING;
  long fitNanos;
  @Nullable LaneReport report;

  private final float @Nullable [] best;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private int sinceBest;

  LaneState(int index, Lane lane, LaneLayout layout, FoldedData data) {
    this.index = index;
    this.lane = lane;
    learnt = lane.learntRows(data);
    watched = lane.watchedRows(data);
    rule = new UpdateRule(lane.settings());
    weights = new float[layout.size];
    moments = new float[rule.moments()][layout.size];
    best = lane.settings().patience() > 0 ? new float[layout.size] : null;
    for (int layer = 0; layer < layout.shape.layers(); layer++) {
      lane.initialise(layout.shape, layer, weights, layout.weightsAt[layer], layout.stride[layer]);
    }
  }

  /// The weights that predictions are made with.
  float[] predicting() {
    return best == null || bestLoss == Double.POSITIVE_INFINITY ? weights : best;
  }

  /// Takes note of the loss on the watched rows, and stops the lane when its patience ends.
  void watch(double loss) {
    if (best == null) {
      return;
    }
    if (loss < bestLoss) {
      bestLoss = loss;
      sinceBest = 0;
      System.arraycopy(weights, 0, best, 0, weights.length);
    } else if (++sinceBest >= lane.settings().patience()) {
      state = LaneReport.State.STOPPED;
    }
  }
}
