package dev.assay.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.acquisition.Mixture;
import dev.assay.internal.acquisition.NoiseDiscount;
import dev.assay.internal.acquisition.ProbabilityOfImprovement;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.random.Philox;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every engine must do: agree with the reference arithmetic, find likelier hyperparameters,
/// and find points that an acquisition likes.
public abstract class GpEngineContract extends GpSingularContract {
  @Test
  void fitFindsALikelierPointInsideTheBoundsAlsoForConstantOutputs() {
    var covariance = CovarianceFunction.productPlusAdditive(1);
    var box = mixed();
    var c = Case.random(box, covariance, 30, 21);
    var prior = Hyperprior.of(covariance, 4, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    var smooth = new double[30];
    for (int i = 0; i < 30; i++) {
      smooth[i] = Math.sin(5 * c.x()[i][0]) + c.x()[i][1];
    }
    try (var session = engine().open(box)) {
      session.observe(c.flat(), new double[][] {smooth, new double[30]});
      var random = prior.randomStart(new Philox(2, 0));
      int p = prior.size();
      var starts = Arrays.copyOf(prior.start(), 2 * p);
      System.arraycopy(random, 0, starts, p, p);
      var fits =
          session.fit(
              List.of(
                  new GpSession.FitTask(covariance, 0, prior, starts, 100),
                  new GpSession.FitTask(covariance, 1, prior, starts, 100)));
      for (int output = 0; output < 2; output++) {
        var fit = fits.get(output);
        double reached = posteriorDensity(session, covariance, prior, fit.theta(), output);
        assertThat(fit.logPosterior()).isCloseTo(reached, within(1e-8));
        assertThat(reached)
            .isGreaterThan(posteriorDensity(session, covariance, prior, prior.start(), output));
        assertThat(reached)
            .isGreaterThan(posteriorDensity(session, covariance, prior, random, output));
        for (int i = 0; i < p; i++) {
          assertThat(fit.theta()[i]).isBetween(prior.low()[i], prior.high()[i]);
        }
      }
    }
  }

  private static double posteriorDensity(
      GpSession session,
      CovarianceFunction covariance,
      Hyperprior prior,
      double[] theta,
      int output) {
    var value = new double[1];
    var gradient = new double[theta.length];
    session.logLikelihood(covariance, output, theta, value, gradient);
    return value[0] + prior.logDensity(theta, gradient, 0);
  }

  @Test
  void severalModelsAreJudgedTogether() {
    var one = CovarianceFunction.productPlusAdditive(1);
    var two = new RadialCovariance.Matern32();
    var c = Case.random(mixed(), one, 25, 4);
    var other = Case.random(mixed(), two, 25, 4);
    var y2 = Arrays.stream(c.y()).map(v -> v * v).toArray();
    AcquisitionFunction function =
        new Mixture(
            List.of(
                new Mixture.Part(.25, new LogExpectedImprovement(0, -.5)),
                new Mixture.Part(.5, new UpperConfidenceBound(1, 1.5)),
                new Mixture.Part(.5, new NoiseDiscount(1, .2)),
                new Mixture.Part(.25, new LogExpectedImprovement(2, .1))));
    try (var session = engine().open(c.box())) {
      session.observe(c.flat(), new double[][] {c.y(), y2});
      session.condition(
          List.of(
              new GpSession.Model(one, c.theta(), 0),
              new GpSession.Model(two, other.theta(), 1),
              new GpSession.Model(one, c.theta(), 1)));
      var at = Case.random(c.box(), one, 5, 77);
      var values = new double[5];
      var gradients = new double[20];
      session.acquisition(function, at.flat(), values, gradients);
      var posteriors =
          List.of(
              c.posterior(one),
              other.process(two).condition(c.x(), y2),
              c.process(one).condition(c.x(), y2));
      for (int t = 0; t < 5; t++) {
        var means = new double[3];
        var sds = new double[3];
        for (int k = 0; k < 3; k++) {
          var prediction = posteriors.get(k).at(at.x()[t]);
          means[k] = prediction.mean();
          sds[k] = Math.sqrt(prediction.variance());
        }
        close(values[t], function.value(means, sds));
        checkSlope(session, function, at.x()[t], gradients, t);
      }
    }
  }

  private static void checkSlope(
      GpSession session, AcquisitionFunction function, double[] x, double[] gradients, int t) {
    for (int j : new int[] {0, 2, 3}) {
      var up = x.clone();
      var down = x.clone();
      up[j] += 1e-6;
      down[j] -= 1e-6;
      var value = new double[1];
      session.acquisition(function, up, value);
      double above = value[0];
      session.acquisition(function, down, value);
      double slope = (above - value[0]) / 2e-6;
      assertThat(gradients[t * 4 + j])
          .isCloseTo(slope, within(1e-5 * Math.max(1, Math.abs(slope))));
    }
  }

  @Test
  void maximiseFindsABetterPointThanAnyScreenedOneAndKeepsTheRule() {
    var covariance = new RadialCovariance.Matern52();
    var box = mixed();
    var c = Case.random(box, covariance, 30, 6);
    var function = new LogExpectedImprovement(0, -1.5);
    var rule =
        new CandidateRule() {
          @Override
          public void canonicalise(double[] point, boolean[] active) {
            Arrays.fill(active, true);
            if (point[1] == 2) { // option 2 has no last coordinate
              point[3] = 0.5;
              active[3] = false;
            }
          }

          @Override
          public boolean acceptable(double[] point) {
            return point[2] != 0.5;
          }
        };
    try (var session = engine().open(box)) {
      session.observe(c.flat(), new double[][] {c.y()});
      session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
      var plan = MaximiserPlan.of(Arrays.copyOf(c.flat(), 40), 11);
      var best = session.maximise(function, plan, rule);
      assertThat(session.maximise(function, plan, rule).point()).containsExactly(best.point());
      assertThat(rule.acceptable(best.point())).isTrue();
      assertThat(best.point()[1] != 2 || best.point()[3] == 0.5).isTrue();
      var value = new double[1];
      session.acquisition(function, best.point(), value);
      close(value[0], best.value());
      var random = Case.random(box, covariance, 3000, 99);
      var active = new boolean[4];
      for (var x : random.x()) {
        rule.canonicalise(x, active);
      }
      var values = new double[3000];
      session.acquisition(function, random.flat(), values);
      for (int i = 0; i < 3000; i++) {
        if (rule.acceptable(random.x()[i])) {
          assertThat(values[i]).isLessThanOrEqualTo(best.value() + 1e-6);
        }
      }
    }
  }

  @Test
  void jointDrawsHaveThePosteriorsMomentsAndPassThroughTheData() {
    var covariance = CovarianceFunction.productPlusAdditive(1);
    var c = Case.random(Box.continuous(2), covariance, 8, 12);
    c.theta()[c.theta().length - 2] = Math.log(1e-8);
    try (var session = engine().open(c.box())) {
      session.observe(c.flat(), new double[][] {c.y()});
      session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
      var at = new double[] {.31, .42, .35, .44, c.x()[0][0], c.x()[0][1]};
      int count = 20_000;
      var draws = session.sample(0, at, count, 5);
      assertThat(session.sample(0, at, count, 5)).containsExactly(draws);
      var posterior = c.posterior(covariance);
      var a = new double[] {.31, .42};
      var b = new double[] {.35, .44};
      double meanA = posterior.at(a).mean();
      double meanB = posterior.at(b).mean();
      double cross = 0;
      double square = 0;
      for (int s = 0; s < count; s++) {
        square += Math.pow(draws[3 * s] - meanA, 2) / count;
        cross += (draws[3 * s] - meanA) * (draws[3 * s + 1] - meanB) / count;
        assertThat(draws[3 * s + 2]).isCloseTo(c.y()[0], within(1e-2));
      }
      double variance = posterior.at(a).variance();
      assertThat(square).isCloseTo(variance, within(0.05 * variance));
      assertThat(cross).isCloseTo(posterior.covariance(a, b), within(0.05 * variance));
    }
  }

  static Stream<Box> edges() {
    return Stream.of(
        Box.continuous(1),
        Box.continuous(200),
        new Box(List.of(new Coordinate.Category(4), new Coordinate.Category(2))),
        mixed());
  }

  /// No, one, and several observations, the several with one and the same output.
  @ParameterizedTest
  @MethodSource("edges")
  void fitAndMaximiseWorkAtTheEdges(Box box) {
    var covariance = CovarianceFunction.productPlusAdditive(2);
    int d = box.dimension();
    var prior = Hyperprior.of(covariance, d, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    for (int n : new int[] {0, 1, 6}) {
      var c = Case.random(box, covariance, n, 31);
      try (var session = engine().open(box)) {
        session.observe(c.flat(), new double[][] {new double[n]});
        var task = new GpSession.FitTask(covariance, 0, prior, prior.start(), 3);
        var fit = session.fit(List.of(task)).getFirst();
        assertThat(fit.logPosterior()).isFinite();
        session.condition(List.of(new GpSession.Model(covariance, fit.theta(), 0)));
        var plan = new MaximiserPlan(32, 1, 4, 2, 4, c.flat(), 3);
        var best = session.maximise(new LogExpectedImprovement(0, 0), plan, CandidateRule.ANY);
        assertThat(best.value()).isFinite();
        var posterior = c.process(covariance, fit.theta()).condition(c.x(), new double[n]);
        var there = posterior.at(best.point());
        close(
            best.value(),
            new LogExpectedImprovement(0, 0)
                .value(new double[] {there.mean()}, new double[] {Math.sqrt(there.variance())}));
        for (int j = 0; j < d; j++) {
          assertThat(best.point()[j]).isBetween(0.0, 3.0);
        }
      }
    }
  }

  /// More points than engines evaluate exactly in any case, few of them near the best.
  @ParameterizedTest
  @MethodSource("edges")
  void screeningFindsWhatEvaluatingAllPointsFinds(Box box) {
    var covariance = CovarianceFunction.productPlusAdditive(2);
    int d = box.dimension();
    var low = new double[d];
    var high = new double[d];
    Arrays.fill(low, 0.2);
    Arrays.fill(high, 0.9);
    for (int n : new int[] {0, 1, 40}) {
      var c = Case.random(box, covariance, n, 77);
      try (var session = engine().open(box)) {
        session.observe(c.flat(), new double[][] {c.y()});
        session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
        for (var net :
            List.of(
                CandidateNet.of(box, 5, 1),
                CandidateNet.of(box, 1500, 2),
                new CandidateNet(box, 700, low, high, 3))) {
          for (AcquisitionFunction function :
              List.of(
                  new LogExpectedImprovement(0, -1.5),
                  new UpperConfidenceBound(0, 1),
                  new ProbabilityOfImprovement(0, -1.5, true))) {
            var expected = Screening.exhaustive(session, function, net, 20);
            var actual = session.screen(function, net, 20);
            assertThat(actual).hasSameSizeAs(expected);
            for (int k = 0; k < actual.size(); k++) {
              close(actual.get(k).value(), expected.get(k).value());
            }
            if (n > 0 && box.size() > 100) { // else many points are worth the same
              assertThat(actual.getFirst().point()).isEqualTo(expected.getFirst().point());
            }
          }
        }
      }
    }
  }

  @Test
  void maximisingWithManySobolPointsEndsAtLeastAsHighAsTheBestOfThem() {
    var covariance = new RadialCovariance.Matern52();
    var c = Case.random(Box.continuous(3), covariance, 25, 4);
    var function = new LogExpectedImprovement(0, -1);
    try (var session = engine().open(c.box())) {
      session.observe(c.flat(), new double[][] {c.y()});
      session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
      var best = session.screen(function, CandidateNet.of(c.box(), 6000, 9), 1).getFirst();
      var plan = new MaximiserPlan(6000, 0, 0, 2, 20, new double[0], 9);
      var found = session.maximise(function, plan, CandidateRule.ANY);
      assertThat(found.value()).isGreaterThan(best.value());
    }
  }

  /// All that is screened lies where the rule accepts nothing.
  @Test
  void screeningLeavesSomethingWhereTheBestPointsAreRefused() {
    var covariance = new RadialCovariance.Matern52();
    var c = Case.random(Box.continuous(2), covariance, 12, 8);
    var theta = c.theta().clone();
    theta[1] = theta[2] = Math.log(0.1);
    var function = new UpperConfidenceBound(0, 1);
    try (var session = engine().open(c.box())) {
      session.observe(c.flat(), new double[][] {c.y()});
      session.condition(List.of(new GpSession.Model(covariance, theta, 0)));
      var screened = session.screen(function, CandidateNet.of(c.box(), 5000, 9), 256);
      var best = screened.getFirst().point();
      var rule =
          new CandidateRule() {
            @Override
            public void canonicalise(double[] point, boolean[] active) {
              Arrays.fill(active, true);
            }

            @Override
            public boolean acceptable(double[] point) {
              return Math.hypot(point[0] - best[0], point[1] - best[1]) > 0.3;
            }
          };
      assertThat(screened).noneMatch(candidate -> rule.acceptable(candidate.point()));
      var plan = new MaximiserPlan(5000, 0, 0, 2, 20, new double[0], 9);
      var found = session.maximise(function, plan, rule);
      assertThat(rule.acceptable(found.point())).isTrue();
    }
  }

  /// So many that devices climb in another way than from a few.
  @Test
  void manyStartsEndAtLeastAsHighAsFew() {
    var covariance = new RadialCovariance.Matern52();
    var c = Case.random(Box.continuous(4), covariance, 10, 6);
    var function = new LogExpectedImprovement(0, -1);
    try (var session = engine().open(c.box())) {
      session.observe(c.flat(), new double[][] {c.y()});
      session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
      var few = new MaximiserPlan(300, 0, 0, 4, 30, new double[0], 9);
      var many = new MaximiserPlan(300, 0, 0, 200, 30, new double[0], 9);
      double best = session.maximise(function, few, CandidateRule.ANY).value();
      var found = session.maximise(function, many, CandidateRule.ANY);
      assertThat(found.value()).isGreaterThan(best - 1e-6);
      var there = c.posterior(covariance).at(found.point());
      close(
          found.value(),
          function.value(new double[] {there.mean()}, new double[] {Math.sqrt(there.variance())}));
    }
  }

  @Test
  void aBatchOfOnePointAndAnEmptyOneAreAnswered() {
    var covariance = new RadialCovariance.Matern52();
    var c = Case.random(Box.continuous(2), covariance, 5, 3);
    try (var session = engine().open(c.box())) {
      session.observe(c.flat(), new double[][] {c.y()});
      session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
      var mean = new double[1];
      var variance = new double[1];
      session.predict(0, new double[] {.2, .7}, mean, variance);
      var expected = c.posterior(covariance).at(new double[] {.2, .7});
      close(mean[0], expected.mean());
      close(variance[0], expected.variance());
      session.predict(0, new double[0], new double[0], new double[0]);
      session.acquisition(
          new LogExpectedImprovement(0, 0), new double[0], new double[0], new double[0]);
    }
  }
}
