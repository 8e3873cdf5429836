package dev.assay.space;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a space derives from its conditions: the order of the parameters, tests for existence, and
/// the number of configurations.
final class Conditions {
  /// Beyond this a space counts as infinite.
  static final long MOST = 1L << 62;

  private Conditions() {}

  /// One name under several options: it exists under either.
  static Parameter merge(Parameter earlier, Parameter later) {
    boolean same =
        earlier.distribution().equals(later.distribution())
            && java.util.Objects.equals(earlier.initial(), later.initial())
            && java.util.Objects.equals(earlier.prior(), later.prior());
    boolean distinct =
        !earlier.condition().isAlways()
            && !later.condition().isAlways()
            && !earlier.condition().equals(later.condition());
    if (!same || !distinct) {
      throw new Problem(
          same ? "The parameter stands twice." : "The parameter stands twice, differently.",
          earlier.name() + (same ? "" : ": " + words(earlier) + " and " + words(later)),
          same ? "Remove one." : "Rename one of them; under several options it must be the same.");
    }
    return new Parameter(
        earlier.name(),
        earlier.distribution(),
        earlier.initial(),
        new Condition.Any(List.of(earlier.condition(), later.condition())),
        earlier.prior());
  }

  private static String words(Parameter parameter) {
    var words = new StringBuilder(parameter.distribution().describe());
    if (parameter.initial() != null) {
      words.append(", default ").append(parameter.initial());
    }
    if (parameter.prior() != null) {
      words.append(", prior ").append(parameter.prior().describe());
    }
    return words.toString();
  }

  /// The parameters in the order given, but each after its parents.
  static List<Parameter> parentsFirst(Collection<Parameter> given) {
    var byName = new LinkedHashMap<String, Parameter>();
    given.forEach(parameter -> byName.put(parameter.name(), parameter));
    var placed = new LinkedHashSet<Parameter>();
    for (var parameter : given) {
      place(parameter, byName, placed, new LinkedHashSet<>());
    }
    return List.copyOf(placed);
  }

  private static void place(
      Parameter parameter,
      Map<String, Parameter> byName,
      Set<Parameter> placed,
      Set<String> descent) {
    if (placed.contains(parameter)) {
      return;
    }
    if (!descent.add(parameter.name())) {
      throw new Problem(
          "Conditions go in a circle.",
          String.join(" -> ", descent) + " -> " + parameter.name(),
          "Make one of them unconditional.");
    }
    parameter
        .condition()
        .clauses()
        .forEach(clause -> {
          var parent = byName.get(clause.parent());
          if (parent == null) {
            throw new Problem(
                "A condition names an unknown parameter.",
                clause.parent() + ", when of " + parameter.name(),
                Nearest.suggest(clause.parent(), byName.keySet()));
          }
          place(parent, byName, placed, descent);
        });
    descent.remove(parameter.name());
    placed.add(parameter);
  }

  /// The names of the parameters that a condition asks about.
  static Set<String> parents(Condition condition) {
    return condition
        .clauses()
        .map(Condition.In::parent)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }

  static List<@Nullable Predicate<double[]>> compile(
      List<Parameter> parameters, Map<String, Integer> indices) {
    var tests = new ArrayList<@Nullable Predicate<double[]>>();
    for (var parameter : parameters) {
      boolean always = parameter.condition().isAlways();
      tests.add(always ? null : test(parameter, parameter.condition(), parameters, indices));
    }
    return tests;
  }

  private static Predicate<double[]> test(
      Parameter child,
      Condition condition,
      List<Parameter> parameters,
      Map<String, Integer> indices) {
    return switch (condition) {
      case Condition.In in -> clause(child, in, parameters, indices);
      case Condition.All(var parts) -> {
        var tests = parts.stream().map(p -> test(child, p, parameters, indices)).toList();
        yield codes -> tests.stream().allMatch(test -> test.test(codes));
      }
      case Condition.Any(var parts) -> {
        var tests = parts.stream().map(p -> test(child, p, parameters, indices)).toList();
        yield codes -> tests.stream().anyMatch(test -> test.test(codes));
      }
    };
  }

  private static Predicate<double[]> clause(
      Parameter child, Condition.In in, List<Parameter> parameters, Map<String, Integer> indices) {
    int index = java.util.Objects.requireNonNull(indices.get(in.parent()));
    var distribution = parameters.get(index).distribution();
    var place = "when of " + child.name();
    if (distribution instanceof FloatRange) {
      throw new Problem(
          "A condition needs a choice or an integer.",
          in.parent() + ", " + place,
          "Put the limit into a constraint instead.");
    }
    if (in.values().isEmpty()) {
      throw new Problem(
          "A condition without values never holds.", in.parent() + ": [], " + place, "List them.");
    }
    var wanted = new HashSet<Double>();
    for (var value : in.values()) {
      double code = distribution.code(value);
      if (Double.isNaN(code)) {
        throw new Problem(
            "A condition names a value that its parent cannot take.",
            in.parent() + ": " + value + ", " + place,
            "It is a " + distribution.describe() + ".");
      }
      wanted.add(code);
    }
    // An inactive parent has code NaN, which is never wanted.
    return codes -> wanted.contains(codes[index]);
  }

  /// How many configurations some parameters have, which depend on no others.
  ///
  /// @param parameters each after its parents
  /// @return more than [#MOST] where there are more; -1 where a continuous one makes it no number
  static long count(List<Parameter> parameters) {
    return parameters.stream().allMatch(p -> p.distribution().count().isPresent())
        ? ConditionCount.of(parameters)
        : -1;
  }

  static long saturatedSum(long a, long b) {
    return a > MOST - b ? MOST + 1 : a + b;
  }

  static long saturatedProduct(long a, long b) {
    if (a == 0 || b == 0) {
      return 0;
    }
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 || a * b > MOST ? MOST + 1 : a * b;
  }
}
