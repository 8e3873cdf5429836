package dev.assay.device.cpu;

import dev.assay.train.Activation;
import dev.assay.train.FoldedData;
import dev.assay.train.LaneReport;
import dev.assay.train.Shape;
import dev.assay.train.Standardisation;

/// Trains one lane after the other on one thread, with buffers of its own: nothing is allocated
/// from step to step.
final class LaneTrainer {
  private static final int LEAST_ROWS = 64;

  private final LaneMath math;
  private final LaneLayout layout;
  private final Shape shape;
  private final FoldedData data;
  private final int capacity;

  /// activations[0]: the batch; activations[l + 1]: the output of layer l, at last the logits.
  private final float[][] activations;

  /// deltas[l]: D of layer l.
  private final float[][] deltas;

  private final float[] transposed;

  /// The bias of products that have none.
  private final float[] zeros;

  private final float[] gradient;
  private final float[] biasGradient;
  private final int[] labels;

  LaneTrainer(LaneMath math, LaneLayout layout, FoldedData data) {
    this.math = math;
    this.layout = layout;
    this.shape = layout.shape;
    this.data = data;
    int layers = shape.layers();
    capacity = LaneLayout.padded(Math.max(LEAST_ROWS, shape.batchClass()), LaneMath.BLOCK);
    activations = new float[layers + 1][];
    deltas = new float[layers][];
    activations[0] = new float[capacity * layout.inputStride];
    int widest = 0;
    int largest = 0;
    for (int layer = 0; layer < layers; layer++) {
      int stride = layout.stride[layer];
      activations[layer + 1] = new float[capacity * stride];
      deltas[layer] = new float[capacity * stride];
      widest = Math.max(widest, stride);
      largest =
          layer == 0
              ? largest
              : Math.max(largest, shape.outputsOf(layer) * layout.strideInto(layer));
    }
    transposed = new float[largest];
    gradient = new float[LaneMath.BLOCK * widest];
    zeros = new float[widest];
    biasGradient = new float[widest];
    labels = new int[capacity];
  }

  /// Trains one epoch.
  void epoch(LaneState lane) {
    long start = System.nanoTime();
    int rows = lane.learnt.length;
    int batch = lane.lane.settings().batchSize();
    var shuffled = lane.learnt.clone();
    lane.lane.shuffle(lane.epoch + 1, shuffled);
    double loss = 0;
    for (int from = 0; from < rows && Double.isFinite(loss); from += batch) {
      loss += step(lane, shuffled, from, Math.min(batch, rows - from));
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
  private double step(LaneState lane, int[] rows, int from, int count) {
    forward(lane, lane.weights, rows, from, count);
    int last = shape.layers() - 1;
    double loss = softmax(count, deltas[last], 1f / count);
    lane.rule.next();
    for (int layer = last; layer >= 0; layer--) {
      if (layer > 0) {
        backward(lane.weights, layer, count);
      }
      update(lane, layer, count);
    }
    return loss;
  }

  private void forward(LaneState lane, float[] weights, int[] rows, int from, int count) {
    var set = data.data();
    math.gather(
        set.features(),
        set.width(),
        rows,
        from,
        count,
        standardisation(lane),
        activations[0],
        layout.inputStride);
    for (int i = 0; i < count; i++) {
      labels[i] = set.labels()[rows[from + i]];
    }
    int m = LaneLayout.padded(count, LaneMath.BLOCK);
    for (int layer = 0; layer < shape.layers(); layer++) {
      int n = layout.stride[layer];
      var out = activations[layer + 1];
      math.product(
          activations[layer],
          layout.strideInto(layer),
          weights,
          layout.weightsAt[layer],
          n,
          weights,
          layout.biasAt[layer],
          out,
          m,
          shape.inputsOf(layer));
      if (layer < shape.layers() - 1) {
        activate(out, m * n);
      }
    }
  }

  private Standardisation standardisation(LaneState lane) {
    return data.folds().get(lane.lane.fold()).standardisation();
  }

  private void activate(float[] x, int count) {
    switch (shape.activation()) {
      case RELU -> math.relu(x, count);
      case TANH -> math.tanh(x, count);
    }
  }

  /// Turns the logits of the last forward pass into probabilities or gradients.
  ///
  /// @param out count × c at the logits' stride: scale * (probability - one where the label is)
  ///   when scale is positive, else the probabilities
  /// @return the sum of the rows' cross-entropies
  private double softmax(int count, float[] out, float scale) {
    int classes = shape.classes();
    int n = layout.stride[shape.layers() - 1];
    double loss = shift(activations[shape.layers()], out, count);
    math.exp(out, count * n);
    // The logarithm of a product of many sums at once; a sum lies between 1 and c.
    double product = 1;
    for (int i = 0; i < count; i++) {
      int row = i * n;
      float sum = 0;
      for (int j = 0; j < classes; j++) {
        sum += out[row + j];
      }
      float factor = Math.abs(scale) / sum;
      for (int j = 0; j < classes; j++) {
        out[row + j] *= factor;
      }
      for (int j = classes; j < n; j++) {
        out[row + j] = 0;
      }
      if (scale > 0) {
        out[row + labels[i]] -= scale;
      }
      product *= sum;
      if (!(product < 1e250)) {
        loss += StrictMath.log(product);
        product = 1;
      }
    }
    return loss + StrictMath.log(product);
  }

  /// out = logits less their row's largest; returns the sum of (largest - the label's logit).
  private double shift(float[] logits, float[] out, int count) {
    int classes = shape.classes();
    int n = layout.stride[shape.layers() - 1];
    double loss = 0;
    for (int i = 0; i < count; i++) {
      int row = i * n;
      float largest = logits[row];
      for (int j = 1; j < classes; j++) {
        largest = Math.max(largest, logits[row + j]);
      }
      for (int j = 0; j < classes; j++) {
        out[row + j] = logits[row + j] - largest;
      }
      loss -= out[row + labels[i]];
    }
    return loss;
  }

  /// D of the layer below, from D of this one.
  private void backward(float[] weights, int layer, int count) {
    int below = layout.strideInto(layer);
    int outputs = shape.outputsOf(layer);
    transpose(weights, layer, below);
    int m = LaneLayout.padded(count, LaneMath.BLOCK);
    math.product(
        deltas[layer],
        layout.stride[layer],
        transposed,
        0,
        below,
        zeros,
        0,
        deltas[layer - 1],
        m,
        outputs);
    if (shape.activation() == Activation.RELU) {
      math.reluBackward(deltas[layer - 1], activations[layer], m * below);
    } else {
      math.tanhBackward(deltas[layer - 1], activations[layer], m * below);
    }
  }

  /// transposed = Wᵀ: v rows at stride `below`.
  private void transpose(float[] weights, int layer, int below) {
    int inputs = shape.inputsOf(layer);
    int outputs = shape.outputsOf(layer);
    int n = layout.stride[layer];
    int at = layout.weightsAt[layer];
    for (int j = 0; j < outputs; j++) {
      for (int i = 0; i < inputs; i++) {
        transposed[j * below + i] = weights[at + i * n + j];
      }
    }
  }

  /// Gradient and optimiser step, a block of rows of W at a time, while the gradient is in cache.
  private void update(LaneState lane, int layer, int count) {
    int n = layout.stride[layer];
    int inputs = shape.inputsOf(layer);
    for (int first = 0; first < inputs; first += LaneMath.BLOCK) {
      math.gradient(
          activations[layer], layout.strideInto(layer), first, deltas[layer], n, count, gradient);
      math.update(
          lane.rule,
          lane.weights,
          lane.moments,
          layout.weightsAt[layer] + first * n,
          gradient,
          Math.min(LaneMath.BLOCK, inputs - first) * n,
          true);
    }
    math.columnSums(deltas[layer], n, count, biasGradient);
    math.update(
        lane.rule, lane.weights, lane.moments, layout.biasAt[layer], biasGradient, n, false);
  }

  /// The sum of the losses of the lane's watched rows.
  private double loss(LaneState lane) {
    double loss = 0;
    var out = deltas[shape.layers() - 1];
    for (int from = 0; from < lane.watched.length; from += capacity) {
      int count = Math.min(capacity, lane.watched.length - from);
      forward(lane, lane.weights, lane.watched, from, count);
      loss += softmax(count, out, -1);
    }
    return loss;
  }

  /// The class probabilities of the lane's validation rows: rows × c.
  float[] predict(LaneState lane) {
    var rows = data.folds().get(lane.lane.fold()).validation();
    int classes = shape.classes();
    int n = layout.stride[shape.layers() - 1];
    var result = new float[rows.length * classes];
    var out = deltas[shape.layers() - 1];
    for (int from = 0; from < rows.length; from += capacity) {
      int count = Math.min(capacity, rows.length - from);
      forward(lane, lane.predicting(), rows, from, count);
      softmax(count, out, -1);
      for (int i = 0; i < count; i++) {
        System.arraycopy(out, i * n, result, (from + i) * classes, classes);
      }
    }
    return result;
  }
}
