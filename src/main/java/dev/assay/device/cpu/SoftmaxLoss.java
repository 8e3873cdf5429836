package dev.assay.device.cpu;

import dev.assay.train.Target;

/// Class probabilities by softmax, and their cross-entropy with the labels.
final class SoftmaxLoss implements HeadLoss {
  private final LaneMath math;
  private final int[] labels;
  private final int classes;
  private final int n;
  private float[] scratch = new float[0];

  /// The largest logit of each row.
  private float[] largest = new float[0];

  /// The sum of exponentials of each row.
  private float[] sums = new float[0];

  private final float[] columns;

  SoftmaxLoss(LaneMath math, Target.Classes target, int n) {
    this.math = math;
    this.labels = target.labels();
    this.classes = target.outputs();
    this.n = n;
    columns = new float[classes * LaneMath.STRIDE];
  }

  @Override
  public double gradient(float[] z, int[] rows, int from, int count, int fold, float[] out) {
    float scale = 1f / count;
    double loss = probabilities(z, count, scale, out) + distances(z, rows, from, count);
    for (int i = 0; i < count; i++) {
      out[i * n + labels[rows[from + i]]] -= scale;
    }
    return loss;
  }

  @Override
  public double loss(float[] z, int[] rows, int from, int count, int fold) {
    return probabilities(z, count, 1, scratch(count)) + distances(z, rows, from, count);
  }

  @Override
  public void predictions(float[] z, int count, int fold, float[] result, int at) {
    var out = scratch(count);
    probabilities(z, count, 1, out);
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

  /// The sum of (largest - the label's logit), after [#probabilities].
  private double distances(float[] z, int[] rows, int from, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += largest[i] - z[i * n + labels[rows[from + i]]];
    }
    return sum;
  }

  /// out = scale · softmax; returns the sum of the logarithms of the rows' sums of exponentials.
  private double probabilities(float[] z, int count, float scale, float[] out) {
    if (largest.length < count) {
      largest = new float[LaneLayout.padded(count, LaneMath.STRIDE)];
      sums = new float[largest.length];
    }
    math.softmax(z, count, n, classes, scale, largest, sums, columns, out);
    // The logarithm of a product of many sums at once; a sum lies between 1 and c.
    double product = 1;
    double loss = 0;
    for (int i = 0; i < count; i++) {
      product *= sums[i];
      if (!(product < 1e250)) {
        loss += StrictMath.log(product);
        product = 1;
      }
    }
    return loss + StrictMath.log(product);
  }
}
