package dev.assay.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The volume that a set of points dominates, up to a reference point (Zitzler and Thiele 1998).
/// Larger is better. Exact for any number of objectives: by a sweep for two, by the exclusive
/// volumes of WFG (While, Bradstreet and Barone 2012) for more.
///
/// A point: m losses, smaller is better. r: the reference, m losses; what is not better than r in
/// every objective adds nothing.
public final class Hypervolume {
  private Hypervolume() {}

  /// The volume that complete trials dominate; those that break outcome constraints do not count.
  ///
  /// @param reference one value for each objective, in the study's order and the objectives' own
  ///   direction
  public static double of(
      List<TrialRecord> trials, List<Objective> objectives, double... reference) {
    var points =
        trials.stream()
            .filter(trial -> trial.state() == TrialState.COMPLETE && trial.isFeasible())
            .map(trial -> losses(trial.values(), objectives))
            .toArray(double[][]::new);
    return of(points, losses(Arrays.stream(reference).boxed().toList(), objectives));
  }

  private static double[] losses(List<Double> values, List<Objective> objectives) {
    if (values.size() != objectives.size()) {
      throw new IllegalArgumentException(
          values.size() + " values for " + objectives.size() + " objectives");
    }
    var losses = new double[values.size()];
    for (int k = 0; k < losses.length; k++) {
      losses[k] = objectives.get(k).direction().asLoss(values.get(k));
    }
    return losses;
  }

  /// The volume that points dominate.
  ///
  /// @param points n × m losses
  /// @param reference r, m losses
  public static double of(double[][] points, double[] reference) {
    var inside = new ArrayList<double[]>();
    for (var point : points) {
      boolean better = true;
      for (int k = 0; k < reference.length; k++) {
        better &= point[k] < reference[k];
      }
      if (better) {
        inside.add(point);
      }
    }
    return volume(front(inside), reference);
  }

  /// The points that no other point is as good as in every objective, each once.
  private static List<double[]> front(List<double[]> points) {
    var front = new ArrayList<double[]>();
    for (var point : points) {
      if (front.stream().noneMatch(other -> asGood(other, point))) {
        front.removeIf(other -> asGood(point, other));
        front.add(point);
      }
    }
    return front;
  }

  private static boolean asGood(double[] a, double[] b) {
    for (int k = 0; k < a.length; k++) {
      if (a[k] > b[k]) {
        return false;
      }
    }
    return true;
  }

  /// @param front points of which none dominates another
  private static double volume(List<double[]> front, double[] reference) {
    int m = reference.length;
    if (front.isEmpty()) {
      return 0;
    }
    if (m == 1) {
      return reference[0] - front.getFirst()[0];
    }
    if (m == 2) {
      return area(front, reference);
    }
    // Worst last objective first: those that follow then limit it to fewer points.
    var sorted = new ArrayList<>(front);
    sorted.sort(Comparator.comparingDouble((double[] point) -> point[m - 1]).reversed());
    double sum = 0;
    for (int i = 0; i < sorted.size(); i++) {
      sum += exclusive(sorted.get(i), sorted.subList(i + 1, sorted.size()), reference);
    }
    return sum;
  }

  private static double area(List<double[]> front, double[] reference) {
    var sorted = new ArrayList<>(front);
    sorted.sort(Comparator.comparingDouble(point -> point[0]));
    double sum = 0;
    double ceiling = reference[1];
    for (var point : sorted) {
      sum += (reference[0] - point[0]) * (ceiling - point[1]);
      ceiling = point[1];
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
