package dev.assay.train;

import java.util.ArrayList;
import java.util.List;

/// Training written down as plainly as possible, in double precision: no padding, no blocks, no
/// tricks, gradients from the chain rule. What engines are compared with.
final class ReferenceTraining {
  private final Shape shape;
  private final FoldedData data;
  private final Lane lane;
  private final List<double[][]> weights = new ArrayList<>();
  private final List<double[]> biases = new ArrayList<>();
  private final List<double[][]> weightMoments = new ArrayList<>();
  private final List<double[][]> biasMoments = new ArrayList<>();
  private int steps;

  ReferenceTraining(FoldedData data, Lane lane) {
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
    for (int from = 0; from < rows.length; from += batch) {
      loss += step(rows, from, Math.min(from + batch, rows.length));
    }
    return loss / rows.length;
  }

  private double step(int[] rows, int from, int to) {
    var weightGradients = new ArrayList<double[][]>();
    var biasGradients = new ArrayList<double[]>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      weightGradients.add(new double[shape.inputsOf(layer)][shape.outputsOf(layer)]);
      biasGradients.add(new double[shape.outputsOf(layer)]);
    }
    double loss = 0;
    for (int i = from; i < to; i++) {
      var outputs = outputs(rows[i]);
      int label = data.data().labels()[rows[i]];
      var delta = probabilities(outputs.getLast());
      loss -= Math.log(delta[label]);
      delta[label] -= 1;
      backward(outputs, delta, 1.0 / (to - from), weightGradients, biasGradients);
    }
    steps++;
    for (int layer = 0; layer < shape.layers(); layer++) {
      update(layer, weightGradients.get(layer), biasGradients.get(layer));
    }
    return loss;
  }

  /// The standardised row, then the output of each layer, the logits last.
  private List<double[]> outputs(int row) {
    int p = shape.inputs();
    var standardisation = data.folds().get(lane.fold()).standardisation();
    var x = new double[p];
    for (int j = 0; j < p; j++) {
      double value = data.data().features()[row * p + j];
      x[j] = (value - standardisation.mean()[j]) * standardisation.scale()[j];
    }
    var outputs = new ArrayList<double[]>(List.of(x));
    for (int layer = 0; layer < shape.layers(); layer++) {
      var in = outputs.getLast();
      var out = biases.get(layer).clone();
      for (int j = 0; j < out.length; j++) {
        for (int i = 0; i < in.length; i++) {
          out[j] += in[i] * weights.get(layer)[i][j];
        }
        if (layer < shape.layers() - 1) {
          out[j] = shape.activation() == Activation.TANH ? Math.tanh(out[j]) : Math.max(out[j], 0);
        }
      }
      outputs.add(out);
    }
    return outputs;
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
      List<double[]> outputs,
      double[] top,
      double scale,
      List<double[][]> weightGradients,
      List<double[]> biasGradients) {
    var delta = top;
    for (int layer = shape.layers() - 1; layer >= 0; layer--) {
      var in = outputs.get(layer);
      var below = new double[in.length];
      for (int j = 0; j < delta.length; j++) {
        biasGradients.get(layer)[j] += scale * delta[j];
        for (int i = 0; i < in.length; i++) {
          weightGradients.get(layer)[i][j] += scale * delta[j] * in[i];
          below[i] += delta[j] * weights.get(layer)[i][j];
        }
      }
      for (int i = 0; i < in.length; i++) {
        boolean tanh = shape.activation() == Activation.TANH;
        below[i] *= tanh ? 1 - in[i] * in[i] : in[i] > 0 ? 1 : 0;
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
    double rate = lane.settings().learningRate();
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
