package dev.assay.train;

import dev.assay.internal.problem.Require;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/// What the lanes of one session have in common: the sizes of all their arrays.
///
/// @param inputs p
/// @param stack hidden layers and the output layer, from the inputs on
/// @param head what the last layer's outputs mean
/// @param activation of the hidden layers
/// @param batchClass the least power of two that no lane's batch size exceeds
public record Shape(
    int inputs, List<Layer> stack, Head head, Activation activation, int batchClass) {
  /// Filters of the second convolution for each of the first.
  private static final int FILTER_GROWTH = 2;

  /// What a model predicts with.
  public enum Head {
    /// Class probabilities; the loss is the mean cross-entropy in nats.
    SOFTMAX,
    /// One number; the loss is the mean of half the squared error, in units of the training rows'
    /// variance.
    LINEAR
  }

  public Shape {
    stack = List.copyOf(stack);
    Require.atLeast("shape", "inputs", inputs, 1);
    Require.atLeast("shape", "layers", stack.size(), 1);
    Require.atLeast("shape", "batch_class", batchClass, 1);
  }

  /// The shape of a configuration on a data set.
  ///
  /// @throws Problem for a model that this data is not for
  public static Shape of(TrainerSettings settings, DataSet data) {
    settings.model().check(data);
    int batchClass = Integer.highestOneBit(Math.max(1, 2 * settings.batchSize() - 1));
    var stack = new ArrayList<Layer>();
    if (settings.model() == Model.CNN && data.image() instanceof Column.Image image) {
      convolutions(settings, image, stack);
    }
    int features = stack.isEmpty() ? data.width() : stack.getLast().features();
    for (int layer = 0; layer < settings.layers(); layer++) {
      stack.add(new Layer.Dense(features, settings.hidden()));
      features = settings.hidden();
    }
    stack.add(new Layer.Dense(features, data.target().outputs()));
    var head =
        switch (data.target()) {
          case Target.Classes _ -> Head.SOFTMAX;
          case Target.Quantity _ -> Head.LINEAR;
        };
    return new Shape(data.width(), stack, head, settings.activation(), batchClass);
  }

  private static void convolutions(
      TrainerSettings settings, Column.Image image, List<Layer> stack) {
    int filters = settings.filters();
    var first =
        new Layer.Convolution(image.height(), image.pixels(), 1, filters, settings.kernel());
    stack.add(first);
    stack.add(
        new Layer.Convolution(
            first.pooledHeight(),
            first.pooledWidth(),
            filters,
            FILTER_GROWTH * filters,
            settings.kernel()));
  }

  /// How many layers there are.
  public int layers() {
    return stack.size();
  }

  /// u of a layer, counted from 0.
  public int inputsOf(int layer) {
    return stack.get(layer).inputs();
  }

  /// v of a layer, counted from 0.
  public int outputsOf(int layer) {
    return stack.get(layer).outputs();
  }

  /// c, or 1.
  public int outputs() {
    return stack.getLast().outputs();
  }

  /// How many weights and biases a lane has.
  public long parameters() {
    return stack.stream().mapToLong(layer -> (layer.inputs() + 1L) * layer.outputs()).sum();
  }
}
