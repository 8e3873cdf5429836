package dev.assay.device.cpu;

import dev.assay.train.Shape;

/// Where a lane's weights stand in one array: for each layer W (u rows at stride s), then b.
final class LaneLayout {
  final Shape shape;

  /// stride[l]: of the outputs of layer l, of its W and b.
  final int[] stride;

  final int[] weightsAt;
  final int[] biasAt;
  final int size;
  final int inputStride;

  LaneLayout(Shape shape) {
    this.shape = shape;
    int layers = shape.layers();
    stride = new int[layers];
    weightsAt = new int[layers];
    biasAt = new int[layers];
    int at = 0;
    for (int layer = 0; layer < layers; layer++) {
      stride[layer] = padded(shape.outputsOf(layer), LaneMath.STRIDE);
      weightsAt[layer] = at;
      biasAt[layer] = at + shape.inputsOf(layer) * stride[layer];
      at = biasAt[layer] + stride[layer];
    }
    size = at;
    inputStride = padded(shape.inputs(), LaneMath.STRIDE);
  }

  /// The stride of the inputs of a layer.
  int strideInto(int layer) {
    return layer == 0 ? inputStride : stride[layer - 1];
  }

  static int padded(int count, int multiple) {
    return (count + multiple - 1) / multiple * multiple;
  }
}
