package dev.assay.internal.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.random.Philox;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoiseHypothesisTest {
  private static final Box LINE = Box.continuous(1);

  private static final SurrogateSettings QUIET =
      SurrogateSettings.single(CovarianceFunction.product());

  private final double[] points =
      IntStream.range(0, 14).mapToDouble(i -> (0.5 + 0.618 * i) % 1).toArray();

  private double[] values(double noise) {
    var random = new Philox(7, 0);
    return IntStream.range(0, points.length)
        .mapToDouble(i -> Math.sin(5 * points[i]) + noise * random.nextGaussian())
        .toArray();
  }

  private static FittedModels fit(SurrogateSettings settings, double[] points, double[] values) {
    return new SurrogateModels(GpEngine.standard(), LINE, settings)
        .fit(points, values, SurrogateMemory.NONE, 1);
  }

  private NoiseHypothesis.Belief judged(double[] values) {
    return new NoiseHypothesis(GpEngine.standard(), LINE, QUIET)
        .judge(points, values, fit(QUIET, points, values), SurrogateMemory.NONE, 1);
  }

  /// The density at its maximum and what Laplace's approximation makes of it.
  private double logEvidence(SurrogateSettings settings, double[] values) {
    var fitted = fit(settings, points, values);
    var model = fitted.models().getFirst();
    try (var session = GpEngine.standard().open(LINE)) {
      session.observe(points, new double[][] {model.outputs()});
      return fitted.logPosterior()
          + LaplaceEvidence.correction(
              session,
              model.member().covariance(),
              0,
              settings.prior(model.member(), 1, 0),
              model.theta());
    }
  }

  /// Bayes' rule for two hypotheses that were as likely.
  @Test
  void noiseIsAsLikelyAsItsEvidence() {
    for (double noise : new double[] {0.02, 0.1, 0.3}) {
      var values = values(noise);
      double odds = Math.exp(logEvidence(QUIET.underNoise(), values) - logEvidence(QUIET, values));
      assertThat(judged(values).probability()).isCloseTo(odds / (1 + odds), within(1e-6));
    }
  }

  /// Of several models each hypothesis has the sum of their evidences.
  @Test
  void evidencesOfSeveralModelsAddUp() {
    var settings = SurrogateSettings.average();
    var values = values(0.1);
    var fitted = fit(settings, points, values);
    assertThat(fitted.models().getLast().weight()).isLessThan(0.9);
    double probability =
        new NoiseHypothesis(GpEngine.standard(), LINE, settings)
            .judge(points, values, fitted, SurrogateMemory.NONE, 1)
            .probability();
    double quiet = evidence(settings, fitted);
    double noisy = evidence(settings.underNoise(), fit(settings.underNoise(), points, values));
    double odds = noisy / quiet;
    assertThat(probability).isCloseTo(odds / (1 + odds), within(1e-6)).isBetween(1e-3, 0.999);
  }

  private double evidence(SurrogateSettings settings, FittedModels fitted) {
    double sum = 0;
    for (var model : fitted.models()) {
      try (var session = GpEngine.standard().open(LINE)) {
        session.observe(points, new double[][] {model.outputs()});
        double correction =
            LaplaceEvidence.correction(
                session,
                model.member().covariance(),
                0,
                settings.prior(model.member(), 1, 0),
                model.theta());
        sum += model.weight() * Math.exp(fitted.logPosterior() + correction);
      }
    }
    return sum;
  }

  @Test
  void theNextJudgementGoesOnFromThisOne() {
    var memory = judged(values(0.1)).memory();
    assertThat(memory.size()).isEqualTo(14);
    assertThat(memory.theta()).containsOnlyKeys("single-noisy");
  }

  /// At every observation to 20, at every third to 60, then at each quarter more.
  @Test
  void judgementsBecomeRarer() {
    var at = new int[] {19, 20, 21, 23, 24, 60, 62, 63, 80, 100};
    var since = new int[] {18, 19, 19, 20, 21, 57, 60, 47, 60, 76};
    var due = new boolean[] {true, true, false, true, true, true, false, true, true, false};
    for (int i = 0; i < at.length; i++) {
      var memory = new SurrogateMemory(since[i], 0, Map.of());
      assertThat(NoiseHypothesis.isDue(at[i], memory))
          .as("%d after %d", at[i], since[i])
          .isEqualTo(due[i]);
    }
  }
}
