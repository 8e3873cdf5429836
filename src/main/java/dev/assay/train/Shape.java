package dev.assay.train;

import java.util.List;

/// What the lanes of one session have in common: the sizes of all their arrays.
///
/// @param inputs p
/// @param hidden the widths of the hidden layers; empty for softmax regression
/// @param classes c
/// @param activation of the hidden layers
/// @param batchClass the least power of two that no lane's batch size exceeds
public record Shape(
    int inputs, List<Integer> hidden, int classes, Activation activation, int batchClass) {
  public Shape {
    hidden = List.copyOf(hidden);
  }

  /// The shape of a configuration on data of p features and c classes.
  public static Shape of(TrainerSettings settings, DataSet data) {
    int batchClass = Integer.highestOneBit(Math.max(1, 2 * settings.batchSize() - 1));
    return new Shape(
        data.width(),
        settings.hiddenWidths(),
        data.classes().size(),
        settings.activation(),
        batchClass);
  }

  /// Weight layers: hidden ones and the output.
  public int layers() {
    return hidden.size() + 1;
  }

  /// Inputs of weight layer `layer`, counted from 0.
  public int inputsOf(int layer) {
    return layer == 0 ? inputs : hidden.get(layer - 1);
  }

  /// Outputs of weight layer `layer`, counted from 0.
  public int outputsOf(int layer) {
    return layer == hidden.size() ? classes : hidden.get(layer);
  }
}
