package dev.assay.spec;

import dev.assay.internal.words.Written;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The text of a study file that does not say yet what gives a configuration its values.
public final class NewStudyFile {
  private NewStudyFile() {}

  /// Of a tuning problem in T1, the input format of Kernel Tuner, KTT and BAT.
  ///
  /// @return YAML
  /// @throws dev.assay.problem.Problem for a file that is none, or says what a study cannot
  public static String ofTuningProblem(Path file) {
    return TuningProblem.read(file);
  }

  /// @param heading comment lines at the top
  /// @param space closed; conditions are sets of values side by side
  /// @param storage a storage URL; null: the study's own directory
  /// @return YAML
  public static String of(
      List<String> heading,
      String name,
      List<Objective> objectives,
      SearchSpace space,
      @Nullable String storage) {
    var lines = new java.util.ArrayList<String>();
    heading.forEach(line -> lines.add("# " + line));
    lines.add("name: " + Written.of(name));
    for (var direction : Direction.values()) {
      var metrics =
          objectives.stream()
              .filter(one -> one.direction() == direction)
              .map(Objective::metric)
              .toList();
      if (!metrics.isEmpty()) {
        lines.add(
            (direction == Direction.MINIMIZE ? "minimize: " : "maximize: ")
                + Written.of(metrics.size() == 1 ? metrics.getFirst() : metrics));
      }
    }
    lines.add("space:");
    for (var parameter : space.parameters()) {
      lines.add("  " + Written.of(parameter.name()) + ": " + Written.of(fields(parameter)));
    }
    if (storage != null) {
      lines.add("storage: " + Written.of(storage));
    }
    return String.join("\n", lines) + "\n";
  }

  private static Map<String, @Nullable Object> fields(Parameter parameter) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    switch (parameter.distribution()) {
      case FloatRange(double low, double high, boolean log, double step) -> {
        fields.put("float", List.of(low, high));
        range(fields, log, step > 0 ? (Object) step : null);
      }
      case IntRange(long low, long high, boolean log, long step) -> {
        fields.put("int", List.of(low, high));
        range(fields, log, step > 1 ? (Object) step : null);
      }
      case Choice(var options, boolean ordered) -> {
        fields.put("choice", options);
        if (ordered) {
          fields.put("ordered", true);
        }
      }
    }
    if (parameter.initial() != null) {
      fields.put("default", parameter.initial());
    }
    var when = new LinkedHashMap<String, @Nullable Object>();
    conditions(parameter.condition(), when);
    if (!when.isEmpty()) {
      fields.put("when", when);
    }
    return fields;
  }

  private static void range(
      Map<String, @Nullable Object> fields, boolean log, @Nullable Object step) {
    if (log) {
      fields.put("log", true);
    }
    if (step != null) {
      fields.put("step", step);
    }
  }

  private static void conditions(Condition condition, Map<String, @Nullable Object> when) {
    switch (condition) {
      case Condition.In(var parent, var values) -> when.put(parent, values);
      case Condition.All(var parts) -> parts.forEach(part -> conditions(part, when));
      case Condition.Any _ ->
          throw new IllegalArgumentException("either of two conditions: " + condition);
    }
  }
}
