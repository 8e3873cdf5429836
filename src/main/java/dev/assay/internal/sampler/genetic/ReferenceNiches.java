package dev.assay.internal.sampler.genetic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;

/// Keeps the members of a front that are closest to reference directions with few members (Deb and
/// Jain 2014, Algorithms 2 to 4; directions of Das and Dennis 1998). Objectives are counted from
/// the ideal of those that compete, in units of where the plane through their extreme points meets
/// the axes: one that is far off in some objective does not squeeze the others together. Where the
/// paper draws among equals, the closest is taken.
final class ReferenceNiches implements Population.Survival {
  private final List<double[]> directions = new ArrayList<>();

  ReferenceNiches(int objectives, int divisions) {
    divide(new double[objectives], 0, divisions, divisions);
  }

  private void divide(double[] direction, int k, int left, int divisions) {
    if (k == direction.length - 1) {
      direction[k] = (double) left / divisions;
      directions.add(direction.clone());
      return;
    }
    for (int share = 0; share <= left; share++) {
      direction[k] = (double) share / divisions;
      divide(direction, k + 1, left - share, divisions);
    }
  }

  /// @param direction the closest one
  /// @param distance from it
  private record Niche(int direction, double distance) {}

  @Override
  public List<Population.Member> survivors(
      List<Population.Member> front, List<Population.Member> sure, int count) {
    if (count == front.size()) {
      return front;
    }
    var all = new ArrayList<>(sure);
    all.addAll(front);
    all.removeIf(member -> !member.merit().isComplete());
    var scale = Scale.of(all);
    var crowd = new int[directions.size()];
    for (var member : sure) {
      if (member.merit().isComplete()) {
        crowd[niche(member, scale).direction]++;
      }
    }
    var niches = front.stream().map(member -> niche(member, scale)).toList();
    var chosen = new boolean[front.size()];
    var survivors = new ArrayList<Population.Member>();
    while (survivors.size() < count) {
      int next = next(niches, chosen, crowd);
      chosen[next] = true;
      crowd[niches.get(next).direction]++;
      survivors.add(front.get(next));
    }
    return survivors;
  }

  /// The member closest to the emptiest direction that has one left.
  private static int next(List<Niche> niches, boolean[] chosen, int[] crowd) {
    int best = -1;
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i]) {
        continue;
      }
      if (best < 0) {
        best = i;
        continue;
      }
      int difference = crowd[niches.get(i).direction] - crowd[niches.get(best).direction];
      if (difference < 0
          || (difference == 0 && niches.get(i).distance < niches.get(best).distance)) {
        best = i;
      }
    }
    return best;
  }

  /// How objectives are scaled.
  ///
  /// @param low the ideal
  /// @param high the largest of each
  /// @param intercepts where the plane through the extreme points meets the axes, in units of the
  ///   extent from `low` to `high`, and no farther out; 1 where there is no such plane
  @SuppressWarnings("ArrayRecordComponent")
  private record Scale(double[] low, double[] high, double[] intercepts) {
    /// What the other objectives weigh less in the search for the extreme point of one.
    private static final double OTHERS = 1e-6;

    static Scale of(List<Population.Member> members) {
      int m = members.getFirst().losses().length;
      var ones = new double[m];
      Arrays.fill(ones, 1);
      var box = new Scale(extreme(members, false), extreme(members, true), ones);
      var points = members.stream().map(member -> box.of(member.losses())).toList();
      var corners = new double[m][];
      for (int k = 0; k < m; k++) {
        corners[k] = corner(points, k);
      }
      var plane = new LUDecomposition(new Array2DRowRealMatrix(corners, false)).getSolver();
      if (!plane.isNonSingular()) {
        return box;
      }
      var normal = plane.solve(new ArrayRealVector(ones)).toArray();
      var intercepts = Arrays.stream(normal).map(v -> Math.min(1, 1 / v)).toArray();
      boolean meets = Arrays.stream(normal).allMatch(v -> v > 0 && v < 1 / OTHERS);
      return meets ? new Scale(box.low, box.high, intercepts) : box;
    }

    /// The one that is smallest in all objectives but one: the smallest achievement scalarising
    /// function, of equals the farthest out.
    private static double[] corner(List<double[]> points, int axis) {
      var best = points.getFirst();
      double least = Double.POSITIVE_INFINITY;
      for (var point : points) {
        double most = 0;
        for (int k = 0; k < point.length; k++) {
          most = Math.max(most, k == axis ? point[k] : point[k] / OTHERS);
        }
        if (most < least || (most == least && point[axis] > best[axis])) {
          least = most;
          best = point;
        }
      }
      return best;
    }

    private static double[] extreme(List<Population.Member> members, boolean high) {
      var extreme = members.getFirst().losses().clone();
      for (var member : members) {
        for (int k = 0; k < extreme.length; k++) {
          double loss = member.losses()[k];
          extreme[k] = high ? Math.max(extreme[k], loss) : Math.min(extreme[k], loss);
        }
      }
      return extreme;
    }

    double[] of(double[] losses) {
      var point = new double[losses.length];
      for (int k = 0; k < point.length; k++) {
        // Halves, because the extent itself may overflow.
        point[k] =
            high[k] > low[k]
                ? (losses[k] / 2 - low[k] / 2) / (high[k] / 2 - low[k] / 2) / intercepts[k]
                : 0;
      }
      return point;
    }
  }

  private Niche niche(Population.Member member, Scale scale) {
    var point = scale.of(member.losses());
    int closest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < directions.size(); i++) {
      double distance = distance(point, directions.get(i));
      if (distance < least) {
        least = distance;
        closest = i;
      }
    }
    return new Niche(closest, least);
  }

  /// From a point to the line through the origin.
  private static double distance(double[] point, double[] direction) {
    double along = 0;
    double square = 0;
    for (int k = 0; k < point.length; k++) {
      along += point[k] * direction[k];
      square += direction[k] * direction[k];
    }
    double share = along / square;
    double rest = 0;
    for (int k = 0; k < point.length; k++) {
      rest += Math.pow(point[k] - share * direction[k], 2);
    }
    return Math.sqrt(rest);
  }
}
