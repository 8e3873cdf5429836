package dev.assay.internal.sampler.curves;

import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;

/// Configurations as points. A parameter that has an order is one coordinate, its unit value; an
/// unordered choice has one for each option, so that two options are 1 apart; a parameter that does
/// not exist under the choices made stands in the middle, or at none of the options. Coordinates of
/// one parameter share a lengthscale, their *group*.
final class CurveEncoding {
  private static final double APART = Math.sqrt(0.5);

  private final SearchSpace space;

  /// By coordinate.
  private final int[] groups;

  private final int groupCount;

  CurveEncoding(SearchSpace space) {
    this.space = space;
    var of = new ArrayList<Integer>();
    int group = 0;
    for (var parameter : space.parameters()) {
      if (parameter.distribution().count().orElse(2) == 1) {
        continue;
      }
      for (int k = 0; k < width(parameter.distribution()); k++) {
        of.add(group);
      }
      group++;
    }
    groups = of.stream().mapToInt(Integer::intValue).toArray();
    groupCount = group;
  }

  /// d.
  int dimension() {
    return groups.length;
  }

  /// The parameters that have more than one value.
  int groupCount() {
    return groupCount;
  }

  /// The group of a coordinate.
  int group(int coordinate) {
    return groups[coordinate];
  }

  double[] point(Configuration configuration) {
    var point = new double[groups.length];
    int at = 0;
    for (int i = 0; i < space.dimension(); i++) {
      var distribution = space.parameters().get(i).distribution();
      if (distribution.count().orElse(2) == 1) {
        continue;
      }
      int width = width(distribution);
      if (width == 1) {
        point[at] = configuration.isActive(i) ? distribution.toUnit(configuration.code(i)) : 0.5;
      } else if (configuration.isActive(i)) {
        point[at + (int) configuration.code(i)] = APART;
      }
      at += width;
    }
    return point;
  }

  /// The coordinates of a parameter.
  private static int width(Distribution distribution) {
    return distribution instanceof Choice(var options, var ordered) && !ordered
        ? options.size()
        : 1;
  }
}
