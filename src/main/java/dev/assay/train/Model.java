package dev.assay.train;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What `train:` of a study file names.
public enum Model {
  /// Softmax regression: no hidden layer.
  SOFTMAX("softmax"),
  /// Multi-layer perceptron: 1 to 4 hidden layers of one width, softmax output.
  MLP("mlp");

  private static final Set<String> LATER = Set.of("cnn", "linear", "ridge");
  private static final Set<String> LATER_PARAMETERS = Set.of("dropout", "schedule");

  private final String key;

  Model(String key) {
    this.key = key;
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
    if (LATER.contains(key)) {
      throw NotYet.problem(
          "The trainer " + key, "train: " + key, "Use " + String.join(" or ", keys()) + ".");
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
        new TrainerParameter.Option(
            "optimizer", "adam", List.of("sgd", "adam", "adamw"), List.of()));
    parameters.add(new TrainerParameter.Real("momentum", 0.9, 0, false, 1));
    parameters.add(new TrainerParameter.Flag("nesterov", true));
    parameters.add(new TrainerParameter.Real("beta1", 0.9, 0, false, 1));
    parameters.add(new TrainerParameter.Real("beta2", 0.999, 0, false, 1));
    parameters.add(
        new TrainerParameter.Real("weight_decay", 0, 0, false, TrainerParameter.UNBOUNDED));
    parameters.add(new TrainerParameter.Whole("batch_size", 32, 1, 1 << 16, false));
    parameters.add(new TrainerParameter.Whole("epochs", 30, 1, 1 << 20, false));
    parameters.add(new TrainerParameter.Whole("patience", 0, 1, 1 << 20, true));
    if (this == MLP) {
      parameters.add(new TrainerParameter.Whole("hidden", 64, 1, 1 << 14, false));
      parameters.add(new TrainerParameter.Whole("layers", 1, 1, 4, false));
      parameters.add(
          new TrainerParameter.Option(
              "activation", "relu", List.of("relu", "tanh"), List.of("gelu")));
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
    if (LATER_PARAMETERS.contains(name)) {
      throw NotYet.problem("The trainer parameter " + name, "\"" + name + "\"", "Remove it.");
    }
    throw new Problem(
        "The trainer " + key + " has no such parameter.",
        "\"" + name + "\"",
        Nearest.suggest(name, parameters.stream().map(TrainerParameter::name).toList()));
  }
}
