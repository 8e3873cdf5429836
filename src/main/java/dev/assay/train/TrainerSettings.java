package dev.assay.train;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A checked configuration of a built-in trainer.
///
/// @param layers hidden layers; 0 for softmax regression
/// @param hidden units of each hidden layer; 0 for softmax regression
/// @param batchSize rows a step; the last step of an epoch takes what is left
/// @param patience epochs without a better loss on the watched rows before a lane stops; 0: never,
///   and all training rows are learnt from
public record TrainerSettings(
    Model model,
    int layers,
    int hidden,
    Activation activation,
    Optimizer optimizer,
    double learningRate,
    double weightDecay,
    int batchSize,
    int epochs,
    int patience) {

  /// Checks flat parameters (searched and fixed ones merged) and fills in the defaults.
  ///
  /// @throws dev.assay.problem.Problem for an unknown name, a wrong type or a value out of range
  public static TrainerSettings of(
      Model model, Map<String, ? extends @Nullable Object> parameters) {
    for (var entry : parameters.entrySet()) {
      model.parameter(entry.getKey()).check(entry.getValue());
    }
    var values = new HashMap<String, Object>();
    for (var parameter : model.parameters()) {
      var name = parameter.name();
      values.put(
          name,
          parameter.check(
              parameters.containsKey(name) ? parameters.get(name) : parameter.defaultValue()));
    }
    return new TrainerSettings(
        model,
        whole(values, "layers"),
        whole(values, "hidden"),
        Activation.valueOf(text(values, "activation", "relu").toUpperCase(Locale.ROOT)),
        optimizer(values),
        real(values, "learning_rate"),
        real(values, "weight_decay"),
        whole(values, "batch_size"),
        whole(values, "epochs"),
        whole(values, "patience"));
  }

  /// The widths of the hidden layers.
  public List<Integer> hiddenWidths() {
    return Collections.nCopies(layers, hidden);
  }

  private static Optimizer optimizer(Map<String, Object> values) {
    return switch (text(values, "optimizer", "adam")) {
      case "sgd" ->
          new Optimizer.Sgd(real(values, "momentum"), Boolean.TRUE.equals(values.get("nesterov")));
      case "adam" -> new Optimizer.Adam(real(values, "beta1"), real(values, "beta2"));
      case "adamw" -> new Optimizer.AdamW(real(values, "beta1"), real(values, "beta2"));
      case String other -> throw new IllegalStateException("optimizer " + other);
    };
  }

  private static int whole(Map<String, Object> values, String name) {
    return values.get(name) instanceof Integer number ? number : 0;
  }

  private static double real(Map<String, Object> values, String name) {
    return values.get(name) instanceof Double number ? number : 0;
  }

  private static String text(Map<String, Object> values, String name, String otherwise) {
    return values.get(name) instanceof String text ? text : otherwise;
  }
}
