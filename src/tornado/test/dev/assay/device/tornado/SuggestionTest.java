package dev.assay.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.random.Philox;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole suggestions: a fit, conditioning, a search.
class SuggestionTest {
  private static final CovarianceFunction PRODUCT = CovarianceFunction.product();
  private static final Box BOX =
      new Box(
          List.of(
              new Coordinate.Continuous(),
              new Coordinate.Category(3),
              new Coordinate.Grid(new double[] {0, .25, .5, .75, 1}),
              new Coordinate.Continuous()));

  static List<CovarianceFunction> covariances() {
    return List.of(
        PRODUCT,
        CovarianceFunction.productPlusAdditive(2),
        new RadialCovariance.Matern52(),
        new RadialCovariance.RationalQuadratic());
  }

  /// @param evaluations of each fit
  private static double[] suggest(
      GpEngine engine, CovarianceFunction covariance, int n, int evaluations, MaximiserPlan plan) {
    int d = BOX.dimension();
    var random = new Philox(9, 0);
    var x = new double[n * d];
    var y = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        x[i * d + j] = BOX.coordinates().get(j).fromUnit(random.nextDouble());
      }
      y[i] = Math.sin(5 * x[i * d]) + x[i * d + 2] * x[i * d + 3] + 0.3 * x[i * d + 1];
    }
    var prior = Hyperprior.of(covariance, d, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    try (var session = engine.open(BOX)) {
      session.observe(x, new double[][] {y});
      var task = new GpSession.FitTask(covariance, 0, prior, prior.start(), evaluations);
      var fit = session.fit(List.of(task)).getFirst();
      session.condition(List.of(new GpSession.Model(covariance, fit.theta(), 0)));
      double best = Arrays.stream(y).min().orElse(0);
      return session.maximise(new LogExpectedImprovement(0, best), plan, CandidateRule.ANY).point();
    }
  }

  @ParameterizedTest
  @MethodSource("covariances")
  void theSameHistoryGivesTheProcessorsSuggestion(CovarianceFunction covariance) {
    var plan = MaximiserPlan.of(new double[0], 11);
    var expected = suggest(GpEngine.standard(), covariance, 30, 40, plan);
    var engine = new TornadoGpEngine(Device.accelerator());
    var actual = suggest(engine, covariance, 30, 40, plan);
    assertThat(actual).containsExactly(expected, within(1e-6));
  }

  @Test
  void noTaskGraphIsBuiltAfterTheFirstSuggestionOfAShapeClass() {
    var accelerator = new Accelerator(Device.accelerator().facts());
    var engine = new TornadoGpEngine(accelerator);
    var plan = new MaximiserPlan(8, 0, 0, 1, 2, new double[0], 3);
    for (int n = 1; n <= 200; n++) {
      int before = accelerator.built();
      suggest(engine, PRODUCT, n, 2, plan);
      boolean first = n == 1 || n == 65 || n == 129; // 64, 128 and 256 rows
      assertThat(accelerator.built() - before).as("n = %s", n).isEqualTo(first ? 2 : 0);
    }
  }
}
