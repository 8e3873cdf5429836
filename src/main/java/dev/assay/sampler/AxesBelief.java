package dev.assay.sampler;

import dev.assay.space.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What is expected of some axes, each by itself.
final class AxesBelief {
  private final List<Axis> axes;
  private final List<@Nullable Belief> beliefs = new ArrayList<>();

  private AxesBelief(List<Axis> axes, List<Parameter> parameters) {
    this.axes = axes;
    axes.forEach(axis -> beliefs.add(Belief.of(parameters.get(axis.parameter()))));
  }

  /// @param parameters all of the space
  /// @return null where nothing is expected of the axes
  static @Nullable AxesBelief of(List<Axis> axes, List<Parameter> parameters) {
    return axes.stream().allMatch(axis -> parameters.get(axis.parameter()).prior() == null)
        ? null
        : new AxesBelief(axes, parameters);
  }

  /// Draws coordinates.
  void draw(RandomGenerator random, double[] x) {
    for (int j = 0; j < x.length; j++) {
      var axis = axes.get(j);
      var belief = beliefs.get(j);
      double unit = random.nextDouble();
      double place = belief == null ? unit : belief.quantile(unit);
      x[j] = axis.coordinate(axis.distribution().fromUnit(place));
    }
  }

  /// log p, relative to an even draw.
  double logDensity(double[] x) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      var belief = beliefs.get(j);
      sum += belief == null ? 0 : belief.logDensity(axes.get(j).code(x[j]));
    }
    return sum;
  }
}
