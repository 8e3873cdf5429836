package dev.assay.device.cpu;

import dev.assay.train.Activation;
import dev.assay.train.DropoutMask;
import dev.assay.train.Layer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A convolution with its activation and pooling at work, one image at a time, as products of
/// matrices (Chellapilla, Puri and Simard 2006) that are never built: with zeros around it, an
/// image is its own matrix P of what the kernel sees, whose rows overlap ([LaneMath#convolution]).
/// C = P W
/// + b, W's gradient is Pᵀ D, and the gradient in the image the convolution of D with the kernel
///   turned round. Pixels of a line that stand in the zeros are computed too, and ignored.
final class ConvolutionPass extends LayerPass {
  private final Layer.Convolution shape;
  private final Activation activation;
  private final int n;

  /// Numbers of an image that one line of the kernel sees.
  private final int run;

  /// Pixels of a line with its zeros.
  private final int wide;

  private final int rows;

  /// The zeros before and after an image: lines, and pixels of a line.
  private final int before;

  private final int after;

  /// The image with its zeros.
  private final float[] image;

  /// rows × n: C.
  private final float[] plane;

  /// D, with zeros before and after it.
  private final float[] deltas;

  /// For each pooled number of each row which of its four pixels it came from.
  private final int[] chosen;

  /// Where the derivative of gelu is taken, for each pooled number; empty otherwise.
  private final float[] arguments;

  private final float[] preActivation;

  /// The kernel turned round: a row for each (dy, dx, filter), a column for each channel.
  private final float[] turned;

  private final int turnedStride;
  private final float[] zeros;
  private final float[] imageDelta;

  /// For each line of the kernel `run` rows of n, padded to whole blocks.
  private final float[] gradient;

  private final float[] biasPart;
  private final float[] biasGradient;
  private final float[] block;

  ConvolutionPass(
      LaneMath math, LaneLayout layout, int layer, Layer.Convolution shape, int capacity) {
    super(math, layout, layer, capacity);
    this.shape = shape;
    activation = layout.shape.activation();
    n = layout.stride[layer];
    int kernel = shape.kernel();
    run = kernel * shape.channels();
    wide = shape.width() + kernel - 1;
    before = (kernel - 1) / 2;
    after = kernel - 1 - before;
    rows = LaneLayout.padded(shape.height() * wide, LaneMath.BLOCK);
    int seen = rows + (kernel - 1) * wide; // pixels that the kernel sees from its first to its last
    image = new float[seen * shape.channels() + LaneLayout.padded(run, LaneMath.BLOCK)];
    plane = new float[rows * n];
    deltas = new float[(seen + kernel) * n];
    chosen = new int[capacity * shape.features()];
    boolean gelu = activation == Activation.GELU;
    arguments = new float[gelu ? capacity * shape.features() : 0];
    preActivation = new float[gelu ? rows * n : 0];
    boolean first = layer == 0;
    turnedStride = LaneLayout.padded(shape.channels(), LaneMath.STRIDE);
    turned = new float[first ? 0 : kernel * kernel * n * turnedStride];
    zeros = new float[first ? 0 : turnedStride];
    imageDelta = new float[first ? 0 : rows * turnedStride];
    gradient = new float[kernel * LaneLayout.padded(run, LaneMath.BLOCK) * n];
    biasPart = new float[n];
    biasGradient = new float[n];
    block = new float[LaneMath.BLOCK * n];
  }

  @Override
  void forward(float[] weights, float[] in, int count, @Nullable DropoutMask mask) {
    for (int row = 0; row < count; row++) {
      take(in, row);
      math.convolution(
          image,
          shape.channels(),
          shape.kernel(),
          wide * shape.channels(),
          run,
          weights,
          layout.weightsAt[layer],
          n,
          weights,
          layout.biasAt[layer],
          plane,
          rows);
      if (activation == Activation.GELU) {
        System.arraycopy(plane, 0, preActivation, 0, rows * n);
      }
      math.activate(activation, plane, rows * n);
      pool(row);
    }
  }

  /// Puts an image between its zeros.
  private void take(float[] in, int row) {
    int line = shape.width() * shape.channels();
    int from = row * layout.strideInto(layer);
    for (int y = 0; y < shape.height(); y++, from += line) {
      int to = ((y + before) * wide + before) * shape.channels();
      System.arraycopy(in, from, image, to, line);
    }
  }

  private void pool(int row) {
    int filters = shape.filters();
    int line = shape.pooledWidth() * filters;
    int to = row * layout.strideOf(layer);
    int note = row * shape.features();
    for (int y = 0; y < shape.pooledHeight(); y++, to += line, note += line) {
      int at = 2 * y * wide * n;
      math.pool(plane, at, n, wide * n, shape.pooledWidth(), filters, out, to, chosen, note);
      if (activation == Activation.GELU) {
        for (int i = 0; i < line; i++) {
          int which = chosen[note + i];
          int pixel = i / filters * 2 + (which & 1) + (which >> 1) * wide;
          arguments[note + i] = preActivation[at + pixel * n + i % filters];
        }
      }
    }
  }

  @Override
  void backward(
      float[] weights,
      float[] in,
      float @Nullable [] below,
      int count,
      @Nullable DropoutMask mask) {
    Arrays.fill(gradient, 0);
    Arrays.fill(biasGradient, 0);
    if (below != null) {
      turn(weights);
    }
    differentiate(count);
    int pixels = shape.height() * wide;
    int first = (after * wide + after) * n; // where D begins among its zeros
    for (int row = 0; row < count; row++) {
      spread(row, first);
      take(in, row);
      for (int dy = 0, to = 0; dy < shape.kernel(); dy++) {
        int line = dy * wide * shape.channels();
        for (int i = 0; i < run; i += LaneMath.BLOCK, to += LaneMath.BLOCK * n) {
          math.gradient(image, shape.channels(), line + i, deltas, first, n, pixels, gradient, to);
        }
      }
      math.columnSums(deltas, n, first / n + pixels, biasPart);
      math.add(biasGradient, 0, biasPart, n);
      if (below != null) {
        math.convolution(
            deltas,
            n,
            shape.kernel(),
            wide * n,
            shape.kernel() * n,
            turned,
            0,
            turnedStride,
            zeros,
            0,
            imageDelta,
            rows);
        give(below, row);
      }
    }
  }

  private void differentiate(int count) {
    if (activation != Activation.GELU) {
      math.differentiate(activation, delta, out, count * layout.strideOf(layer));
      return;
    }
    for (int row = 0; row < count; row++) {
      int at = row * layout.strideOf(layer);
      int note = row * shape.features();
      for (int i = 0; i < shape.features(); i++) {
        delta[at + i] *= JavaLaneMath.geluDerivative(arguments[note + i]);
      }
    }
  }

  private void turn(float[] weights) {
    int last = shape.kernel() * shape.kernel() - 1;
    int channels = shape.channels();
    for (int place = 0; place <= last; place++) {
      for (int channel = 0; channel < channels; channel++) {
        int from = layout.weightsAt[layer] + ((last - place) * channels + channel) * n;
        for (int f = 0; f < shape.filters(); f++) {
          turned[(place * n + f) * turnedStride + channel] = weights[from + f];
        }
      }
    }
  }

  /// D of one row: its pooled numbers' gradients where they came from, and zeros.
  private void spread(int row, int first) {
    int filters = shape.filters();
    int line = shape.pooledWidth() * filters;
    int from = row * layout.strideOf(layer);
    int note = row * shape.features();
    for (int y = 0; y < shape.pooledHeight(); y++, from += line, note += line) {
      int at = first + 2 * y * wide * n;
      math.spread(delta, from, chosen, note, shape.pooledWidth(), filters, deltas, at, n, wide * n);
    }
  }

  /// Puts the gradient in an image where the layer below looks for it.
  private void give(float[] below, int row) {
    int channels = shape.channels();
    int to = row * layout.strideInto(layer);
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++, to += channels) {
        System.arraycopy(imageDelta, (y * wide + x) * turnedStride, below, to, channels);
      }
    }
  }

  @Override
  void update(LaneState lane, float[] in, int count) {
    for (int dy = 0, from = 0; dy < shape.kernel(); dy++) {
      for (int i = 0; i < run; i += LaneMath.BLOCK, from += LaneMath.BLOCK * n) {
        System.arraycopy(gradient, from, block, 0, block.length);
        updateBlock(lane, dy * run + i, Math.min(LaneMath.BLOCK, run - i), block);
      }
    }
    updateBias(lane, biasGradient);
  }
}
