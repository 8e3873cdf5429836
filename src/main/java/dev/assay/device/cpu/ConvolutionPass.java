package dev.assay.device.cpu;

import dev.assay.train.Activation;
import dev.assay.train.DropoutMask;
import dev.assay.train.Layer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A convolution with its activation and pooling at work, one image at a time: the patches of an
/// image are the rows of a matrix P (pixels × u), so that C = P W + b, W's gradient is Pᵀ D and P's
/// is D Wᵀ (Chellapilla, Puri and Simard 2006). Patches are built anew on the way back: that costs
/// less than keeping those of a whole batch.
final class ConvolutionPass extends LayerPass {
  private final Layer.Convolution shape;
  private final Activation activation;
  private final int n;
  private final int pixels;
  private final int patchStride;
  private final float[] patches;

  /// pixels × n: C, or on the way back D.
  private final float[] plane;

  /// For each pooled number of each row which of its four pixels it came from.
  private final byte[] chosen;

  /// Where the derivative of gelu is taken, for each pooled number; empty otherwise.
  private final float[] before;

  private final float[] preActivation;
  private final float[] transposed;
  private final float[] zeros;
  private final float[] patchDelta;
  private final float[] part;
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
    pixels = shape.height() * shape.width();
    patchStride = LaneLayout.padded(shape.inputs(), LaneMath.STRIDE);
    int rows = LaneLayout.padded(pixels, LaneMath.BLOCK);
    patches = new float[rows * patchStride];
    plane = new float[rows * n];
    chosen = new byte[capacity * shape.features()];
    boolean gelu = activation == Activation.GELU;
    before = new float[gelu ? capacity * shape.features() : 0];
    preActivation = new float[gelu ? rows * n : 0];
    transposed = new float[layer == 0 ? 0 : shape.outputs() * patchStride];
    zeros = new float[layer == 0 ? 0 : patchStride];
    patchDelta = new float[layer == 0 ? 0 : rows * patchStride];
    part = new float[LaneMath.BLOCK * n];
    gradient = new float[LaneLayout.padded(shape.inputs(), LaneMath.BLOCK) * n];
    biasPart = new float[n];
    biasGradient = new float[n];
    block = new float[LaneMath.BLOCK * n];
  }

  @Override
  void forward(float[] weights, float[] in, int count, @Nullable DropoutMask mask) {
    int m = LaneLayout.padded(pixels, LaneMath.BLOCK);
    for (int row = 0; row < count; row++) {
      unfold(in, row * layout.strideInto(layer));
      math.product(
          patches,
          patchStride,
          weights,
          layout.weightsAt[layer],
          n,
          weights,
          layout.biasAt[layer],
          plane,
          m,
          shape.inputs());
      if (activation == Activation.GELU) {
        System.arraycopy(plane, 0, preActivation, 0, m * n);
      }
      math.activate(activation, plane, m * n);
      pool(row);
    }
  }

  /// P of the image at in[from ...]: row (y, x) holds the kernel's view of it, zeros outside.
  private void unfold(float[] in, int from) {
    int kernel = shape.kernel();
    int channels = shape.channels();
    int margin = (kernel - 1) / 2;
    int width = shape.width();
    int run = kernel * channels;
    for (int y = 0, row = 0; y < shape.height(); y++) {
      for (int x = 0; x < width; x++, row += patchStride) {
        int left = Math.max(0, margin - x) * channels;
        int right = Math.min(run, (width + margin - x) * channels);
        for (int dy = 0, to = row; dy < kernel; dy++, to += run) {
          int line = y + dy - margin;
          if (line < 0 || line >= shape.height()) {
            Arrays.fill(patches, to, to + run, 0);
            continue;
          }
          int source = from + (line * width + x - margin) * channels;
          for (int i = 0; i < left; i++) {
            patches[to + i] = 0;
          }
          for (int i = left; i < right; i++) {
            patches[to + i] = in[source + i];
          }
          for (int i = right; i < run; i++) {
            patches[to + i] = 0;
          }
        }
      }
    }
  }

  /// The largest of each 2 × 2 pixels; of equal ones the first, row by row.
  private void pool(int row) {
    int filters = shape.filters();
    int to = row * layout.strideOf(layer);
    int note = row * shape.features();
    for (int y = 0; y < shape.pooledHeight(); y++) {
      for (int x = 0; x < shape.pooledWidth(); x++, to += filters, note += filters) {
        int first = (2 * y * shape.width() + 2 * x) * n;
        int below = first + shape.width() * n;
        for (int f = 0; f < filters; f++) {
          float a = plane[first + f];
          float b = plane[first + n + f];
          float c = plane[below + f];
          float d = plane[below + n + f];
          float upper = b > a ? b : a;
          float lower = d > c ? d : c;
          boolean down = lower > upper;
          out[to + f] = down ? lower : upper;
          chosen[note + f] = (byte) (down ? d > c ? 3 : 2 : b > a ? 1 : 0);
        }
        if (activation == Activation.GELU) {
          for (int f = 0; f < filters; f++) {
            before[note + f] = preActivation[pixel(first, chosen[note + f]) + f];
          }
        }
      }
    }
  }

  /// The first of four pixels' places, moved to one of them.
  private int pixel(int first, int which) {
    return first + ((which & 1) + (which >> 1) * shape.width()) * n;
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
      transpose(weights, transposed, patchStride);
      Arrays.fill(below, 0, count * layout.strideInto(layer), 0);
    }
    differentiate(count);
    for (int row = 0; row < count; row++) {
      spread(row);
      unfold(in, row * layout.strideInto(layer));
      for (int first = 0; first < shape.inputs(); first += LaneMath.BLOCK) {
        math.gradient(patches, patchStride, first, plane, n, pixels, part);
        math.add(gradient, first * n, part, LaneMath.BLOCK * n);
      }
      math.columnSums(plane, n, pixels, biasPart);
      math.add(biasGradient, 0, biasPart, n);
      if (below != null) {
        int m = LaneLayout.padded(pixels, LaneMath.BLOCK);
        math.product(
            plane, n, transposed, 0, patchStride, zeros, 0, patchDelta, m, shape.outputs());
        fold(below, row * layout.strideInto(layer));
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
        delta[at + i] *= JavaLaneMath.geluDerivative(before[note + i]);
      }
    }
  }

  /// D of one row: its pooled numbers' gradients where they came from, and zeros.
  private void spread(int row) {
    Arrays.fill(plane, 0);
    int filters = shape.filters();
    int from = row * layout.strideOf(layer);
    int note = row * shape.features();
    for (int y = 0; y < shape.pooledHeight(); y++) {
      for (int x = 0; x < shape.pooledWidth(); x++, from += filters, note += filters) {
        int first = (2 * y * shape.width() + 2 * x) * n;
        for (int f = 0; f < filters; f++) {
          plane[pixel(first, chosen[note + f]) + f] = delta[from + f];
        }
      }
    }
  }

  /// Adds the patches' gradients to the pixels that they were taken from.
  private void fold(float[] below, int to) {
    int kernel = shape.kernel();
    int channels = shape.channels();
    int margin = (kernel - 1) / 2;
    int width = shape.width();
    int run = kernel * channels;
    for (int y = 0, row = 0; y < shape.height(); y++) {
      for (int x = 0; x < width; x++, row += patchStride) {
        int left = Math.max(0, margin - x) * channels;
        int right = Math.min(run, (width + margin - x) * channels);
        for (int dy = 0, from = row; dy < kernel; dy++, from += run) {
          int line = y + dy - margin;
          if (line >= 0 && line < shape.height()) {
            int target = to + (line * width + x - margin) * channels;
            for (int i = left; i < right; i++) {
              below[target + i] += patchDelta[from + i];
            }
          }
        }
      }
    }
  }

  @Override
  void update(LaneState lane, float[] in, int count) {
    for (int first = 0; first < shape.inputs(); first += LaneMath.BLOCK) {
      System.arraycopy(gradient, first * n, block, 0, block.length);
      updateBlock(lane, first, block);
    }
    updateBias(lane, biasGradient);
  }
}
