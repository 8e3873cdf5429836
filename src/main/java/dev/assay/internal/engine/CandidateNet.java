package dev.assay.internal.engine;

import dev.assay.internal.problem.Require;
import dev.assay.internal.random.SobolSequence;
import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.Arrays;

/// Points spread over a box: a scrambled Sobol net, addressed by index, so that a device can write
/// the same points without being sent them. Coordinates beyond those that Sobol points exist for
/// are drawn independently. Immutable.
public final class CandidateNet {
  /// The most points.
  public static final int MOST = 1 << 30;

  private final Box box;
  private final int count;
  private final double[] low;
  private final double[] high;
  private final long seed;
  private final SobolSequence sobol;

  /// @param count 1 to [#MOST]
  /// @param low d bounds of continuous and grid coordinates, in [0, 1]
  /// @param high likewise, from `low` on
  /// @param seed of the scrambling
  public CandidateNet(Box box, int count, double[] low, double[] high, long seed) {
    Require.inRange("candidate net", "count", count, 1, MOST);
    for (int j = 0; j < low.length; j++) {
      Require.inRange("candidate net", "low " + j, low[j], 0, 1);
      Require.inRange("candidate net", "high " + j, high[j], low[j], 1);
    }
    this.box = box;
    this.count = count;
    this.low = low.clone();
    this.high = high.clone();
    this.seed = seed;
    sobol = new SobolSequence(Math.clamp(box.dimension(), 1, SobolSequence.MAX_DIMENSION), seed);
  }

  /// In the whole box.
  public static CandidateNet of(Box box, int count, long seed) {
    var high = new double[box.dimension()];
    Arrays.fill(high, 1);
    return new CandidateNet(box, count, new double[high.length], high, seed);
  }

  public Box box() {
    return box;
  }

  public int count() {
    return count;
  }

  public double[] low() {
    return low.clone();
  }

  public double[] high() {
    return high.clone();
  }

  /// The key of what is drawn beyond [#sobol]: coordinate j of point i is the double number j -
  /// dimension of the [Philox] stream [#stream] of i.
  public long seed() {
    return seed;
  }

  public SobolSequence sobol() {
    return sobol;
  }

  /// The stream of what is drawn for a point.
  public static long stream(int index) {
    return (long) Purpose.CANDIDATE.ordinal() << 32 | index;
  }

  /// Point `index`.
  ///
  /// @return d coordinates
  public double[] point(int index) {
    int d = box.dimension();
    var unit = new double[sobol.dimension()];
    sobol.point(index, unit);
    var random = d > unit.length ? new Philox(seed, stream(index)) : null;
    var point = new double[d];
    for (int j = 0; j < d; j++) {
      double u = random != null && j >= unit.length ? random.nextDouble() : unit[j];
      point[j] = coordinate(j, u);
    }
    return point;
  }

  /// Points `from`, `from` + 1, ..., one after the other.
  ///
  /// @return m × d
  public double[] points(int from, int m) {
    int d = box.dimension();
    var points = new double[m * d];
    for (int t = 0; t < m; t++) {
      System.arraycopy(point(from + t), 0, points, t * d, d);
    }
    return points;
  }

  private double coordinate(int j, double u) {
    return switch (box.coordinates().get(j)) {
      case Coordinate.Continuous _ -> low[j] + u * (high[j] - low[j]);
      case Coordinate.Grid grid ->
          low[j] == 0 && high[j] == 1
              ? grid.fromUnit(u)
              : grid.positions()[grid.nearest(low[j] + u * (high[j] - low[j]))];
      case Coordinate.Category category -> category.fromUnit(u);
    };
  }
}
