package dev.assay.sampler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A part of a list of points that is too long to look at each: one half spread evenly over the
/// list, the other nearest to some centres.
final class ListSample {
  private ListSample() {}

  /// @param centres points one after the other, or none
  /// @param most how many are chosen
  static List<double[]> of(List<double[]> points, double[] centres, int most) {
    int d = points.getFirst().length;
    int count = centres.length / Math.max(1, d);
    int near = count == 0 ? 0 : most / 2 / count;
    Set<Integer> chosen = new HashSet<>();
    for (int c = 0; c < count; c++) {
      int at = c * d;
      var distances = new double[points.size()];
      for (int i = 0; i < distances.length; i++) {
        for (int j = 0; j < d; j++) {
          double difference = points.get(i)[j] - centres[at + j];
          distances[i] += difference * difference;
        }
      }
      var order = new ArrayList<Integer>();
      for (int i = 0; i < distances.length; i++) {
        order.add(i);
      }
      order.sort(Comparator.comparingDouble(i -> distances[i]));
      chosen.addAll(order.subList(0, near));
    }
    int spread = most - chosen.size();
    for (int k = 0; k < spread; k++) {
      chosen.add((int) ((long) k * points.size() / spread));
    }
    return chosen.stream().sorted().map(points::get).toList();
  }
}
