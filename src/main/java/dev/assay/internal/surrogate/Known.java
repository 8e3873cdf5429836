package dev.assay.internal.surrogate;

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

  /// So many equal outputs are a plateau.
  private static final int MANY = 5;

  /// Outputs of which this share differ are not rounded.
  private static final double DISTINCT = 0.7;

  /// Outputs closer than this share of their range are equal.
  private static final double SAME = 1e-9;

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

  /// Whether the best output is that of many points, while the others differ: what is best lies on
  /// a plateau. Where others are equal too, outputs are rounded, and there is more to gain.
  public boolean isBestOnPlateau() {
    var sorted = values().clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double same = SAME * (sorted[n - 1] / 2 - sorted[0] / 2);
    int level = 1;
    while (level < n && sorted[level] / 2 - sorted[0] / 2 <= same) {
      level++;
    }
    int distinct = 0;
    for (int i = level; i < n; i++) {
      distinct += sorted[i] / 2 - sorted[i - 1] / 2 > same ? 1 : 0;
    }
    return objectives.length == 1 && level >= MANY && distinct >= DISTINCT * (n - level);
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
