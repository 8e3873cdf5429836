package dev.assay.spec;

import dev.assay.internal.words.Written;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a study file says what other tools have other words for: Optuna, Hyperopt, Ray Tune,
/// bayes_opt, scikit-learn, Kernel Tuner, SMAC and Keras Tuner.
final class PeerWords {
  private static final String GOAL = "Write minimize: NAME or maximize: NAME, the metric's.";
  private static final String TRIALS = "Write budget: {trials: 100}.";
  private static final String TIME = "Write budget: {time: 10m}.";
  private static final String SPACE = "Write space: {hidden: {int: [16, 256], log: true}}.";
  private static final String FLOAT = "Write {float: [1e-5, 0.1]}.";
  private static final String LOG = "Write {float: [1e-5, 0.1], log: true}.";
  private static final String INT = "Write {int: [16, 256]}.";
  private static final String STEP = "Write {float: [0, 1], step: 0.1}, or int: with step:.";
  private static final String CHOICE = "Write {choice: [adam, sgd]}.";
  static final String TRUTHS = "Write {choice: [false, true]}.";
  private static final String PRUNER = "Write pruner: asha, or {asha: {max: 27}}.";
  private static final String SAMPLER = "Write sampler: gp, or leave it out for auto.";
  private static final String COMMAND =
      "Write objective: {command: [python3, train.py, '{args}']}.";
  private static final String PARALLEL = "Write parallel: 4.";
  private static final String START = "Write start: [{hidden: 64}].";

  /// Of a study file as a whole, and of its budget.
  private static final Map<String, String> STUDY =
      Map.ofEntries(
          Map.entry("direction", GOAL),
          Map.entry(
              "directions", "Write minimize: [loss, seconds], or both minimize: and maximize:."),
          Map.entry("metric", GOAL),
          Map.entry("metrics", GOAL),
          Map.entry("mode", GOAL),
          Map.entry("goal", GOAL),
          Map.entry("scoring", GOAL),
          Map.entry("n_trials", TRIALS),
          Map.entry("max_trials", TRIALS),
          Map.entry("num_samples", TRIALS),
          Map.entry("max_evals", TRIALS),
          Map.entry("n_iter", TRIALS),
          Map.entry("n_calls", TRIALS),
          Map.entry("max_fevals", TRIALS),
          Map.entry("trials", TRIALS),
          Map.entry("iterations", TRIALS),
          Map.entry("time", TIME),
          Map.entry("timeout", TIME),
          Map.entry("time_limit", TIME),
          Map.entry("time_budget_s", TIME),
          Map.entry("study_name", "Write name: NAME."),
          Map.entry("study", "Write name: NAME."),
          Map.entry("parameters", SPACE),
          Map.entry("params", SPACE),
          Map.entry("param_space", SPACE),
          Map.entry("param_grid", SPACE),
          Map.entry("param_distributions", SPACE),
          Map.entry("search_space", SPACE),
          Map.entry("pbounds", SPACE),
          Map.entry("tune_params", SPACE),
          Map.entry("hyperparameters", SPACE),
          Map.entry("config", SPACE),
          Map.entry("scheduler", PRUNER),
          Map.entry("pruning", PRUNER),
          Map.entry("early_stopping", PRUNER),
          Map.entry("early_terminate", PRUNER),
          Map.entry("search_alg", SAMPLER),
          Map.entry("algo", SAMPLER),
          Map.entry("algorithm", SAMPLER),
          Map.entry("strategy", SAMPLER),
          Map.entry("optimizer", SAMPLER),
          Map.entry("method", SAMPLER),
          Map.entry("program", COMMAND),
          Map.entry("command", COMMAND),
          Map.entry("trainable", COMMAND),
          Map.entry("function", "Write objective: {function: branin}."),
          Map.entry("n_jobs", PARALLEL),
          Map.entry("max_concurrent", PARALLEL),
          Map.entry("max_concurrent_trials", PARALLEL),
          Map.entry("workers", PARALLEL),
          Map.entry("random_state", "Write seed: 42."),
          Map.entry("points_to_evaluate", START),
          Map.entry("enqueue_trial", START),
          Map.entry("init_points", "Write sampler: {gp: {start: 10}}."),
          Map.entry("n_startup_trials", "Write sampler: {gp: {start: 10}}."),
          Map.entry("restrictions", "Write constraints: ['batch_size <= 8 * hidden']."),
          Map.entry("conditions", "Write when: {optimizer: sgd} at the parameter."),
          Map.entry("resources_per_trial", "Write gpus: 1 in objective:, beside command:."));

  /// Of a parameter.
  private static final Map<String, String> PARAMETER =
      Map.ofEntries(
          Map.entry("uniform", FLOAT),
          Map.entry("suggest_float", FLOAT),
          Map.entry("suggest_uniform", FLOAT),
          Map.entry("low", FLOAT),
          Map.entry("high", FLOAT),
          Map.entry("min", FLOAT),
          Map.entry("max", FLOAT),
          Map.entry("range", FLOAT),
          Map.entry("bounds", FLOAT),
          Map.entry("loguniform", LOG),
          Map.entry("log_uniform", LOG),
          Map.entry("suggest_loguniform", LOG),
          Map.entry("quniform", STEP),
          Map.entry("q", STEP),
          Map.entry("randint", INT),
          Map.entry("uniformint", INT),
          Map.entry("integer", INT),
          Map.entry("suggest_int", INT),
          Map.entry("bool", TRUTHS),
          Map.entry("boolean", TRUTHS),
          Map.entry("type", "Write {float: [LOW, HIGH]}, {int: [LOW, HIGH]} or {choice: [...]}."),
          Map.entry("categorical", CHOICE),
          Map.entry("suggest_categorical", CHOICE),
          Map.entry("values", CHOICE),
          Map.entry("options", CHOICE),
          Map.entry("choices", CHOICE),
          Map.entry("grid_search", CHOICE));

  private PeerWords() {}

  /// What a bare word is where a parameter should stand: the name of a kind of values, or a value.
  static String word(String name, String written) {
    var kind = PARAMETER.get(written.toLowerCase(Locale.ROOT));
    return switch (written.toLowerCase(Locale.ROOT)) {
      case "float", "double", "real" -> "Write " + name + ": {float: [LOW, HIGH]}.";
      case "int" -> "Write " + name + ": {int: [LOW, HIGH]}.";
      default ->
          kind != null
              ? kind.replace("Write ", "Write " + name + ": ")
              : "Write "
                  + name
                  + ": {choice: ["
                  + written
                  + ", ...]}, or set it where trials run and leave it out here.";
    };
  }

  /// What a bare list of values is here; two numbers may be a range.
  static String listed(List<@Nullable Object> values) {
    var list = Written.of(values);
    if (values.size() != 2 || !values.stream().allMatch(Number.class::isInstance)) {
      return "{choice: " + list + "}";
    }
    var kind = values.stream().allMatch(Long.class::isInstance) ? "int" : "float";
    return "{" + kind + ": " + list + "} for the range, or {choice: " + list + "} for the two";
  }

  /// How a study file says it; null for a word that no other tool has in that place.
  ///
  /// @param known the keys of that place
  static @Nullable String mend(String word, List<String> known) {
    var plain = word.toLowerCase(Locale.ROOT).replace('-', '_');
    if (known.contains("float") || known.contains("choice")) {
      return PARAMETER.get(plain);
    }
    boolean ofStudy = known.contains("space") || known.contains("no_improvement");
    return ofStudy ? STUDY.get(plain) : null;
  }
}
