package dev.assay.internal.sampler.simple;

import dev.assay.problem.Problem;
import dev.assay.space.Distribution;
import dev.assay.space.Parameter;
import dev.assay.trial.Options;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The codes that one parameter takes in a grid, in order and without duplicates.
final class GridAxis {
  private static final int LARGEST = 10_000_000;

  private GridAxis() {}

  /// The parameter's default alone.
  static double[] initial(Parameter parameter) {
    var distribution = parameter.distribution();
    var value = parameter.initial();
    return new double[] {value == null ? distribution.middle() : code(parameter, value)};
  }

  /// Every value of a countable parameter, evenly spaced ones of a continuous parameter.
  static double[] whole(Parameter parameter, int points) {
    var distribution = parameter.distribution();
    long count = distribution.count().orElse(points);
    if (count == 0) {
      throw new Problem(
          "A grid needs to know which values a continuous parameter takes.",
          parameter.name() + ": " + distribution.describe(),
          "Say {grid: {points: 5}}, or list its values: {grid: {values: {"
              + parameter.name()
              + ": [...]}}}.");
    }
    if (count > LARGEST) {
      throw new Problem(
          "The parameter has too many values for a grid.",
          parameter.name() + ": " + distribution.describe(),
          "List some of them, or give it a step.");
    }
    return distribution.count().isPresent()
        ? IntStream.range(0, (int) count).mapToDouble(distribution::nth).toArray()
        : spaced(distribution, points);
  }

  /// What a sub-grid says: a list of values, one value, or `{points: k}`.
  static double[] of(Parameter parameter, @Nullable Object said) {
    if (said instanceof Map<?, ?> map && map.keySet().equals(java.util.Set.of("points"))) {
      var options = new Options("grid of " + parameter.name(), Map.of("points", map.get("points")));
      int points = options.integer("points", 1);
      Options.requireInRange("grid of " + parameter.name(), "points", points, 1, LARGEST);
      var distribution = parameter.distribution();
      return distribution.count().orElse(Long.MAX_VALUE) <= points
          ? whole(parameter, points)
          : spaced(distribution, points);
    }
    var values = said instanceof List<?> list ? list : java.util.Collections.singletonList(said);
    if (values.isEmpty()) {
      throw new Problem(
          "A parameter of a grid needs at least one value.",
          parameter.name() + ": []",
          "List them.");
    }
    return values.stream().mapToDouble(value -> code(parameter, value)).distinct().toArray();
  }

  private static double[] spaced(Distribution distribution, int points) {
    return points == 1
        ? new double[] {distribution.fromUnit(0.5)}
        : DoubleStream.iterate(0, i -> i + 1)
            .limit(points)
            .map(i -> distribution.fromUnit(i / (points - 1)))
            .distinct()
            .toArray();
  }

  private static double code(Parameter parameter, @Nullable Object value) {
    double code = parameter.distribution().code(value);
    if (Double.isNaN(code)) {
      throw new Problem(
          "The grid has a value that the parameter cannot take.",
          parameter.name() + " = " + value,
          "It is a " + parameter.distribution().describe() + ".");
    }
    return code;
  }
}
