package dev.assay.device.cpu;

import dev.assay.train.FoldedData;
import dev.assay.train.Lane;
import dev.assay.train.LaneCheckpoint;
import dev.assay.train.LaneReport;
import dev.assay.train.UpdateRule;
import java.util.Arrays;
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

  LaneCheckpoint checkpoint(LaneLayout layout) {
    requireNoPatience();
    return new LaneCheckpoint(
        epoch,
        layout.compact(weights),
        Arrays.stream(moments).map(layout::compact).toList(),
        rule.power1(),
        rule.power2());
  }

  void restore(LaneCheckpoint checkpoint, LaneLayout layout) {
    requireNoPatience();
    if (checkpoint.moments().size() != moments.length) {
      throw new IllegalArgumentException(
          checkpoint.moments().size() + " moments are not the optimiser's " + moments.length);
    }
    copy(layout.padded(checkpoint.weights()), weights);
    for (int i = 0; i < moments.length; i++) {
      copy(layout.padded(checkpoint.moments().get(i)), moments[i]);
    }
    rule.resume(checkpoint.power1(), checkpoint.power2());
    epoch = checkpoint.epoch();
    state = epoch < lane.settings().epochs() ? LaneReport.State.RUNNING : LaneReport.State.FINISHED;
    report = null;
  }

  /// What patience remembers is no part of a checkpoint.
  private void requireNoPatience() {
    if (best != null) {
      throw new IllegalArgumentException("lane " + index + " has patience");
    }
  }

  private static void copy(float[] from, float[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
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
