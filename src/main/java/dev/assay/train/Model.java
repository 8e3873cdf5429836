package dev.assay.train;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What `train:` of a study file names.
public enum Model {
  /// Softmax regression: no hidden layer.
  SOFTMAX("softmax", "classes"),
  /// Linear regression, by gradient descent: no hidden layer.
  LINEAR("linear", "a number"),
  /// Multi-layer perceptron: 1 to 4 hidden layers of one width.
  MLP("mlp", "classes or a number"),
  /// Convolutional network: two blocks of convolution, activation and 2 × 2 max pooling, the second
  /// with twice the filters of the first, then dense layers as in a perceptron.
  CNN("cnn", "classes of images");

  private final String key;
  private final String predicts;

  Model(String key, String predicts) {
    this.key = key;
    this.predicts = predicts;
  }

  /// The name in study files.
  public String key() {
    return key;
  }

  /// The models' names.
  public static List<String> keys() {
    return Arrays.stream(values()).map(Model::key).toList();
  }

  /// The model that a study file names.
  public static Model named(String key) {
    for (var model : values()) {
      if (model.key.equals(key)) {
        return model;
      }
    }
    throw new Problem("There is no such trainer.", "train: " + key, Nearest.suggest(key, keys()));
  }

  /// Every parameter that the model knows: what a study file may search or fix. A known parameter
  /// that the chosen optimiser does not use (beta1 under sgd) is right, and ignored.
  public List<TrainerParameter> parameters() {
    var parameters = new ArrayList<TrainerParameter>();
    parameters.add(
        new TrainerParameter.Real("learning_rate", 0.01, 0, true, TrainerParameter.UNBOUNDED));
    parameters.add(
        new TrainerParameter.Option("optimizer", "adam", List.of("sgd", "adam", "adamw")));
    parameters.add(new TrainerParameter.Real("momentum", 0.9, 0, false, 1));
    parameters.add(new TrainerParameter.Flag("nesterov", true));
    parameters.add(new TrainerParameter.Real("beta1", 0.9, 0, false, 1));
    parameters.add(new TrainerParameter.Real("beta2", 0.999, 0, false, 1));
    parameters.add(
        new TrainerParameter.Real("weight_decay", 0, 0, false, TrainerParameter.UNBOUNDED));
    parameters.add(new TrainerParameter.Whole("batch_size", 32, 1, 1 << 16, false));
    parameters.add(new TrainerParameter.Whole("epochs", 30, 1, 1 << 20, false));
    parameters.add(new TrainerParameter.Whole("patience", 0, 1, 1 << 20, true));
    parameters.add(
        new TrainerParameter.Option("schedule", "constant", List.of("constant", "cosine", "step")));
    if (this == MLP || this == CNN) {
      parameters.add(new TrainerParameter.Whole("hidden", 64, 1, 1 << 14, false));
      parameters.add(new TrainerParameter.Whole("layers", 1, 1, 4, false));
      parameters.add(
          new TrainerParameter.Option("activation", "relu", List.of("relu", "tanh", "gelu")));
      parameters.add(new TrainerParameter.Real("dropout", 0, 0, false, 1));
    }
    if (this == CNN) {
      parameters.add(new TrainerParameter.Whole("filters", 16, 1, 1 << 10, false));
      parameters.add(new TrainerParameter.Whole("kernel", 3, 1, 7, false));
    }
    return List.copyOf(parameters);
  }

  /// The parameter of that name.
  ///
  /// @throws Problem when the model has none, with the nearest that it has
  public TrainerParameter parameter(String name) {
    var parameters = parameters();
    for (var parameter : parameters) {
      if (parameter.name().equals(name)) {
        return parameter;
      }
    }
    throw new Problem(
        "The trainer " + key + " has no such parameter.",
        "\"" + name + "\"",
        Nearest.suggest(name, parameters.stream().map(TrainerParameter::name).toList()));
  }

  /// Refuses data that the model is not for.
  void check(DataSet data) {
    boolean right =
        switch (this) {
          case SOFTMAX -> data.target().task() == Task.CLASSIFICATION;
          case LINEAR -> data.target().task() == Task.REGRESSION;
          case MLP -> true;
          case CNN -> data.image() != null;
        };
    if (!right) {
      throw new Problem(
          "The trainer is not for this data.",
          "train: "
              + key
              + " predicts "
              + predicts
              + "; "
              + data.name()
              + " is a "
              + data.target().task().word()
              + " of "
              + (data.image() == null ? "rows" : "images"),
          "Use train: mlp"
              + (this == CNN ? ", or give images: data: {images: ..., labels: ...}." : "."));
    }
    var image = data.image();
    if (this == CNN && image != null && (image.height() < 4 || image.pixels() < 4)) {
      throw new Problem(
          "The images are too small for two poolings.",
          image.height() + " x " + image.pixels() + " pixels in " + data.name(),
          "Use train: mlp.");
    }
  }
}
