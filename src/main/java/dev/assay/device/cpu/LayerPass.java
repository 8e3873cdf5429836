package dev.assay.device.cpu;

import dev.assay.train.DropoutMask;
import dev.assay.train.Layer;
import org.jspecify.annotations.Nullable;

/// One layer at work: forwards, backwards, and the update of its weights, with buffers of its own.
/// Rows stand one after the other; there may be up to [LaneMath#BLOCK] - 1 rows of any content
/// beyond the last, which are computed and ignored.
abstract sealed class LayerPass permits DensePass, ConvolutionPass {
  final LaneMath math;
  final LaneLayout layout;
  final int layer;

  /// rows × stride: what the layer gives to the next one.
  final float[] out;

  /// rows × stride: the gradient of the loss in `out`; spent by [#backward].
  final float[] delta;

  LayerPass(LaneMath math, LaneLayout layout, int layer, int capacity) {
    this.math = math;
    this.layout = layout;
    this.layer = layer;
    out = new float[capacity * layout.strideOf(layer)];
    delta = new float[capacity * layout.strideOf(layer)];
  }

  static LayerPass of(LaneMath math, LaneLayout layout, int layer, int capacity) {
    return switch (layout.shape.stack().get(layer)) {
      case Layer.Dense _ -> new DensePass(math, layout, layer, capacity);
      case Layer.Convolution convolution ->
          new ConvolutionPass(math, layout, layer, convolution, capacity);
    };
  }

  boolean hidden() {
    return layer < layout.shape.layers() - 1;
  }

  /// Whether dropout applies to it.
  boolean drops() {
    return false;
  }

  /// Computes `out` of `in`.
  ///
  /// @param mask of the units that are dropped; null: none
  abstract void forward(float[] weights, float[] in, int count, @Nullable DropoutMask mask);

  /// Turns `delta` into what [#update] needs.
  ///
  /// @param below where the gradient in the inputs goes; null where nobody asks
  /// @param mask as in the forward pass
  abstract void backward(
      float[] weights, float[] in, float @Nullable [] below, int count, @Nullable DropoutMask mask);

  /// One optimiser step of the layer's weights.
  abstract void update(LaneState lane, float[] in, int count);

  /// One optimiser step of some rows of W.
  void updateBlock(LaneState lane, int first, int rows, float[] gradient) {
    int n = layout.stride[layer];
    int at = layout.weightsAt[layer] + first * n;
    math.update(lane.rule, lane.weights, lane.moments, at, gradient, rows * n, true);
  }

  void updateBias(LaneState lane, float[] gradient) {
    int n = layout.stride[layer];
    math.update(lane.rule, lane.weights, lane.moments, layout.biasAt[layer], gradient, n, false);
  }
}
