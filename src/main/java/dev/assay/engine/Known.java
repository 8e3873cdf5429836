package dev.assay.engine;

import java.util.Arrays;
import java.util.stream.IntStream;

/// What a search knows of its points.
///
/// @param points n × d, n at least 1
/// @param objectives for each objective n finite outputs, to be minimised
/// @param pending q × d: points whose outputs are not known yet
/// @param constraints for each constraint n finite values, 0 or less where it is kept
@SuppressWarnings("ArrayRecordComponent")
public record Known(
    double[] points, double[][] objectives, double[] pending, double[][] constraints) {
  /// Outputs that differ by less than this share of themselves are equal.
  private static final double ROUNDING = 1e-12;

  /// One objective, no constraints.
  public Known(double[] points, double[] values, double[] pending) {
    this(points, new double[][] {values}, pending, new double[0][]);
  }

  public int size() {
    return objectives[0].length;
  }

  /// The first objective's outputs.
  public double[] values() {
    return objectives[0];
  }

  /// Whether no objective says anything: all its outputs are equal, as far as their rounding lets
  /// one see.
  public boolean isConstant() {
    return Arrays.stream(objectives).allMatch(Known::isConstant);
  }

  /// Whether outputs are all equal but for the last digits.
  static boolean isConstant(double[] outputs) {
    double low = Arrays.stream(outputs).min().orElse(0);
    double high = Arrays.stream(outputs).max().orElse(0);
    // In halves: the difference itself may overflow.
    return high / 2 - low / 2 <= ROUNDING * Math.max(Math.abs(low), Math.abs(high)) / 2;
  }

  /// Whether outputs take few values, as rounded ones do.
  public static boolean isStepped(double[] outputs) {
    return Steps.noise(outputs) > 0;
  }

  /// The sum of what exceeds the constraints.
  double violation(int i) {
    double sum = 0;
    for (var constraint : constraints) {
      sum += Math.max(0, constraint[i]);
    }
    return sum;
  }

  boolean isFeasible(int i) {
    return violation(i) == 0;
  }

  /// The points in another order.
  double[] ordered(IntStream order) {
    int d = points.length / size();
    var sorted = new double[points.length];
    var rows = order.toArray();
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(points, rows[i] * d, sorted, i * d, d);
    }
    return sorted;
  }
}
