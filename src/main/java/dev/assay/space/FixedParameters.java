package dev.assay.space;

import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a space smaller by giving parameters one value each.
final class FixedParameters {
  private final SearchSpace whole;
  private final Map<String, ? extends @Nullable Object> values;

  /// The parameters that remain, each after its parents.
  private final Map<String, Parameter> kept = new LinkedHashMap<>();

  private FixedParameters(SearchSpace whole, Map<String, ? extends @Nullable Object> values) {
    this.whole = whole;
    this.values = values;
  }

  static SearchSpace in(SearchSpace whole, Map<String, ? extends @Nullable Object> values) {
    return new FixedParameters(whole, values).space();
  }

  private SearchSpace space() {
    values.keySet().forEach(whole::requireIndex);
    for (var parameter : whole.parameters()) {
      var condition = reduced(parameter.condition());
      if (condition != null) {
        kept.put(parameter.name(), parameter(parameter, condition));
      } else if (values.containsKey(parameter.name())) {
        throw new Problem(
            "A fixed parameter does not exist under the other fixed values.",
            parameter.name() + " in " + values,
            "Leave it out, or change what it depends on.");
      }
    }
    var builder = SearchSpace.builder();
    kept.values().forEach(builder::add);
    // Constraints know the whole space, so that they may name what is gone.
    for (var constraint : whole.constraints()) {
      builder.where(
          new Constraint.Checked(
              constraint.name(), configuration -> constraint.holds(widened(configuration))));
    }
    return builder.build();
  }

  private Configuration widened(Configuration configuration) {
    var space = configuration.space();
    var codes = new double[whole.dimension()];
    for (int i = 0; i < codes.length; i++) {
      var parameter = whole.parameters().get(i);
      if (!kept.containsKey(parameter.name())) {
        codes[i] = Double.NaN;
        continue;
      }
      double code = configuration.code(space.requireIndex(parameter.name()));
      codes[i] =
          values.containsKey(parameter.name()) && !Double.isNaN(code)
              ? parameter.distribution().code(values.get(parameter.name()))
              : code;
    }
    return new Configuration(whole, codes);
  }

  private Parameter parameter(Parameter parameter, Condition condition) {
    if (!values.containsKey(parameter.name())) {
      return new Parameter(
          parameter.name(), parameter.distribution(), parameter.initial(), condition);
    }
    var value = values.get(parameter.name());
    double code = SearchSpace.requireCode(parameter, value);
    return new Parameter(parameter.name(), single(parameter, code), null, condition);
  }

  private static Distribution single(Parameter parameter, double code) {
    return switch (parameter.distribution()) {
      case FloatRange _ -> new FloatRange(code, code);
      case IntRange _ -> new IntRange((long) code, (long) code);
      case Choice choice ->
          new Choice(Collections.singletonList(choice.value(code)), choice.ordered());
    };
  }

  /// The condition as far as it is still open; null where it cannot hold any more.
  private @Nullable Condition reduced(Condition condition) {
    return switch (condition) {
      case Condition.In in -> reduced(in);
      case Condition.All(var parts) -> {
        Condition all = Condition.ALWAYS;
        for (var part : parts) {
          var open = reduced(part);
          if (open == null) {
            yield null;
          }
          all = all.and(open);
        }
        yield all;
      }
      case Condition.Any(var parts) -> {
        var open = new ArrayList<Condition>();
        for (var part : parts) {
          var reduced = reduced(part);
          if (Condition.ALWAYS.equals(reduced)) {
            yield Condition.ALWAYS;
          }
          if (reduced != null) {
            open.add(reduced);
          }
        }
        yield open.isEmpty() ? null : open.size() == 1 ? open.getFirst() : new Condition.Any(open);
      }
    };
  }

  private @Nullable Condition reduced(Condition.In in) {
    var parent = kept.get(in.parent());
    if (parent == null) {
      return null;
    }
    var possible = new ArrayList<@Nullable Object>();
    for (var value : in.values()) {
      if (!Double.isNaN(parent.distribution().code(value))) {
        possible.add(value);
      }
    }
    if (possible.isEmpty()) {
      return null;
    }
    boolean certain = values.containsKey(in.parent());
    // One value is left: the parameter exists whenever its parent does.
    return certain
        ? parent.condition()
        : new Condition.In(in.parent(), Collections.unmodifiableList(possible));
  }
}
