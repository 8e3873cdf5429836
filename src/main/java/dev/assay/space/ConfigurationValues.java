package dev.assay.space;

import dev.assay.problem.Problem;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Makes configurations of values by name, of a space's own parameters or another's.
final class ConfigurationValues {
  private ConfigurationValues() {}

  /// @param otherwise has the values that are not named; null: they are the defaults
  static Configuration read(
      SearchSpace space,
      Map<String, ? extends @Nullable Object> values,
      @Nullable Configuration otherwise) {
    for (var name : values.keySet()) {
      int _ = space.requireIndex(name);
    }
    var codes = new double[space.dimension()];
    for (int i = 0; i < codes.length; i++) {
      var parameter = space.parameters().get(i);
      if (!space.exists(i, codes)) {
        codes[i] = Double.NaN;
        if (values.containsKey(parameter.name())) {
          throw new Problem(
              "The parameter does not exist under the other values.",
              parameter.name() + " in " + values,
              "Leave it out, or change what it depends on.");
        }
      } else if (values.containsKey(parameter.name())) {
        codes[i] = requireCode(parameter, values.get(parameter.name()));
      } else {
        codes[i] =
            otherwise != null && otherwise.isActive(i)
                ? otherwise.code(i)
                : space.isOpen() ? Double.NaN : defaultCode(parameter);
      }
    }
    return new Configuration(space, codes);
  }

  /// @throws Problem where a constraint of the configuration's space does not hold
  static Configuration checked(Configuration configuration) {
    for (var constraint : configuration.space().constraints()) {
      // What a list elsewhere stands for may be asked for by a neighbour: a table's nearest row.
      boolean elsewhere = constraint instanceof Constraint.Listed(_, _, var own) && !own;
      if (!elsewhere && !constraint.holds(configuration)) {
        throw new Problem(
            "The configuration breaks a constraint.",
            configuration + " against " + constraint.name(),
            "Change the values or the constraint.");
      }
    }
    return configuration;
  }

  /// As [SearchSpace#changed].
  static Configuration changed(
      SearchSpace space,
      Configuration configuration,
      Map<String, ? extends @Nullable Object> values,
      RandomGenerator random) {
    var changed = read(space, values, configuration);
    if (space.satisfies(changed)) {
      return changed;
    }
    var fixed = space.fix(values);
    var goal = fixed.project(changed);
    var near = goal == null ? null : fixed.near(goal, random);
    var found = near == null ? null : project(space, near);
    return checked(found == null ? changed : found);
  }

  /// As [SearchSpace#project].
  static @Nullable Configuration project(SearchSpace space, Configuration other) {
    var values = other.values();
    var codes = new double[space.dimension()];
    for (int i = 0; i < codes.length; i++) {
      var parameter = space.parameters().get(i);
      var distribution = parameter.distribution();
      if (!space.exists(i, codes)) {
        codes[i] = Double.NaN;
      } else if (distribution.count().orElse(0) == 1) {
        codes[i] = distribution.middle();
      } else if (values.containsKey(parameter.name())) {
        codes[i] = distribution.code(values.get(parameter.name()));
        if (Double.isNaN(codes[i])) {
          return null;
        }
      } else {
        return null;
      }
    }
    return new Configuration(space, codes);
  }

  /// As [SearchSpace#defaults].
  static Configuration defaults(SearchSpace space) {
    var codes = new double[space.dimension()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = space.exists(i, codes) ? defaultCode(space.parameters().get(i)) : Double.NaN;
    }
    return new Configuration(space, codes);
  }

  static double requireCode(Parameter parameter, @Nullable Object value) {
    double code = parameter.distribution().code(value);
    if (Double.isNaN(code)) {
      throw new Problem(
          "The value is not one that the parameter can take.",
          parameter.name() + " = " + value,
          "It is a " + parameter.distribution().describe() + ".");
    }
    return code;
  }

  private static double defaultCode(Parameter parameter) {
    return parameter.initial() == null
        ? parameter.distribution().middle()
        : requireCode(parameter, parameter.initial());
  }
}
