package dev.assay.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Training written down as plainly as possible, in double precision: no padding, no blocks, no
/// tricks, gradients from the chain rule. What engines are compared with.
final class ReferenceTraining {
  private final Shape shape;
  private final FoldedData data;
  private final Lane lane;
  private final DoubleUnaryOperator operand;
  private final List<double[][]> weights = new ArrayList<>();
  private final List<double[]> biases = new ArrayList<>();
  private final List<double[][]> weightMoments = new ArrayList<>();
  private final List<double[][]> biasMoments = new ArrayList<>();
  private int steps;
  private int epoch;

  /// One row on its way through the layers.
  private static final class Pass {
    final int step;
    final int rowOfBatch;
    final List<double[]> inputs = new ArrayList<>();

    /// What is before the activation, and which units are kept, for dense layers.
    final List<double[]> before = new ArrayList<>();

    final List<boolean[]> kept = new ArrayList<>();

    Pass(int step, int rowOfBatch) {
      this.step = step;
      this.rowOfBatch = rowOfBatch;
    }
  }

  /// @param operand what becomes of a number that a dense layer multiplies
  ReferenceTraining(FoldedData data, Lane lane, DoubleUnaryOperator operand) {
    this.operand = operand;
    this.data = data;
    this.lane = lane;
    shape = Shape.of(lane.settings(), data.data());
    for (int layer = 0; layer < shape.layers(); layer++) {
      int u = shape.inputsOf(layer);
      int v = shape.outputsOf(layer);
      var flat = new float[u * v];
      lane.initialise(shape, layer, flat, 0, v);
      var w = new double[u][v];
      for (int i = 0; i < u * v; i++) {
        w[i / v][i % v] = flat[i];
      }
      weights.add(w);
      biases.add(new double[v]);
      weightMoments.add(new double[2][u * v]);
      biasMoments.add(new double[2][v]);
    }
  }

  /// The mean training loss of an epoch.
  double epoch(int epoch) {
    var rows = lane.learntRows(data).clone();
    lane.shuffle(epoch, rows);
    int batch = lane.settings().batchSize();
    double loss = 0;
    this.epoch = epoch;
    for (int from = 0, step = 0; from < rows.length; from += batch, step++) {
      loss += step(rows, from, Math.min(from + batch, rows.length), step);
    }
    return loss / rows.length;
  }

  private double step(int[] rows, int from, int to, int step) {
    var weightGradients = new ArrayList<double[][]>();
    var biasGradients = new ArrayList<double[]>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      weightGradients.add(new double[shape.inputsOf(layer)][shape.outputsOf(layer)]);
      biasGradients.add(new double[shape.outputsOf(layer)]);
    }
    double loss = 0;
    for (int i = from; i < to; i++) {
      var pass = new Pass(step, i - from);
      var top = outputs(rows[i], pass);
      double[] delta;
      switch (data.data().target()) {
        case Target.Classes(_, _, var labels) -> {
          delta = probabilities(top);
          loss -= Math.log(delta[labels[rows[i]]]);
          delta[labels[rows[i]]] -= 1;
        }
        case Target.Quantity(_, var values) -> {
          var scale = data.folds().get(lane.fold()).targetScale();
          delta = new double[] {top[0] - (values[rows[i]] - scale.mean()) / scale.deviation()};
          loss += delta[0] * delta[0] / 2;
        }
      }
      for (int j = 0; j < delta.length; j++) {
        delta[j] /= to - from;
      }
      backward(pass, delta, weightGradients, biasGradients);
    }
    steps++;
    for (int layer = 0; layer < shape.layers(); layer++) {
      update(layer, weightGradients.get(layer), biasGradients.get(layer));
    }
    return loss;
  }

  /// The outputs of the last layer.
  private double[] outputs(int row, Pass pass) {
    int p = shape.inputs();
    var standardisation = data.folds().get(lane.fold()).standardisation();
    var x = new double[p];
    for (int j = 0; j < p; j++) {
      double value = data.data().features()[row * p + j];
      value = (value - standardisation.mean()[j]) * standardisation.scale()[j];
      x[j] = Double.isNaN(value) ? 0 : value;
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      pass.inputs.add(x);
      x =
          switch (shape.stack().get(layer)) {
            case Layer.Dense _ -> dense(layer, x, pass);
            case Layer.Convolution convolution -> pooled(convolution, layer, x, pass);
          };
    }
    return x;
  }

  private double[] dense(int layer, double[] in, Pass pass) {
    var out = biases.get(layer).clone();
    for (int j = 0; j < out.length; j++) {
      for (int i = 0; i < in.length; i++) {
        out[j] += product(in[i], weights.get(layer)[i][j]);
      }
    }
    pass.before.add(out.clone());
    var kept = new boolean[out.length];
    pass.kept.add(kept);
    double rate = lane.settings().dropout();
    boolean hidden = layer < shape.layers() - 1;
    var mask = DropoutMask.of(lane, epoch, pass.step, layer);
    for (int j = 0; j < out.length; j++) {
      kept[j] = !hidden || rate == 0 || mask.keeps(pass.rowOfBatch * out.length + j);
      if (hidden) {
        out[j] = kept[j] ? activation(out[j]) / (1 - rate) : 0;
      }
    }
    return out;
  }

  private double product(double x, double y) {
    return operand.applyAsDouble(x) * operand.applyAsDouble(y);
  }

  private double activation(double x) {
    return switch (shape.activation()) {
      case RELU -> Math.max(x, 0);
      case TANH -> Math.tanh(x);
      case GELU -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    };
  }

  private double derivative(double x) {
    double h = 1e-6;
    return switch (shape.activation()) {
      case RELU -> x > 0 ? 1 : 0;
      case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
      case GELU -> (activation(x + h) - activation(x - h)) / (2 * h);
    };
  }

  /// Convolution, activation, and the largest of each four pixels.
  private double[] pooled(Layer.Convolution c, int layer, double[] in, Pass pass) {
    var before = new double[c.height() * c.width() * c.filters()];
    for (int y = 0; y < c.height(); y++) {
      for (int x = 0; x < c.width(); x++) {
        for (int f = 0; f < c.filters(); f++) {
          double sum = biases.get(layer)[f];
          for (int u = 0; u < c.inputs(); u++) {
            int from = source(c, y, x, u);
            sum += from < 0 ? 0 : in[from] * weights.get(layer)[u][f];
          }
          before[(y * c.width() + x) * c.filters() + f] = sum;
        }
      }
    }
    pass.before.add(before);
    pass.kept.add(new boolean[0]);
    var out = new double[c.features()];
    for (int i = 0; i < out.length; i++) {
      out[i] = activation(before[largest(c, before, i)]);
    }
    return out;
  }

  /// Where row u of the patch at (y, x) comes from; -1: outside.
  private static int source(Layer.Convolution c, int y, int x, int u) {
    int channel = u % c.channels();
    int column = x + u / c.channels() % c.kernel() - (c.kernel() - 1) / 2;
    int line = y + u / c.channels() / c.kernel() - (c.kernel() - 1) / 2;
    boolean inside = line >= 0 && line < c.height() && column >= 0 && column < c.width();
    return inside ? (line * c.width() + column) * c.channels() + channel : -1;
  }

  /// Which number before the pooling the i-th one after it is.
  private int largest(Layer.Convolution c, double[] before, int i) {
    int f = i % c.filters();
    int x = i / c.filters() % c.pooledWidth();
    int y = i / c.filters() / c.pooledWidth();
    int best = -1;
    for (int pixel = 0; pixel < 4; pixel++) {
      int at = ((2 * y + pixel / 2) * c.width() + 2 * x + pixel % 2) * c.filters() + f;
      if (best < 0 || activation(before[at]) > activation(before[best])) {
        best = at;
      }
    }
    return best;
  }

  private static double[] probabilities(double[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    var result = new double[logits.length];
    double sum = 0;
    for (int j = 0; j < logits.length; j++) {
      result[j] = Math.exp(logits[j] - largest);
      sum += result[j];
    }
    for (int j = 0; j < logits.length; j++) {
      result[j] /= sum;
    }
    return result;
  }

  private void backward(
      Pass pass, double[] top, List<double[][]> weightGradients, List<double[]> biasGradients) {
    var delta = top;
    for (int layer = shape.layers() - 1; layer >= 0; layer--) {
      var in = pass.inputs.get(layer);
      var before = pass.before.get(layer);
      var below = new double[in.length];
      var gradient = weightGradients.get(layer);
      var bias = biasGradients.get(layer);
      switch (shape.stack().get(layer)) {
        case Layer.Dense _ -> {
          for (int j = 0; j < delta.length; j++) {
            double d = delta[j];
            if (layer < shape.layers() - 1) {
              double kept = pass.kept.get(layer)[j] ? 1 / (1 - lane.settings().dropout()) : 0;
              d *= kept * derivative(before[j]);
            }
            bias[j] += d;
            for (int i = 0; i < in.length; i++) {
              gradient[i][j] += product(d, in[i]);
              below[i] += product(d, weights.get(layer)[i][j]);
            }
          }
        }
        case Layer.Convolution c -> {
          for (int i = 0; i < delta.length; i++) {
            int at = largest(c, before, i);
            int f = at % c.filters();
            int x = at / c.filters() % c.width();
            int y = at / c.filters() / c.width();
            double d = delta[i] * derivative(before[at]);
            bias[f] += d;
            for (int u = 0; u < c.inputs(); u++) {
              int from = source(c, y, x, u);
              if (from >= 0) {
                gradient[u][f] += d * in[from];
                below[from] += d * weights.get(layer)[u][f];
              }
            }
          }
        }
      }
      delta = below;
    }
  }

  private void update(int layer, double[][] gradient, double[] biasGradient) {
    int v = shape.outputsOf(layer);
    var moments = weightMoments.get(layer);
    for (int i = 0; i < gradient.length; i++) {
      for (int j = 0; j < v; j++) {
        var w = weights.get(layer)[i];
        w[j] = updated(w[j], gradient[i][j], moments, i * v + j, lane.settings().weightDecay());
      }
    }
    for (int j = 0; j < v; j++) {
      var b = biases.get(layer);
      b[j] = updated(b[j], biasGradient[j], biasMoments.get(layer), j, 0);
    }
  }

  private double updated(double w, double g, double[][] moments, int at, double decay) {
    double rate =
        lane.settings().learningRate()
            * lane.settings().schedule().factor(epoch, lane.settings().epochs());
    return switch (lane.settings().optimizer()) {
      case Optimizer.Sgd(double momentum, boolean nesterov) -> {
        double total = g + decay * w;
        moments[0][at] = momentum * moments[0][at] + total;
        yield w - rate * (nesterov ? total + momentum * moments[0][at] : moments[0][at]);
      }
      case Optimizer.Adam(double b1, double b2) ->
          w - rate * adam(g + decay * w, b1, b2, moments, at);
      case Optimizer.AdamW(double b1, double b2) ->
          w - rate * decay * w - rate * adam(g, b1, b2, moments, at);
    };
  }

  private double adam(double g, double b1, double b2, double[][] moments, int at) {
    moments[0][at] = b1 * moments[0][at] + (1 - b1) * g;
    moments[1][at] = b2 * moments[1][at] + (1 - b2) * g * g;
    double first = moments[0][at] / (1 - Math.pow(b1, steps));
    double second = moments[1][at] / (1 - Math.pow(b2, steps));
    return first / (Math.sqrt(second) + 1e-8);
  }
}
