package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// What happens to the rows of a batch before the first layer and after the last, by the threads of
/// a lane's work group.
final class RowKernels {
  private RowKernels() {}

  /// in := the standardised features of rows; a missing one is the mean, 0.
  @SuppressWarnings("IdentityBinaryExpression") // TornadoVM compiles no Float.isNaN
  static void gather(
      int thread,
      int threads,
      IntArray program,
      FloatArray features,
      FloatArray scaling,
      IntArray rows,
      FloatArray scratch,
      int fold,
      int first,
      int count,
      int own) {
    int inputs = program.get(LaneArithmetic.INPUTS);
    int stride = program.get(LaneArithmetic.INPUT_STRIDE);
    int mean = fold * 2 * inputs;
    int scale = mean + inputs;
    for (int e = thread; e < count * stride; e += threads) {
      int i = e / stride;
      int j = e - i * stride;
      float x = 0f;
      if (j < inputs) {
        float raw = features.get(rows.get(first + i) * inputs + j);
        if (raw == raw) {
          x = (raw - scaling.get(mean + j)) * scaling.get(scale + j);
        }
      }
      scratch.set(own + e, x);
    }
  }

  /// The losses of this thread's rows.
  ///
  /// @param z where the last layer's outputs are
  /// @param gradient where their gradients go; below 0: nowhere
  static double head(
      int thread,
      int threads,
      IntArray program,
      IntArray labels,
      FloatArray targets,
      IntArray rows,
      FloatArray scratch,
      int n,
      int fold,
      int first,
      int count,
      int z,
      int gradient) {
    int last = LaneArithmetic.layer(program.get(LaneArithmetic.LAYERS) - 1);
    int stride = program.get(last + LaneArithmetic.ROW_STRIDE);
    int outputs = program.get(last + LaneArithmetic.V);
    boolean softmax = program.get(LaneArithmetic.HEAD) == 0;
    double loss = 0;
    for (int i = thread; i < count; i += threads) {
      int from = z + i * stride;
      int to = gradient + i * stride;
      int row = rows.get(first + i);
      if (softmax) {
        float largest = largest(scratch, from, outputs);
        float sum = sum(scratch, from, outputs, largest);
        int label = labels.get(row);
        loss += Math.log((double) sum) - (double) (scratch.get(from + label) - largest);
        if (gradient >= 0) {
          float share = 1f / sum / count;
          for (int j = 0; j < stride; j++) {
            float d = 0f;
            if (j < outputs) {
              d = TornadoMath.exp(scratch.get(from + j) - largest) * share;
            }
            if (j == label) {
              d -= 1f / count;
            }
            scratch.set(to + j, d);
          }
        }
      } else {
        float error = scratch.get(from) - targets.get(fold * n + row);
        loss += 0.5 * error * error;
        if (gradient >= 0) {
          for (int j = 0; j < stride; j++) {
            scratch.set(to + j, j == 0 ? error / count : 0f);
          }
        }
      }
    }
    return loss;
  }

  private static float largest(FloatArray z, int from, int outputs) {
    float largest = z.get(from);
    for (int j = 1; j < outputs; j++) {
      float other = z.get(from + j);
      largest = other > largest ? other : largest;
    }
    return largest;
  }

  private static float sum(FloatArray z, int from, int outputs, float largest) {
    float sum = 0f;
    for (int j = 0; j < outputs; j++) {
      sum += TornadoMath.exp(z.get(from + j) - largest);
    }
    return sum;
  }

  static void predict(
      int thread,
      int threads,
      IntArray program,
      FloatArray scratch,
      FloatArray predictions,
      int count,
      int z,
      int to) {
    int last = LaneArithmetic.layer(program.get(LaneArithmetic.LAYERS) - 1);
    int stride = program.get(last + LaneArithmetic.ROW_STRIDE);
    int outputs = program.get(last + LaneArithmetic.V);
    boolean softmax = program.get(LaneArithmetic.HEAD) == 0;
    for (int i = thread; i < count; i += threads) {
      int from = z + i * stride;
      if (softmax) {
        float largest = largest(scratch, from, outputs);
        float factor = 1f / sum(scratch, from, outputs, largest);
        for (int j = 0; j < outputs; j++) {
          predictions.set(
              to + i * outputs + j, TornadoMath.exp(scratch.get(from + j) - largest) * factor);
        }
      } else {
        predictions.set(to + i, scratch.get(from));
      }
    }
  }
}
