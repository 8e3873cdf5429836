package dev.assay.internal.pareto;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// The volume that a set of points dominates, up to a reference point (Zitzler and Thiele 1998).
/// Larger is better. Exact for any number of objectives: by a sweep for two, by slices along the
/// third (While et al. 2006) for three, by the exclusive volumes of WFG (While, Bradstreet and
/// Barone 2012) for more.
///
/// A point: m losses, smaller is better. r: the reference, m losses; what is not better than r in
/// every objective adds nothing.
public final class Hypervolume {
  private Hypervolume() {}

  /// The volume that points dominate.
  ///
  /// @param points each m losses, dominated ones allowed
  /// @param reference r, m losses
  public static double of(Collection<double[]> points, double[] reference) {
    var inside =
        points.stream().filter(point -> Dominance.isBetterInAll(point, reference)).toList();
    return volume(front(inside), reference);
  }

  /// The points that no other point is as good as in every objective, each once.
  private static List<double[]> front(List<double[]> points) {
    var front = new ArrayList<double[]>();
    for (var point : points) {
      if (front.stream().noneMatch(other -> Dominance.covers(other, point))) {
        front.removeIf(other -> Dominance.covers(point, other));
        front.add(point);
      }
    }
    return front;
  }

  /// @param front points of which none dominates another
  private static double volume(List<double[]> front, double[] reference) {
    if (front.isEmpty()) {
      return 0;
    }
    return switch (reference.length) {
      case 1 -> reference[0] - front.getFirst()[0];
      case 2 -> area(front, reference);
      case 3 -> slices(front, reference);
      default -> exclusives(front, reference);
    };
  }

  /// Of the first two objectives; others are not looked at.
  private static double area(List<double[]> points, double[] reference) {
    var sorted = new ArrayList<>(points);
    sorted.sort(Comparator.comparingDouble(point -> point[1]));
    double area = 0;
    double left = reference[0];
    for (var point : sorted) {
      if (point[0] < left) {
        area += (left - point[0]) * (reference[1] - point[1]);
        left = point[0];
      }
    }
    return area;
  }

  private static double slices(List<double[]> front, double[] reference) {
    var sorted = new ArrayList<>(front);
    sorted.sort(Comparator.comparingDouble(point -> point[2]));
    double volume = 0;
    for (int i = 0; i < sorted.size(); i++) {
      double above = i + 1 < sorted.size() ? sorted.get(i + 1)[2] : reference[2];
      double depth = above - sorted.get(i)[2];
      if (depth > 0) {
        volume += depth * area(sorted.subList(0, i + 1), reference);
      }
    }
    return volume;
  }

  private static double exclusives(List<double[]> front, double[] reference) {
    int last = reference.length - 1;
    // Worst last objective first: those that follow then limit it to fewer points.
    var sorted = new ArrayList<>(front);
    sorted.sort(Comparator.comparingDouble((double[] point) -> point[last]).reversed());
    double sum = 0;
    for (int i = 0; i < sorted.size(); i++) {
      sum += exclusive(sorted.get(i), sorted.subList(i + 1, sorted.size()), reference);
    }
    return sum;
  }

  /// What a point dominates and the others do not: its box, less the volume of the others moved
  /// into that box.
  private static double exclusive(double[] point, List<double[]> others, double[] reference) {
    double box = 1;
    for (int k = 0; k < point.length; k++) {
      box *= reference[k] - point[k];
    }
    var limited = new ArrayList<double[]>(others.size());
    for (var other : others) {
      var moved = new double[point.length];
      for (int k = 0; k < moved.length; k++) {
        moved[k] = Math.max(point[k], other[k]);
      }
      limited.add(moved);
    }
    return box - volume(front(limited), reference);
  }
}
