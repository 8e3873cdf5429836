package dev.assay.device;

import dev.assay.random.Philox;
import dev.assay.random.Streams;
import dev.assay.train.Column;
import dev.assay.train.DataSet;
import dev.assay.train.FoldedData;
import dev.assay.train.Lane;
import dev.assay.train.Model;
import dev.assay.train.Shape;
import dev.assay.train.Target;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Compares what the device's trainer makes of a small network with plain arithmetic in double
/// precision: one hidden layer of tanh, softmax, stochastic gradient descent without momentum.
public final class TrainingChecks {
  private static final double TOLERANCE = 1e-4;
  private static final int ROWS = 96;
  private static final int FEATURES = 7;
  private static final int CLASSES = 3;
  private static final int HIDDEN = 12;
  private static final int BATCH = 16;
  private static final double RATE = 0.1;

  private final FoldedData data;
  private final Lane lane;
  private final Shape shape;
  private final Precision precision;

  private TrainingChecks(Precision precision) {
    this.precision = precision;
    data = new Validation.CrossValidation(3).apply(randomData(), new Streams(3));
    var settings =
        TrainerSettings.of(
            Model.named("mlp"),
            Map.of(
                "hidden",
                HIDDEN,
                "activation",
                "tanh",
                "optimizer",
                "sgd",
                "momentum",
                0.0,
                "nesterov",
                false,
                "learning_rate",
                RATE,
                "batch_size",
                BATCH,
                "epochs",
                2));
    lane = new Lane(settings, 0, 11);
    shape = Shape.of(settings, data.data());
  }

  /// @param engine of a device
  /// @param precision that it trains in
  public static List<Check> run(TrainEngine engine, Precision precision) {
    return new TrainingChecks(precision).checks(engine);
  }

  /// What becomes of a number that is multiplied.
  private double operand(double x) {
    return switch (precision) {
      case FP32 -> x;
      case TF32 -> Float.intBitsToFloat(Float.floatToRawIntBits((float) x) + 0x1000 & ~0x1fff);
      case BF16 -> {
        int bits = Float.floatToRawIntBits((float) x);
        yield Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & ~0xffff);
      }
    };
  }

  private static DataSet randomData() {
    var random = new Philox(21, 3);
    var features = new float[ROWS * FEATURES];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    var labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % CLASSES;
    }
    var columns = new ArrayList<Column>();
    for (int j = 0; j < FEATURES; j++) {
      columns.add(new Column.Numeric("x" + j));
    }
    var target = new Target.Classes("class", List.of("0", "1", "2"), labels);
    return new DataSet("self-check", columns, target, features);
  }

  private List<Check> checks(TrainEngine engine) {
    var plain = new Network();
    var losses = new double[2];
    for (int epoch = 1; epoch <= 2; epoch++) {
      var rows = lane.learntRows(data).clone();
      lane.shuffle(epoch, rows);
      losses[epoch - 1] = plain.learn(rows);
    }
    try (var session = engine.open(new TrainPlan(shape, data, List.of(lane)))) {
      session.advance(1); // compiles
      long start = System.nanoTime();
      var report = session.advance(2).getFirst();
      double milliseconds = (System.nanoTime() - start) * 1e-6;
      double loss = Math.abs(report.trainLoss() - losses[1]) / losses[1];
      double worst = 0;
      var validation = data.folds().get(0).validation();
      for (int i = 0; i < validation.length; i++) {
        var expected = plain.probabilities(validation[i]);
        for (int c = 0; c < CLASSES; c++) {
          worst = Math.max(worst, Math.abs(report.predictions()[i * CLASSES + c] - expected[c]));
        }
      }
      return List.of(
          new Check(
              "training, two epochs, " + precision, orInfinity(loss), TOLERANCE, milliseconds),
          new Check("predictions, " + precision, orInfinity(worst), TOLERANCE, milliseconds));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static double orInfinity(double error) {
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  /// The network in plain arithmetic.
  private final class Network {
    private final double[][] first = weights(0, FEATURES, HIDDEN);
    private final double[][] second = weights(1, HIDDEN, CLASSES);

    /// u + 1 rows of v: the matrix, then the bias.
    private double[][] weights(int layer, int inputs, int outputs) {
      var drawn = new float[inputs * outputs];
      lane.initialise(shape, layer, drawn, 0, outputs);
      var weights = new double[inputs + 1][outputs];
      for (int i = 0; i < drawn.length; i++) {
        weights[i / outputs][i % outputs] = drawn[i];
      }
      return weights;
    }

    private double[] inputs(int row) {
      var scale = data.folds().get(lane.fold()).standardisation();
      var x = new double[FEATURES];
      for (int j = 0; j < FEATURES; j++) {
        x[j] = (data.data().features()[row * FEATURES + j] - scale.mean()[j]) * scale.scale()[j];
      }
      return x;
    }

    private double[] affine(double[] x, double[][] weights) {
      var y = weights[x.length].clone();
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < y.length; j++) {
          y[j] += operand(x[i]) * operand(weights[i][j]);
        }
      }
      return y;
    }

    private double[] hidden(double[] x) {
      var h = affine(x, first);
      for (int j = 0; j < h.length; j++) {
        h[j] = Math.tanh(h[j]);
      }
      return h;
    }

    double[] probabilities(int row) {
      return softmax(affine(hidden(inputs(row)), second));
    }

    private static double[] softmax(double[] z) {
      double sum = 0;
      var p = new double[z.length];
      for (int c = 0; c < z.length; c++) {
        p[c] = Math.exp(z[c]);
        sum += p[c];
      }
      for (int c = 0; c < z.length; c++) {
        p[c] /= sum;
      }
      return p;
    }

    /// One epoch; returns the mean loss.
    double learn(int[] rows) {
      double loss = 0;
      for (int from = 0; from < rows.length; from += BATCH) {
        int count = Math.min(BATCH, rows.length - from);
        var firstGradient = new double[FEATURES + 1][HIDDEN];
        var secondGradient = new double[HIDDEN + 1][CLASSES];
        for (int i = from; i < from + count; i++) {
          loss += accumulate(rows[i], count, firstGradient, secondGradient);
        }
        step(first, firstGradient);
        step(second, secondGradient);
      }
      return loss / rows.length;
    }

    private double accumulate(
        int row, int count, double[][] firstGradient, double[][] secondGradient) {
      var x = inputs(row);
      var h = hidden(x);
      var delta = softmax(affine(h, second));
      int label = ((Target.Classes) data.data().target()).labels()[row];
      double loss = -Math.log(delta[label]);
      delta[label] -= 1;
      for (int c = 0; c < CLASSES; c++) {
        delta[c] /= count;
      }
      var below = new double[HIDDEN];
      for (int j = 0; j < HIDDEN; j++) {
        for (int c = 0; c < CLASSES; c++) {
          below[j] += operand(delta[c]) * operand(second[j][c]);
        }
        below[j] *= 1 - h[j] * h[j];
      }
      addOuter(h, delta, secondGradient);
      addOuter(x, below, firstGradient);
      return loss;
    }

    private void addOuter(double[] x, double[] delta, double[][] gradient) {
      for (int j = 0; j < delta.length; j++) {
        for (int i = 0; i < x.length; i++) {
          gradient[i][j] += operand(x[i]) * operand(delta[j]);
        }
        gradient[x.length][j] += delta[j];
      }
    }

    private static void step(double[][] weights, double[][] gradient) {
      for (int i = 0; i < weights.length; i++) {
        for (int j = 0; j < weights[i].length; j++) {
          weights[i][j] -= RATE * gradient[i][j];
        }
      }
    }
  }
}
