package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// A convolution with its activation and pooling ([dev.assay.train.Layer.Convolution]) of one lane,
/// by the threads of its work group. Letters and places as in [DenseKernels].
final class ConvolutionKernels {
  private ConvolutionKernels() {}

  /// One pooled number a thread: four convolutions, their activations, the largest.
  static void forward(
      int thread,
      int threads,
      IntArray program,
      FloatArray states,
      FloatArray scratch,
      int state,
      int own,
      int l,
      int count) {
    int layer = LaneArithmetic.layer(l);
    int rowStride = program.get(layer + LaneArithmetic.ROW_STRIDE);
    int features = program.get(layer + LaneArithmetic.FEATURES);
    int outputs = program.get(layer + LaneArithmetic.V);
    int activation = program.get(LaneArithmetic.ACTIVATION);
    int pooledWidth = program.get(layer + LaneArithmetic.WIDTH) / 2;
    int margin = (program.get(layer + LaneArithmetic.KERNEL) - 1) / 2;
    int out = own + program.get(layer + LaneArithmetic.OUT);
    int kept = program.get(layer + LaneArithmetic.KEPT);
    int chosen = own + program.get(layer + LaneArithmetic.CHOSEN);
    int in = own + LaneArithmetic.in(program, l);
    int inStride = LaneArithmetic.inStride(program, l);
    for (int e = thread; e < count * rowStride; e += threads) {
      int r = e / rowStride;
      int feature = e - r * rowStride;
      float best = 0f;
      float bestAt = 0f;
      int which = 0;
      if (feature < features) {
        int pixel = feature / outputs;
        int f = feature - pixel * outputs;
        int top = pixel / pooledWidth * 2 - margin;
        int left = (pixel - pixel / pooledWidth * pooledWidth) * 2 - margin;
        for (int k = 0; k < 4; k++) {
          int y = top + k / 2;
          int x = left + (k - k / 2 * 2);
          float sum = convolved(program, states, scratch, state, layer, in + r * inStride, y, x, f);
          float value = LaneArithmetic.activated(activation, sum);
          if (k == 0 || value > best) {
            best = value;
            bestAt = sum;
            which = k;
          }
        }
      }
      scratch.set(out + e, best);
      scratch.set(chosen + e, which);
      if (kept >= 0) {
        scratch.set(own + kept + e, bestAt);
      }
    }
  }

  /// The bias and the sum over the kernel, with zeros around the image.
  private static float convolved(
      IntArray program,
      FloatArray states,
      FloatArray scratch,
      int state,
      int layer,
      int image,
      int top,
      int left,
      int f) {
    int height = program.get(layer + LaneArithmetic.HEIGHT);
    int width = program.get(layer + LaneArithmetic.WIDTH);
    int channels = program.get(layer + LaneArithmetic.CHANNELS);
    int kernel = program.get(layer + LaneArithmetic.KERNEL);
    int stride = program.get(layer + LaneArithmetic.STRIDE);
    int weights = state + program.get(layer + LaneArithmetic.WEIGHTS) + f;
    float sum = states.get(state + program.get(layer + LaneArithmetic.BIAS) + f);
    for (int dy = 0; dy < kernel; dy++) {
      int y = top + dy;
      for (int dx = 0; dx < kernel; dx++) {
        int x = left + dx;
        if (y >= 0 && y < height && x >= 0 && x < width) {
          int from = image + (y * width + x) * channels;
          int w = weights + (dy * kernel + dx) * channels * stride;
          for (int q = 0; q < channels; q++) {
            sum += scratch.get(from + q) * states.get(w + q * stride);
          }
        }
      }
    }
    return sum;
  }

  /// delta := delta · a'(x).
  static void slopes(
      int thread, int threads, IntArray program, FloatArray scratch, int own, int l, int count) {
    int layer = LaneArithmetic.layer(l);
    int rowStride = program.get(layer + LaneArithmetic.ROW_STRIDE);
    int features = program.get(layer + LaneArithmetic.FEATURES);
    int activation = program.get(LaneArithmetic.ACTIVATION);
    int delta = own + program.get(layer + LaneArithmetic.DELTA);
    int at = LaneArithmetic.slopesAt(program, own, layer);
    for (int e = thread; e < count * rowStride; e += threads) {
      float slope = 0f;
      if (e - e / rowStride * rowStride < features) {
        slope = LaneArithmetic.slope(activation, scratch.get(at + e));
      }
      scratch.set(delta + e, scratch.get(delta + e) * slope);
    }
  }

  /// The gradient in one input pixel's channel a thread: from every kernel position that covers it.
  static void below(
      int thread,
      int threads,
      IntArray program,
      FloatArray states,
      FloatArray scratch,
      int state,
      int own,
      int l,
      int count) {
    int layer = LaneArithmetic.layer(l);
    int rowStride = program.get(layer + LaneArithmetic.ROW_STRIDE);
    int channels = program.get(layer + LaneArithmetic.CHANNELS);
    int width = program.get(layer + LaneArithmetic.WIDTH);
    int height = program.get(layer + LaneArithmetic.HEIGHT);
    int delta = own + program.get(layer + LaneArithmetic.DELTA);
    int chosen = own + program.get(layer + LaneArithmetic.CHOSEN);
    int weights = state + program.get(layer + LaneArithmetic.WEIGHTS);
    int to = own + program.get(LaneArithmetic.layer(l - 1) + LaneArithmetic.DELTA);
    int inStride = LaneArithmetic.inStride(program, l);
    for (int e = thread; e < count * inStride; e += threads) {
      int r = e / inStride;
      int place = e - r * inStride;
      int pixel = place / channels;
      int channel = place - pixel * channels;
      int y = pixel / width;
      int x = pixel - y * width;
      float sum = 0f;
      if (y < height) {
        sum =
            covered(
                program,
                states,
                scratch,
                layer,
                delta + r * rowStride,
                chosen + r * rowStride,
                weights,
                y,
                x,
                channel);
      }
      scratch.set(to + e, sum);
    }
  }

  private static float covered(
      IntArray program,
      FloatArray states,
      FloatArray scratch,
      int layer,
      int delta,
      int chosen,
      int weights,
      int y,
      int x,
      int channel) {
    int kernel = program.get(layer + LaneArithmetic.KERNEL);
    int channels = program.get(layer + LaneArithmetic.CHANNELS);
    int stride = program.get(layer + LaneArithmetic.STRIDE);
    int outputs = program.get(layer + LaneArithmetic.V);
    int pooledHeight = program.get(layer + LaneArithmetic.HEIGHT) / 2;
    int pooledWidth = program.get(layer + LaneArithmetic.WIDTH) / 2;
    int margin = (kernel - 1) / 2;
    float sum = 0f;
    for (int dy = 0; dy < kernel; dy++) {
      int toY = y - dy + margin;
      for (int dx = 0; dx < kernel; dx++) {
        int toX = x - dx + margin;
        if (toY >= 0 && toY < 2 * pooledHeight && toX >= 0 && toX < 2 * pooledWidth) {
          int which = (toY - toY / 2 * 2) * 2 + (toX - toX / 2 * 2);
          int cell = (toY / 2 * pooledWidth + toX / 2) * outputs;
          int w = weights + ((dy * kernel + dx) * channels + channel) * stride;
          for (int f = 0; f < outputs; f++) {
            if ((int) scratch.get(chosen + cell + f) == which) {
              sum += scratch.get(delta + cell + f) * states.get(w + f);
            }
          }
        }
      }
    }
    return sum;
  }

  /// One weight a thread; those after the last row of W are the biases.
  static void update(
      int thread,
      int threads,
      IntArray program,
      IntArray lanes,
      FloatArray numbers,
      FloatArray states,
      FloatArray scratch,
      int lane,
      int state,
      int own,
      int l,
      int count,
      float rate,
      float epsilon) {
    int layer = LaneArithmetic.layer(l);
    int size = program.get(LaneArithmetic.SIZE);
    int inputs = program.get(layer + LaneArithmetic.U);
    int outputs = program.get(layer + LaneArithmetic.V);
    int stride = program.get(layer + LaneArithmetic.STRIDE);
    int weights = state + program.get(layer + LaneArithmetic.WEIGHTS);
    int bias = state + program.get(layer + LaneArithmetic.BIAS);
    for (int e = thread; e < (inputs + 1) * outputs; e += threads) {
      int i = e / outputs;
      int f = e - i * outputs;
      float sum = gradient(program, scratch, own, l, count, i, f);
      int at = i == inputs ? bias + f : weights + i * stride + f;
      float decayed = i == inputs ? 0f : 1f;
      LaneArithmetic.update(lanes, numbers, states, lane, size, at, sum, rate, epsilon, decayed);
    }
  }

  /// The gradient in the weight of kernel place i, or in the bias after the last, of a filter.
  private static float gradient(
      IntArray program, FloatArray scratch, int own, int l, int count, int i, int f) {
    int layer = LaneArithmetic.layer(l);
    int rowStride = program.get(layer + LaneArithmetic.ROW_STRIDE);
    int inStride = LaneArithmetic.inStride(program, l);
    int in = own + LaneArithmetic.in(program, l);
    int delta = own + program.get(layer + LaneArithmetic.DELTA) + f;
    int chosen = own + program.get(layer + LaneArithmetic.CHOSEN) + f;
    int outputs = program.get(layer + LaneArithmetic.V);
    int kernel = program.get(layer + LaneArithmetic.KERNEL);
    int channels = program.get(layer + LaneArithmetic.CHANNELS);
    int height = program.get(layer + LaneArithmetic.HEIGHT);
    int width = program.get(layer + LaneArithmetic.WIDTH);
    int pooledWidth = width / 2;
    int pixels = height / 2 * pooledWidth;
    int margin = (kernel - 1) / 2;
    int place = i / channels;
    int channel = i - place * channels;
    int dy = place / kernel - margin;
    int dx = place - place / kernel * kernel - margin;
    boolean bias = i == program.get(layer + LaneArithmetic.U);
    float sum = 0f;
    for (int r = 0; r < count; r++) {
      for (int pixel = 0; pixel < pixels; pixel++) {
        float d = scratch.get(delta + r * rowStride + pixel * outputs);
        if (bias) {
          sum += d;
        } else {
          int which = (int) scratch.get(chosen + r * rowStride + pixel * outputs);
          int y = pixel / pooledWidth * 2 + which / 2 + dy;
          int x = (pixel - pixel / pooledWidth * pooledWidth) * 2 + (which - which / 2 * 2) + dx;
          if (y >= 0 && y < height && x >= 0 && x < width) {
            sum += d * scratch.get(in + r * inStride + (y * width + x) * channels + channel);
          }
        }
      }
    }
    return sum;
  }
}
