package dev.assay.importance;

import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Distribution;
import dev.assay.space.SearchSpace;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The part of the unit cube in which some parameters exist: for each axis, which of its equal
/// parts belong to it.
///
/// A condition is a product of axes unless its alternatives name different parents; of such
/// alternatives the region is the smallest product that holds them all.
final class Region {
  /// For each axis the parts that belong to the region; null: all of it.
  private final double[][] bounds;

  private final double share;
  private final boolean whole;

  private Region(boolean[] @Nullable [] allowed) {
    bounds = new double[allowed.length][];
    double product = 1;
    for (int j = 0; j < allowed.length; j++) {
      if (allowed[j] != null) {
        bounds[j] = cumulative(allowed[j]);
        product *= bounds[j][allowed[j].length];
      }
    }
    share = product;
    whole = Arrays.stream(bounds).allMatch(Objects::isNull);
  }

  /// The region in which all of these parameters exist.
  static Region of(SearchSpace space, int... parameters) {
    var allowed = new boolean[space.dimension()][];
    for (int j : parameters) {
      restrict(space, allowed, condition(space, j));
    }
    return new Region(allowed);
  }

  private static boolean[] @Nullable [] condition(SearchSpace space, int j) {
    return read(space, space.parameters().get(j).condition());
  }

  private static boolean[] @Nullable [] read(SearchSpace space, Condition condition) {
    var allowed = new boolean[space.dimension()][];
    switch (condition) {
      case Condition.In(var parent, var values) -> {
        int p = space.requireIndex(parent);
        restrict(space, allowed, condition(space, p)); // it exists itself
        var distribution = space.parameters().get(p).distribution();
        var parts = parts(distribution, values);
        if (parts != null) {
          allowed[p] = parts;
        }
      }
      case Condition.All(var conditions) ->
          conditions.forEach(c -> restrict(space, allowed, read(space, c)));
      case Condition.Any(var conditions) -> {
        var first = read(space, conditions.getFirst());
        System.arraycopy(first, 0, allowed, 0, allowed.length);
        conditions.stream().skip(1).forEach(c -> widen(allowed, read(space, c)));
      }
    }
    return allowed;
  }

  /// Which parts of a parent's axis are meant; null where the axis has no parts.
  private static boolean @Nullable [] parts(Distribution distribution, List<?> values) {
    long count = distribution.count().orElse(Long.MAX_VALUE);
    if (!(distribution instanceof Choice) && count > 4096) {
      return null;
    }
    var parts = new boolean[(int) count];
    for (var value : values) {
      double code = distribution.code(value);
      if (!Double.isNaN(code)) {
        parts[Math.clamp((long) (distribution.toUnit(code) * count), 0, parts.length - 1)] = true;
      }
    }
    return parts;
  }

  private static void restrict(
      SearchSpace space, boolean[] @Nullable [] allowed, boolean[] @Nullable [] more) {
    for (int j = 0; j < space.dimension(); j++) {
      if (more[j] != null && allowed[j] != null) {
        for (int c = 0; c < allowed[j].length; c++) {
          allowed[j][c] &= more[j][c];
        }
      } else if (more[j] != null) {
        allowed[j] = more[j].clone();
      }
    }
  }

  private static void widen(boolean[] @Nullable [] allowed, boolean[] @Nullable [] more) {
    for (int j = 0; j < allowed.length; j++) {
      if (allowed[j] != null && more[j] != null) {
        for (int c = 0; c < allowed[j].length; c++) {
          allowed[j][c] |= more[j][c];
        }
      } else {
        allowed[j] = null;
      }
    }
  }

  /// What of the axis lies in the region up to each part's end.
  private static double[] cumulative(boolean[] allowed) {
    var sums = new double[allowed.length + 1];
    for (int c = 0; c < allowed.length; c++) {
      sums[c + 1] = sums[c] + (allowed[c] ? 1.0 / allowed.length : 0);
    }
    return sums;
  }

  /// Its share of the cube.
  double share() {
    return share;
  }

  /// Whether it is the whole cube.
  boolean isWhole() {
    return whole;
  }

  /// The share of the region that each of an axis's equal cells cuts out.
  double[] extents(int j, int cells) {
    var extents = new double[cells];
    Arrays.setAll(extents, c -> share(j, (double) c / cells, (c + 1.0) / cells));
    return extents;
  }

  /// The share of the region that an interval of one axis cuts out.
  double share(int j, double low, double high) {
    if (bounds[j] == null) {
      return high - low;
    }
    var sums = bounds[j];
    return (at(sums, high) - at(sums, low)) / sums[sums.length - 1];
  }

  private static double at(double[] sums, double x) {
    double place = x * (sums.length - 1);
    int part = Math.clamp((long) place, 0, sums.length - 2);
    return sums[part] + (place - part) * (sums[part + 1] - sums[part]);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(bounds);
  }
}
