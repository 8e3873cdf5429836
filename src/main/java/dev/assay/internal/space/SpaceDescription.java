package dev.assay.internal.space;

import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Constraint;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import dev.assay.space.Prior;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A space as plain JSON values, in one canonical form: what a storage keeps, and what is compared
/// when a study is continued.
///
/// ```json
/// {"parameters": {"nesterov": {"choice": [true, false], "ordered": false,
///                              "when": {"optimizer": ["sgd"]}}},
///  "constraints": ["learning_rate < 0.5"]}
/// ```
public final class SpaceDescription {
  private SpaceDescription() {}

  /// The description of a space. Constraints in Java are described by their names.
  public static Map<String, @Nullable Object> of(SearchSpace space) {
    var parameters = new LinkedHashMap<String, @Nullable Object>();
    for (var parameter : space.parameters()) {
      var fields = new LinkedHashMap<String, @Nullable Object>();
      describe(parameter.distribution(), fields);
      if (parameter.initial() != null) {
        fields.put("default", parameter.initial());
      }
      if (!parameter.condition().isAlways()) {
        fields.put("when", condition(parameter.condition()));
      }
      if (parameter.prior() != null) {
        fields.put("prior", parameter.prior().described());
      }
      parameters.put(parameter.name(), fields);
    }
    var description = new LinkedHashMap<String, @Nullable Object>();
    description.put("parameters", parameters);
    description.put(
        "constraints",
        space.constraints().stream()
            .filter(c -> !(c instanceof Constraint.Listed(_, _, var own)) || own)
            .map(Constraint::name)
            .toList());
    if (space.isOpen()) {
      description.put("open", true);
    }
    return description;
  }

  /// Not by a `switch`: for one over types the JVM makes code at run time, which takes as long as
  /// all else that a command does that shows a study.
  private static void describe(Distribution distribution, Map<String, @Nullable Object> fields) {
    if (distribution instanceof FloatRange(double low, double high, boolean log, double step)) {
      fields.put("float", List.of(low, high));
      fields.put("log", log);
      fields.put("step", step);
    } else if (distribution instanceof IntRange(long low, long high, boolean log, long step)) {
      fields.put("int", List.of(low, high));
      fields.put("log", log);
      fields.put("step", step);
    } else {
      var choice = (Choice) distribution;
      fields.put("choice", choice.options());
      fields.put("ordered", choice.ordered());
    }
  }

  private static Map<String, @Nullable Object> condition(Condition condition) {
    return switch (condition) {
      case Condition.In(var parent, var values) -> Map.of(parent, values);
      case Condition.All(var parts) ->
          Map.of("all of", parts.stream().map(SpaceDescription::condition).toList());
      case Condition.Any(var parts) ->
          Map.of("any of", parts.stream().map(SpaceDescription::condition).toList());
    };
  }

  /// The space of a description, without its constraints: enough to read stored trials.
  @SuppressWarnings("unchecked")
  public static SearchSpace read(Map<String, ? extends @Nullable Object> description) {
    var read = new ArrayList<Parameter>();
    var parameters = (Map<String, Map<String, Object>>) description.get("parameters");
    java.util.Objects.requireNonNull(parameters, "parameters");
    parameters.forEach((name, fields) -> {
      var when = (Map<String, Object>) fields.get("when");
      read.add(
          new Parameter(
              name,
              distribution(fields),
              fields.get("default"),
              when == null ? Condition.ALWAYS : readCondition(when),
              Prior.read(fields.get("prior"))));
    });
    if (description.get("open") == Boolean.TRUE) {
      return SearchSpace.open(read);
    }
    var builder = SearchSpace.builder();
    read.forEach(builder::add);
    return builder.build();
  }

  @SuppressWarnings("unchecked")
  private static Distribution distribution(Map<String, Object> fields) {
    if (fields.get("choice") instanceof List<?> options) {
      return new Choice((List<@Nullable Object>) options, fields.get("ordered") == Boolean.TRUE);
    }
    boolean log = fields.get("log") == Boolean.TRUE;
    var step = number(fields.get("step"));
    if (fields.get("float") instanceof List<?> bounds) {
      return real(
          number(bounds.get(0)).doubleValue(),
          number(bounds.get(1)).doubleValue(),
          log,
          step.doubleValue());
    }
    var bounds = (List<?>) java.util.Objects.requireNonNull(fields.get("int"));
    long low = number(bounds.get(0)).longValue();
    long high = number(bounds.get(1)).longValue();
    return step.longValue() > high - low && low < high
        ? new IntRange(low, low)
        : new IntRange(low, high, log, step.longValue());
  }

  /// Steps that no range may have any more may stand in what earlier versions stored: one wider
  /// than the range gave its low bound alone, one finer than doubles are whatever a double can be.
  private static FloatRange real(double low, double high, boolean log, double step) {
    try {
      return new FloatRange(low, high, log, step);
    } catch (Problem problem) {
      if (!(step > 0) || log) {
        throw problem;
      }
      return step > (high - low) / 2 ? new FloatRange(low, low) : new FloatRange(low, high);
    }
  }

  private static Number number(@Nullable Object value) {
    return (Number) java.util.Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked")
  private static Condition readCondition(Map<String, Object> fields) {
    var entry = fields.entrySet().iterator().next();
    var values = (List<@Nullable Object>) entry.getValue();
    return switch (entry.getKey()) {
      case "all of" -> new Condition.All(parts(values));
      case "any of" -> new Condition.Any(parts(values));
      case String parent -> new Condition.In(parent, values);
    };
  }

  @SuppressWarnings("unchecked")
  private static List<Condition> parts(List<@Nullable Object> values) {
    var parts = new ArrayList<Condition>();
    for (var value : values) {
      parts.add(readCondition((Map<String, Object>) java.util.Objects.requireNonNull(value)));
    }
    return parts;
  }
}
