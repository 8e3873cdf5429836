package dev.assay.train;

import dev.assay.internal.problem.Require;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A checked configuration of a built-in trainer.
///
/// @param layers dense hidden layers; 0 for models without
/// @param hidden units of each dense hidden layer; 0 for models without
/// @param dropout share of each hidden layer's units that a training step drops
/// @param batchSize rows a step; the last step of an epoch takes what is left
/// @param patience epochs without a better loss on the watched rows before a lane stops; 0: never,
///   and all training rows are learnt from
/// @param filters of the first convolution; 0 for models without
/// @param kernel height and width of the convolutions' kernels; 0 for models without
public record TrainerSettings(
    Model model,
    int layers,
    int hidden,
    Activation activation,
    Optimizer optimizer,
    double learningRate,
    Schedule schedule,
    double weightDecay,
    double dropout,
    int batchSize,
    int epochs,
    int patience,
    int filters,
    int kernel) {
  private static final String OWNER = "trainer";

  /// What the model has no parameter for is 0 or more, and ignored.
  public TrainerSettings {
    requireParameter(model, "learning_rate", learningRate);
    requireParameter(model, "weight_decay", weightDecay);
    requireParameter(model, "dropout", dropout);
    requireParameter(model, "layers", layers);
    requireParameter(model, "hidden", hidden);
    requireParameter(model, "batch_size", batchSize);
    requireParameter(model, "epochs", epochs);
    requireParameter(model, "patience", patience);
    requireParameter(model, "filters", filters);
    requireParameter(model, "kernel", kernel);
  }

  private static void requireParameter(Model model, String name, Number value) {
    boolean known =
        model.parameters().stream().anyMatch(parameter -> parameter.name().equals(name));
    if (!known) {
      Require.inRange(OWNER, name, value.doubleValue(), 0, Double.MAX_VALUE);
    } else if (!(name.equals("patience") && value.intValue() == 0)) {
      model.parameter(name).check(value);
    }
  }

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
        Schedule.valueOf(text(values, "schedule", "constant").toUpperCase(Locale.ROOT)),
        real(values, "weight_decay"),
        real(values, "dropout"),
        whole(values, "batch_size"),
        whole(values, "epochs"),
        whole(values, "patience"),
        whole(values, "filters"),
        whole(values, "kernel"));
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
