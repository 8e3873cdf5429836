package dev.assay.device.cpu;

import dev.assay.train.FoldedData;
import dev.assay.train.Target;

/// What is made of the last layer's outputs Z (rows × stride): losses, their gradients,
/// predictions.
sealed interface HeadLoss permits SoftmaxLoss, SquaredLoss {
  /// @param rows of the data; those of Z are rows[from ... from + count)
  /// @param out rows × stride: the gradient in Z of the rows' mean loss
  /// @return the sum of the rows' losses
  double gradient(float[] z, int[] rows, int from, int count, int fold, float[] out);

  /// The sum of the rows' losses.
  double loss(float[] z, int[] rows, int from, int count, int fold);

  /// @param result the predictions, from `at` on
  void predictions(float[] z, int count, int fold, float[] result, int at);

  static HeadLoss of(LaneMath math, LaneLayout layout, FoldedData data) {
    int stride = layout.stride[layout.shape.layers() - 1];
    return switch (data.data().target()) {
      case Target.Classes classes -> new SoftmaxLoss(math, classes, stride);
      case Target.Quantity quantity -> new SquaredLoss(quantity, data, stride);
    };
  }
}
