package dev.assay.sampler.seen;

import java.util.ArrayList;
import java.util.List;

/// The volume that points dominate below the reference (1, ..., 1), by slicing along the last
/// objective (While et al. 2006).
public final class Hypervolume {
  private Hypervolume() {}

  /// @param points each in [0, 1]ᵏ, smaller is better
  public static double of(List<double[]> points) {
    return points.isEmpty() ? 0 : sliced(points, points.getFirst().length);
  }

  /// Of the first k coordinates.
  private static double sliced(List<double[]> points, int k) {
    if (k == 1) {
      return 1 - points.stream().mapToDouble(p -> p[0]).min().orElse(1);
    }
    var sorted = new ArrayList<>(points);
    sorted.sort((a, b) -> Double.compare(a[k - 1], b[k - 1]));
    double volume = 0;
    if (k == 2) {
      double left = 1;
      for (var p : sorted) {
        if (p[0] < left) {
          volume += (left - p[0]) * (1 - p[1]);
          left = p[0];
        }
      }
      return volume;
    }
    for (int i = 0; i < sorted.size(); i++) {
      double above = i + 1 < sorted.size() ? sorted.get(i + 1)[k - 1] : 1;
      double depth = above - sorted.get(i)[k - 1];
      if (depth > 0) {
        volume += depth * sliced(sorted.subList(0, i + 1), k - 1);
      }
    }
    return volume;
  }
}
