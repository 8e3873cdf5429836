package dev.assay.device.cpu;

import dev.assay.train.Target;

/// Class probabilities by softmax, and their cross-entropy with the labels.
final class SoftmaxLoss implements HeadLoss {
  private final LaneMath math;
  private final int[] labels;
  private final int classes;
  private final int n;
  private float[] scratch = new float[0];

  SoftmaxLoss(LaneMath math, Target.Classes target, int n) {
    this.math = math;
    this.labels = target.labels();
    this.classes = target.outputs();
    this.n = n;
  }

  @Override
  public double gradient(float[] z, int[] rows, int from, int count, int fold, float[] out) {
    float scale = 1f / count;
    double loss = shifted(z, rows, from, count, out) + normalised(count, scale, out);
    for (int i = 0; i < count; i++) {
      out[i * n + labels[rows[from + i]]] -= scale;
    }
    return loss;
  }

  @Override
  public double loss(float[] z, int[] rows, int from, int count, int fold) {
    var out = scratch(count);
    return shifted(z, rows, from, count, out) + normalised(count, 1, out);
  }

  @Override
  public void predictions(float[] z, int count, int fold, float[] result, int at) {
    var out = scratch(count);
    for (int i = 0; i < count; i++) {
      shift(z, i * n, out);
    }
    normalised(count, 1, out);
    for (int i = 0; i < count; i++) {
      System.arraycopy(out, i * n, result, at + i * classes, classes);
    }
  }

  private float[] scratch(int count) {
    if (scratch.length < count * n) {
      scratch = new float[count * n];
    }
    return scratch;
  }

  /// out = logits less their row's largest; returns the sum of (largest - the label's logit).
  private double shifted(float[] z, int[] rows, int from, int count, float[] out) {
    double loss = 0;
    for (int i = 0; i < count; i++) {
      shift(z, i * n, out);
      loss -= out[i * n + labels[rows[from + i]]];
    }
    return loss;
  }

  private void shift(float[] z, int row, float[] out) {
    float largest = z[row];
    for (int j = 1; j < classes; j++) {
      largest = Math.max(largest, z[row + j]);
    }
    for (int j = 0; j < classes; j++) {
      out[row + j] = z[row + j] - largest;
    }
    for (int j = classes; j < n; j++) {
      out[row + j] = 0;
    }
  }

  /// out ← scale · softmax, of what [#shift] left; returns the sum of the logarithms of the rows'
  /// sums.
  private double normalised(int count, float scale, float[] out) {
    math.exp(out, count * n);
    // The logarithm of a product of many sums at once; a sum lies between 1 and c.
    double product = 1;
    double loss = 0;
    for (int i = 0; i < count; i++) {
      int row = i * n;
      float sum = 0;
      for (int j = 0; j < classes; j++) {
        sum += out[row + j];
      }
      float factor = scale / sum;
      for (int j = 0; j < classes; j++) {
        out[row + j] *= factor;
      }
      for (int j = classes; j < n; j++) {
        out[row + j] = 0;
      }
      product *= sum;
      if (!(product < 1e250)) {
        loss += StrictMath.log(product);
        product = 1;
      }
    }
    return loss + StrictMath.log(product);
  }
}
