package dev.assay.internal.engine;

import dev.assay.internal.problem.Require;
import java.util.List;

/// The search space as engines see it: d coordinates.
public record Box(List<Coordinate> coordinates) {
  public Box {
    coordinates = List.copyOf(coordinates);
  }

  /// d continuous coordinates.
  public static Box continuous(int d) {
    Require.atLeast("box", "dimension", d, 0);
    return new Box(java.util.Collections.nCopies(d, new Coordinate.Continuous()));
  }

  public int dimension() {
    return coordinates.size();
  }

  /// Which coordinates are categories.
  public boolean[] categorical() {
    var flags = new boolean[dimension()];
    for (int j = 0; j < flags.length; j++) {
      flags[j] = coordinates.get(j) instanceof Coordinate.Category;
    }
    return flags;
  }

  /// How far two points are apart: root mean square over the coordinates, where categories that
  /// differ are 1 apart.
  ///
  /// @param a k × d
  /// @param i which of them
  /// @param b l × d
  /// @param k which of them
  public double distance(double[] a, int i, double[] b, int k) {
    int d = dimension();
    double sum = 0;
    for (int j = 0; j < d; j++) {
      double difference = a[i * d + j] - b[k * d + j];
      if (difference != 0 && coordinates.get(j) instanceof Coordinate.Category) {
        difference = 1;
      }
      sum += difference * difference;
    }
    return Math.sqrt(sum / d);
  }

  /// The number of points, or infinity.
  public double size() {
    double size = 1;
    for (var coordinate : coordinates) {
      size *=
          switch (coordinate) {
            case Coordinate.Continuous _ -> Double.POSITIVE_INFINITY;
            case Coordinate.Grid(var positions) -> positions.length;
            case Coordinate.Category(int options) -> options;
          };
    }
    return size;
  }
}
