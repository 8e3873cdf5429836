package dev.assay.run.function;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;

/// A function of the literature as an objective: parameters x0, x1, ... to one value or several.
public sealed interface NumericFunction permits TestFunction, ParetoFunction {
  /// As in a study file: `branin`, `zdt1`.
  String name();

  /// d, the number of parameters.
  int dimension();

  /// The usual domain.
  SearchSpace space();

  /// What the values are called: `value`, or `value0`, `value1`, ...
  List<String> metrics();

  /// The values at a point, one for each metric.
  double[] values(double... x);

  /// The values at a configuration that has parameters x0 to x(d−1), whatever their distributions.
  default double[] values(Configuration configuration) {
    return values(point(configuration));
  }

  /// x0 to x(d−1) of a configuration.
  default double[] point(Configuration configuration) {
    var x = new double[dimension()];
    for (int j = 0; j < x.length; j++) {
      x[j] = configuration.number("x" + j);
    }
    return x;
  }

  /// Refuses a space in which a point has missing, unknown or other than numeric coordinates.
  ///
  /// @throws Problem naming the parameter
  default void check(SearchSpace searched) {
    var coordinates = new ArrayList<String>();
    for (int j = 0; j < dimension(); j++) {
      coordinates.add("x" + j);
    }
    var missing = new ArrayList<>(coordinates);
    for (var parameter : searched.parameters()) {
      var parameterName = parameter.name();
      if (!coordinates.contains(parameterName)) {
        throw new Problem(
            "The function has no such parameter.",
            parameterName + " (function " + name() + ")",
            Nearest.suggest(parameterName, coordinates));
      }
      if (!parameter.condition().isAlways()
          || parameter.distribution() instanceof Choice(var options, _)
              && !options.stream().allMatch(Number.class::isInstance)) {
        throw new Problem(
            "A coordinate of a function is a number, and always there.",
            parameterName + " (function " + name() + ")",
            "Make it a float or int range, or a choice of numbers, without a condition.");
      }
      missing.remove(parameterName);
    }
    if (!missing.isEmpty()) {
      throw new Problem(
          "The space lacks coordinates of the function.",
          String.join(", ", missing) + " (function " + name() + ")",
          "Add them, or leave out space: for the function's usual domain.");
    }
  }

  /// Every name that [#named] knows, those of any dimension without it.
  static List<String> names() {
    var names = new ArrayList<>(TestFunctions.names());
    names.addAll(ParetoFunctions.names());
    return names;
  }

  /// The function of a name.
  ///
  /// @throws Problem when there is none
  static NumericFunction named(String name) {
    var pareto = ParetoFunctions.find(name);
    if (pareto != null) {
      return pareto;
    }
    if (!TestFunctions.has(name)) {
      throw new Problem("There is no such test function.", name, Nearest.suggest(name, names()));
    }
    return TestFunctions.named(name);
  }
}
