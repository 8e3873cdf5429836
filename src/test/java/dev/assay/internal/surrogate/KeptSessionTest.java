package dev.assay.internal.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.OutputWarp;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.GpEngine;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a session that was used before believes is what a new one does, whatever has changed.
class KeptSessionTest {
  private static final double[] POINTS = {0, 0.2, 0.35, 0.5, 0.75, 1};
  private static final double[] PENDING = {0.6, 0.9};
  private static final double[] NOTHING = {};
  private static final double[] THETA = {0, Math.log(0.3), Math.log(1e-3), 0.1};
  private static final CovarianceFunction MATERN = CovarianceFunction.product();

  private final KeptSession kept = new KeptSession(GpEngine.standard(), GridModels.BOX);

  private static double[] waves(int n) {
    return GridModels.values(Arrays.copyOf(POINTS, n), x -> Math.sin(9 * x));
  }

  private static FittedModels.Weighted model(
      CovarianceFunction covariance, double[] theta, double[] outputs) {
    var member = new SurrogateSettings.Member("m", covariance, new OutputWarp.Identity());
    return new FittedModels.Weighted(member, theta, outputs, 1);
  }

  private void assertAsNew(int n, int fittedTo, FittedModels.Weighted... models) {
    assertAsNew(new Known(Arrays.copyOf(POINTS, n), waves(n), NOTHING), fittedTo, models);
  }

  private void assertAsNew(Known known, int fittedTo, FittedModels.Weighted... models) {
    var believed = kept.condition(known, List.of(models), fittedTo);
    try (var fresh = new KeptSession(GpEngine.standard(), GridModels.BOX)) {
      var expected = fresh.condition(known, List.of(models), fittedTo);
      for (int k = 0; k < models.length; k++) {
        assertThat(believed[k]).containsExactly(expected[k], within(1e-9));
        assertThat(predicted(kept, k)).containsExactly(predicted(fresh, k), within(1e-9));
      }
    }
  }

  /// Means and variances everywhere.
  private static double[] predicted(KeptSession session, int model) {
    int m = GridModels.POSITIONS.length;
    var means = new double[m];
    var variances = new double[m];
    session.session().predict(model, GridModels.POSITIONS, means, variances);
    var both = Arrays.copyOf(means, 2 * m);
    System.arraycopy(variances, 0, both, m, m);
    return both;
  }

  private static double[] longer() {
    var theta = THETA.clone();
    theta[1] = Math.log(0.1);
    return theta;
  }

  @Test
  void otherHyperparametersAreConditionedAnew() {
    try (kept) {
      assertAsNew(6, 6, model(MATERN, THETA, waves(6)));
      assertAsNew(6, 6, model(MATERN, longer(), waves(6)));
      assertAsNew(6, 6, model(new RadialCovariance.Rbf(), longer(), waves(6)));
    }
  }

  @Test
  void moreModelsAndFewerAreConditionedAnew() {
    try (kept) {
      assertAsNew(6, 6, model(MATERN, THETA, waves(6)));
      assertAsNew(6, 6, model(MATERN, THETA, waves(6)), model(MATERN, longer(), waves(6)));
      assertAsNew(6, 6, model(MATERN, longer(), waves(6)));
    }
  }

  @Test
  void moreObservationsAreAppended() {
    try (kept) {
      assertAsNew(4, 4, model(MATERN, THETA, waves(4)));
      assertAsNew(5, 4, model(MATERN, THETA, waves(5)));
      assertAsNew(6, 4, model(MATERN, THETA, waves(6)));
      assertAsNew(6, 6, model(MATERN, THETA, waves(6)));
      assertAsNew(5, 5, model(MATERN, THETA, waves(5)));
    }
  }

  /// The point that was believed in becomes known, with another value.
  @Test
  void whatWasPendingIsKnown() {
    try (kept) {
      assertAsNew(new Known(POINTS, waves(6), PENDING), 6, model(MATERN, THETA, waves(6)));
      var points = Arrays.copyOf(POINTS, 7);
      points[6] = PENDING[0];
      var values = Arrays.copyOf(waves(6), 7);
      values[6] = 2;
      var known = new Known(points, values, new double[] {PENDING[1]});
      assertAsNew(known, 6, model(MATERN, THETA, values));
    }
  }

  @Test
  void otherPointsAndOutputsAreOthers() {
    try (kept) {
      assertAsNew(6, 6, model(MATERN, THETA, waves(6)));
      var moved = POINTS.clone();
      moved[2] = 0.4;
      assertAsNew(new Known(moved, waves(6), NOTHING), 6, model(MATERN, THETA, waves(6)));
      var other = GridModels.values(moved, x -> x * x);
      assertAsNew(new Known(moved, other, NOTHING), 6, model(MATERN, THETA, other));
    }
  }

  @Test
  void afterOtherUsesNothingIsKept() {
    try (kept) {
      assertAsNew(6, 6, model(MATERN, THETA, waves(6)));
      kept.open().observe(new double[] {0.5}, new double[][] {{3}});
      assertAsNew(6, 6, model(MATERN, THETA, waves(6)));
      kept.close();
      assertAsNew(6, 6, model(MATERN, THETA, waves(6)));
    }
  }
}
