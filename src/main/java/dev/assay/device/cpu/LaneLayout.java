package dev.assay.device.cpu;

import dev.assay.train.Shape;

/// Where a lane's weights stand in one array: for each layer W (u rows at stride s), then b.
final class LaneLayout {
  final Shape shape;

  /// stride[l]: of W and b of layer l.
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

  /// The stride of what a layer makes of the rows.
  int strideOf(int layer) {
    return padded(shape.stack().get(layer).features(), LaneMath.STRIDE);
  }

  /// The stride of the inputs of a layer.
  int strideInto(int layer) {
    return layer == 0 ? inputStride : strideOf(layer - 1);
  }

  /// The weights without the padding: for each layer W, row by row, then b.
  float[] compact(float[] weights) {
    var compact = new float[Math.toIntExact(shape.parameters())];
    int to = 0;
    for (int layer = 0; layer < shape.layers(); layer++) {
      int outputs = shape.outputsOf(layer);
      for (int i = 0; i <= shape.inputsOf(layer); i++) { // b follows the last row of W
        System.arraycopy(weights, weightsAt[layer] + i * stride[layer], compact, to, outputs);
        to += outputs;
      }
    }
    return compact;
  }

  /// The inverse of [#compact].
  float[] padded(float[] compact) {
    if (compact.length != shape.parameters()) {
      throw new IllegalArgumentException(
          compact.length + " weights are not the " + shape.parameters() + " of the shape");
    }
    var weights = new float[size];
    int from = 0;
    for (int layer = 0; layer < shape.layers(); layer++) {
      int outputs = shape.outputsOf(layer);
      for (int i = 0; i <= shape.inputsOf(layer); i++) {
        System.arraycopy(compact, from, weights, weightsAt[layer] + i * stride[layer], outputs);
        from += outputs;
      }
    }
    return weights;
  }

  static int padded(int count, int multiple) {
    return (count + multiple - 1) / multiple * multiple;
  }
}
