package dev.assay.sampler;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.sampler.gp.BoxBelief;
import dev.assay.internal.sampler.gp.BoxEncoding;
import dev.assay.internal.sampler.prior.Axis;
import dev.assay.internal.sampler.prior.Belief;
import dev.assay.internal.sampler.prior.Beliefs;
import dev.assay.internal.sampler.seen.Untried;
import dev.assay.random.Philox;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.Parameter;
import dev.assay.space.Prior;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Densities, quantiles and slopes of priors, and how they are forgotten.
class PriorDensitiesTest extends PriorsCase {
  @Test
  void densitiesAddUpToOneAndQuantilesInvertThem() {
    for (var parameter : BELIEVED.parameters()) {
      var belief = Belief.of(parameter);
      if (belief == null) {
        continue;
      }
      double mass = 0;
      double low = 0;
      int n = 20_000;
      for (int k = 0; k < n; k++) {
        double place = (k + 0.5) / n;
        mass += Math.exp(belief.logDensity(place, null)) / n;
        double high = belief.quantile((k + 1.0) / n);
        assertThat(high).isGreaterThanOrEqualTo(low).isBetween(0.0, 1.0);
        low = high;
      }
      assertThat(mass).as(parameter.name()).isCloseTo(1, within(1e-3));
      assertValues(parameter, belief);
    }
  }

  /// Each value's probability is what draws make of it.
  private static void assertValues(Parameter parameter, Belief belief) {
    var distribution = parameter.distribution();
    long count = distribution.count().orElse(0);
    if (count == 0 || count > 300) {
      return;
    }
    var drawn = new double[(int) count];
    int n = 50_000;
    for (int k = 0; k < n; k++) {
      double code = distribution.fromUnit(belief.quantile((k + 0.5) / n));
      drawn[(int) distribution.nearestIndex(code)] += 1.0 / n;
    }
    var axis = Axis.of(0, parameter);
    for (int k = 0; k < count; k++) {
      double code = distribution.nth(k);
      double share = axis.isCategory() ? 1.0 / count : axis.cellEnd(code) - axis.cellStart(code);
      assertThat(Math.exp(belief.logDensity(code)) * share)
          .as(parameter.name() + " " + code)
          .isCloseTo(drawn[k], within(1e-3));
    }
  }

  @Test
  void slopesAreThoseOfTheDensity() {
    var encoding = new BoxEncoding(BELIEVED);
    var rule = encoding.rule(History.of(List.of(), List.of()), new Untried(BELIEVED));
    var preferring =
        requireNonNull(requireNonNull(BoxBelief.of(BELIEVED, encoding)).prefer(rule, 4, List.of()));
    var preference = requireNonNull(preferring.preference());
    int d = encoding.box().dimension();
    var random = new Philox(1, 1);
    for (int i = 0; i < 20; i++) {
      var point = encoding.point(BELIEVED.draw(random));
      var gradient = new double[d];
      var value = new double[1];
      preference.addTo(point, value, gradient);
      for (int j : new int[] {0, 1, 4}) { // continuous, and a long range
        double h = 1e-6;
        var near = point.clone();
        near[j] = Math.clamp(point[j] + h, 0, 1);
        var there = new double[1];
        preference.addTo(near, there, null);
        double slope = (there[0] - value[0]) / (near[j] - point[j]);
        assertThat(gradient[j]).isCloseTo(slope, within(1e-3 * (1 + Math.abs(slope))));
      }
    }
  }

  /// A parameter that does not exist says nothing, and what is known of none prefers nothing.
  @Test
  void onlyWhatExistsCounts() {
    var space =
        SearchSpace.builder()
            .add("kind", Choice.of("a", "b"))
            .add("beta", new FloatRange(0, 1), Condition.when("kind", "a"))
            .prior("beta", Prior.around(0.1, 0.02))
            .build();
    var beliefs = requireNonNull(Beliefs.of(space));
    assertThat(beliefs.logDensity(space.configuration(Map.of("kind", "b")))).isZero();
    assertThat(beliefs.logDensity(space.configuration(Map.of("kind", "a", "beta", 0.1))))
        .isGreaterThan(2);
    assertThat(Beliefs.of(withoutPriors(space))).isNull();
    assertThat(CandidateRule.ANY.preference()).isNull();
  }

  @Test
  void expectationsAreForgottenByNumberAndByContradiction() {
    var space = square(0.1);
    var encoding = new BoxEncoding(space);
    var belief = requireNonNull(BoxBelief.of(space, encoding));
    var expected = space.fromUnit(new double[] {0.1, 0.1, 0.1});
    var contradicted = space.fromUnit(new double[] {0.9, 0.1, 0.1});
    double full = lead(belief, 10, List.of(expected), 0);
    assertThat(lead(belief, 21, List.of(expected), 0)).isCloseTo(full / 2, within(1e-9));
    assertThat(lead(belief, 10, List.of(contradicted), 0)).isLessThan(full / 10);
    assertThat(lead(belief, 10, List.of(contradicted), 1)).isCloseTo(full, within(1e-9));
    assertThat(belief.prefer(CandidateRule.ANY, 600, List.of())).isNull();
  }

  /// By how much the expected place of a coordinate is preferred to a far one.
  private static double lead(
      BoxBelief belief, int known, List<Configuration> best, int coordinate) {
    var preference =
        requireNonNull(requireNonNull(belief.prefer(CandidateRule.ANY, known, best)).preference());
    var points = new double[] {0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    points[3 + coordinate] = 0.9;
    var values = new double[2];
    preference.addTo(points, values, null);
    return values[0] - values[1];
  }
}
