package dev.assay.internal.surrogate;

import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpSession;
import java.util.Arrays;
import java.util.List;

/// What models expect to gain at one point.
final class Gains {
  /// Where so many points lie so near (root mean square over coordinates) there is a crowd.
  private static final int CROWD = 3;

  private static final double NEAR = 1e-4;

  /// So many outputs that are as good as the best, and how far from that point is about it.
  private static final int MANY = 5;

  private static final double SIX_DIGITS = 1e-6;
  private static final double ABOUT = 0.05;

  /// As far from a bound a point is beside one on it.
  private static final double BESIDE = 0.01;

  /// Noise up to this variance is what a model keeps of rounding where there is none.
  private static final double FLOOR = 1e-4;

  private static final double LEAST_SD = 1e-12;

  private Gains() {}

  /// The improvement's value; in a crowd as it were were each model as sure at its observations as
  /// the outputs are. A model's small noise leaves it a deviation even where it has observed, and
  /// so an improvement to hope for that no exact output has to give, however often it was tried.
  ///
  /// @param conditioned the models of the session, in order
  static double value(
      GpSession session,
      AcquisitionFunction improvement,
      List<FittedModels.Weighted> conditioned,
      boolean crowded,
      double[] point) {
    var mean = new double[conditioned.size()];
    var sd = new double[conditioned.size()];
    var m = new double[1];
    var v = new double[1];
    for (int k = 0; k < mean.length; k++) {
      session.predict(k, point, m, v);
      mean[k] = m[0];
      double doubt = crowded ? Math.min(FLOOR, conditioned.get(k).noise()) : 0;
      sd[k] = Math.max(LEAST_SD, Math.sqrt(Math.max(0, v[0] - doubt)));
    }
    return improvement.value(mean, sd);
  }

  /// Whether a point lies where a search has been enough: where many known and pending points do;
  /// beside one on a bound, beyond which nothing lies; or about the best, with many others as good.
  static boolean isCrowded(Box box, Known known, double[] point) {
    int near = 0;
    for (var points : List.of(known.points(), known.pending())) {
      for (int i = 0; i < points.length / point.length; i++) {
        if (isBeside(box, points, i, point)) {
          return true;
        }
        near += box.distance(points, i, point, 0) <= NEAR ? 1 : 0;
      }
    }
    return near >= CROWD || known.objectives().length == 1 && isLevel(box, known, point);
  }

  /// Whether a point lies about the best one, and many outputs are as good to six digits of what
  /// outputs differ by.
  private static boolean isLevel(Box box, Known known, double[] point) {
    var values = known.values();
    var order = SurrogateModels.order(values);
    double best = values[order[0]];
    double spread = halfSpread(values, point.length);
    int level = 0;
    while (level < order.length && values[order[level]] / 2 - best / 2 <= SIX_DIGITS * spread) {
      level++;
    }
    return level >= MANY && box.distance(known.points(), order[0], point, 0) <= ABOUT;
  }

  /// Half of how far the median of the first outputs, which no model chose, lies from the best of
  /// all. Later ones crowd about the best.
  static double halfSpread(double[] outputs, int d) {
    var first = Arrays.copyOf(outputs, Math.min(outputs.length, Math.max(8, 2 * d)));
    Arrays.sort(first);
    double best = Arrays.stream(outputs).min().orElse(0);
    return first[first.length / 2] / 2 - best / 2;
  }

  /// Whether the i-th point lies on a bound and another one beside it, within the box.
  private static boolean isBeside(Box box, double[] points, int i, double[] point) {
    int d = point.length;
    boolean onBound = false;
    for (int j = 0; j < d; j++) {
      double at = points[i * d + j];
      double difference = Math.abs(at - point[j]);
      boolean bound =
          box.coordinates().get(j) instanceof Coordinate.Continuous && (at == 0 || at == 1);
      if (difference > (bound ? BESIDE : NEAR)) {
        return false;
      }
      onBound |= bound;
    }
    return onBound;
  }
}
