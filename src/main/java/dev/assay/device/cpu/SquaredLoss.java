package dev.assay.device.cpu;

import dev.assay.train.FoldedData;
import dev.assay.train.Target;
import dev.assay.train.TargetScale;

/// A number, and half its squared error in units of the training rows' variance.
final class SquaredLoss implements HeadLoss {
  private final float[] values;
  private final FoldedData data;
  private final int n;

  SquaredLoss(Target.Quantity target, FoldedData data, int n) {
    this.values = target.values();
    this.data = data;
    this.n = n;
  }

  private TargetScale scale(int fold) {
    return data.folds().get(fold).targetScale();
  }

  @Override
  public double gradient(float[] z, int[] rows, int from, int count, int fold, float[] out) {
    var scale = scale(fold);
    double loss = 0;
    for (int i = 0; i < count; i++) {
      float error = z[i * n] - scale.scaled(values[rows[from + i]]);
      loss += 0.5 * error * error;
      out[i * n] = error / count;
      for (int j = 1; j < n; j++) {
        out[i * n + j] = 0;
      }
    }
    return loss;
  }

  @Override
  public double loss(float[] z, int[] rows, int from, int count, int fold) {
    var scale = scale(fold);
    double loss = 0;
    for (int i = 0; i < count; i++) {
      float error = z[i * n] - scale.scaled(values[rows[from + i]]);
      loss += 0.5 * error * error;
    }
    return loss;
  }

  @Override
  public void predictions(float[] z, int count, int fold, float[] result, int at) {
    var scale = scale(fold);
    for (int i = 0; i < count; i++) {
      result[at + i] = scale.unscaled(z[i * n]);
    }
  }
}
