package dev.assay.device.cpu;

import dev.assay.train.Activation;
import dev.assay.train.DropoutMask;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A dense layer at work.
final class DensePass extends LayerPass {
  private final int n;

  /// What the derivative of the activation is computed from: x of gelu, else its value before
  /// dropout.
  private final float[] kept;

  private final float[] transposed;

  /// The bias of products that have none.
  private final float[] zeros;

  private final float[] gradient;
  private final float[] biasGradient;

  DensePass(LaneMath math, LaneLayout layout, int layer, int capacity) {
    super(math, layout, layer, capacity);
    n = layout.stride[layer];
    int into = layout.strideInto(layer);
    kept = new float[hidden() ? out.length : 0];
    transposed = new float[layer == 0 ? 0 : layout.shape.outputsOf(layer) * into];
    zeros = new float[layer == 0 ? 0 : into];
    gradient = new float[LaneMath.BLOCK * n];
    biasGradient = new float[n];
  }

  @Override
  boolean drops() {
    return hidden();
  }

  @Override
  void forward(float[] weights, float[] in, int count, @Nullable DropoutMask mask) {
    int m = LaneLayout.padded(count, LaneMath.BLOCK);
    math.product(
        in,
        layout.strideInto(layer),
        weights,
        layout.weightsAt[layer],
        n,
        weights,
        layout.biasAt[layer],
        out,
        m,
        layout.shape.inputsOf(layer));
    if (!hidden()) {
      return;
    }
    var activation = layout.shape.activation();
    if (activation == Activation.GELU) {
      System.arraycopy(out, 0, kept, 0, m * n);
    }
    math.activate(activation, out, m * n);
    if (mask != null) {
      if (activation != Activation.GELU) {
        System.arraycopy(out, 0, kept, 0, m * n);
      }
      math.drop(out, count, n, layout.shape.outputsOf(layer), mask);
    }
  }

  @Override
  void backward(
      float[] weights,
      float[] in,
      float @Nullable [] below,
      int count,
      @Nullable DropoutMask mask) {
    int m = LaneLayout.padded(count, LaneMath.BLOCK);
    if (hidden()) {
      if (mask != null) {
        math.drop(delta, count, n, layout.shape.outputsOf(layer), mask);
      }
      var activation = layout.shape.activation();
      boolean separate = mask != null || activation == Activation.GELU;
      math.differentiate(activation, delta, separate ? kept : out, m * n);
    }
    if (below != null) {
      int into = layout.strideInto(layer);
      transpose(weights, into);
      math.product(
          delta, n, transposed, 0, into, zeros, 0, below, m, layout.shape.outputsOf(layer));
    }
  }

  private void transpose(float[] weights, int toStride) {
    int inputs = layout.shape.inputsOf(layer);
    int outputs = layout.shape.outputsOf(layer);
    int at = layout.weightsAt[layer];
    for (int j = 0; j < outputs; j++) {
      for (int i = 0; i < inputs; i++) {
        transposed[j * toStride + i] = weights[at + i * n + j];
      }
    }
  }

  /// Gradient and optimiser step, a block of rows of W at a time, while the gradient is in cache.
  @Override
  void update(LaneState lane, float[] in, int count) {
    int inputs = layout.shape.inputsOf(layer);
    for (int first = 0; first < inputs; first += LaneMath.BLOCK) {
      Arrays.fill(gradient, 0);
      math.gradient(in, layout.strideInto(layer), first, delta, 0, n, count, gradient, 0);
      updateBlock(lane, first, Math.min(LaneMath.BLOCK, inputs - first), gradient);
    }
    math.columnSums(delta, n, count, biasGradient);
    updateBias(lane, biasGradient);
  }
}
