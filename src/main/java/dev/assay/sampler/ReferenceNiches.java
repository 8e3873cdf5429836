package dev.assay.sampler;

import java.util.ArrayList;
import java.util.List;

/// Keeps the members of a front that are closest to reference directions with few members (Deb and
/// Jain 2014, Algorithms 2 to 4; directions of Das and Dennis 1998). Objectives are scaled by the
/// ideal and the worst of the front; where the paper draws among equals, the closest is taken.
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
    var low = extreme(all, false);
    var high = extreme(all, true);
    var crowd = new int[directions.size()];
    for (var member : sure) {
      if (member.merit().isComplete()) {
        crowd[niche(member, low, high).direction]++;
      }
    }
    var niches = front.stream().map(member -> niche(member, low, high)).toList();
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

  private Niche niche(Population.Member member, double[] low, double[] high) {
    var point = new double[low.length];
    for (int k = 0; k < point.length; k++) {
      // Halves, because the extent itself may overflow.
      point[k] =
          high[k] > low[k] ? (member.losses()[k] / 2 - low[k] / 2) / (high[k] / 2 - low[k] / 2) : 0;
    }
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
