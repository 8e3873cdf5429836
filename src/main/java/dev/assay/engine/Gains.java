package dev.assay.engine;

import dev.assay.acquisition.AcquisitionFunction;
import java.util.List;

/// What models expect to gain at one point.
final class Gains {
  /// Where so many points lie so near (root mean square over coordinates) there is a crowd.
  private static final int CROWD = 3;

  private static final double NEAR = 1e-4;

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

  /// Whether a point lies where many known and pending ones do.
  static boolean isCrowded(Box box, Known known, double[] point) {
    return near(box, known.points(), point) + near(box, known.pending(), point) >= CROWD;
  }

  private static int near(Box box, double[] points, double[] point) {
    int near = 0;
    for (int i = 0; i < points.length / point.length; i++) {
      near += box.distance(points, i, point, 0) <= NEAR ? 1 : 0;
    }
    return near;
  }
}
