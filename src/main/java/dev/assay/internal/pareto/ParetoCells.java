package dev.assay.internal.pareto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Cuts the region below a reference point that a front does not dominate into disjoint boxes.
public final class ParetoCells {
  private ParetoCells() {}

  /// lower < f <= upper in every objective; a lower corner may be minus infinity.
  @SuppressWarnings("ArrayRecordComponent")
  public record Cell(double[] lower, double[] upper) {}

  /// @param points objective vectors to be minimised, dominated ones allowed
  /// @param reference 2 or 3 values, worse than what is of interest
  public static List<Cell> of(List<double[]> points, double[] reference) {
    var inside =
        points.stream()
            .filter(p -> Dominance.isBetterInAll(p, reference))
            .map(double[]::clone)
            .toList();
    return switch (reference.length) {
      case 2 -> strips(inside, reference);
      case 3 -> slabs(inside, reference);
      default ->
          throw new IllegalArgumentException("two or three objectives, not " + reference.length);
    };
  }

  /// Vertical strips between neighbours of the front, each open below.
  private static List<Cell> strips(List<double[]> points, double[] reference) {
    var sorted = new ArrayList<>(points);
    sorted.sort(Comparator.<double[]>comparingDouble(p -> p[0]).thenComparingDouble(p -> p[1]));
    var cells = new ArrayList<Cell>();
    double left = Double.NEGATIVE_INFINITY;
    double top = reference[1];
    for (var p : sorted) {
      if (p[1] < top) {
        if (p[0] > left) {
          cells.add(cell(left, p[0], top));
        }
        left = p[0];
        top = p[1];
      }
    }
    cells.add(cell(left, reference[0], top));
    return cells;
  }

  private static Cell cell(double left, double right, double top) {
    return new Cell(new double[] {left, Double.NEGATIVE_INFINITY}, new double[] {right, top});
  }

  /// Between neighbouring values of the third objective the front is that of the points below, in
  /// two objectives. A strip that the next point leaves as it is goes on: there are O(n) cells.
  private static List<Cell> slabs(List<double[]> points, double[] reference) {
    var levels = points.stream().mapToDouble(p -> p[2]).sorted().distinct().toArray();
    var cells = new ArrayList<Cell>();
    var open = new LinkedHashMap<List<Double>, Double>(); // strips, and where they began
    double bottom = Double.NEGATIVE_INFINITY;
    for (int i = 0; i <= levels.length; i++) {
      double from = bottom;
      var below = points.stream().filter(p -> p[2] <= from).toList();
      var strips = new LinkedHashMap<List<Double>, Double>();
      for (var strip : strips(below, reference)) {
        var sides = List.of(strip.lower()[0], strip.upper()[0], strip.upper()[1]);
        var began = open.remove(sides);
        strips.put(sides, began == null ? bottom : began);
      }
      close(open, bottom, cells);
      open = strips;
      bottom = i < levels.length ? levels[i] : reference[2];
    }
    close(open, bottom, cells);
    return cells;
  }

  private static void close(Map<List<Double>, Double> strips, double top, List<Cell> cells) {
    strips.forEach((sides, bottom) -> {
      var cell = cell(sides.get(0), sides.get(1), sides.get(2));
      cells.add(new Cell(append(cell.lower(), bottom), append(cell.upper(), top)));
    });
  }

  private static double[] append(double[] two, double third) {
    var three = Arrays.copyOf(two, 3);
    three[2] = third;
    return three;
  }
}
