package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.Box;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// A part of a list of points that is too long to look at each: one half spread evenly over the
/// list, the other nearest to some centres.
final class ListSample {
  private ListSample() {}

  /// @param points n × d
  /// @param centres k × d, or none
  /// @param most how many are chosen
  /// @return which of the points, ascending
  static int[] of(Box box, double[] points, double[] centres, int most) {
    int n = points.length / box.dimension();
    int count = centres.length / box.dimension();
    int near = count == 0 ? 0 : most / 2 / count;
    var chosen = new TreeSet<Integer>();
    for (int c = 0; c < count; c++) {
      int centre = c;
      var distances =
          IntStream.range(0, n)
              .mapToDouble(i -> box.distance(points, i, centres, centre))
              .toArray();
      IntStream.range(0, n)
          .boxed()
          .sorted(Comparator.comparingDouble(i -> distances[i]))
          .limit(near)
          .forEach(chosen::add);
    }
    int spread = most - chosen.size();
    for (int k = 0; k < spread; k++) {
      chosen.add((int) ((long) k * n / spread));
    }
    return chosen.stream().mapToInt(Integer::intValue).toArray();
  }
}
