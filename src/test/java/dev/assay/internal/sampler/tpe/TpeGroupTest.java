package dev.assay.internal.sampler.tpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.sampler.prior.Axis;
import dev.assay.sampler.Trials;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

/// Ratios of densities, calculated by hand.
class TpeGroupTest {
  private static final SearchSpace LINE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private static final SearchSpace KINDS =
      SearchSpace.builder().add("kind", Choice.of("a", "b", "c")).build();

  private static TpeGroup group(SearchSpace space, double gamma, List<?> best) {
    var parameter = space.parameters().getFirst();
    var group =
        new TpeGroup(
            new TpeSampler(1, 24, gamma, 25, 1, true, true, true),
            List.of(Objective.minimize("loss")),
            List.of(Axis.of(0, parameter)),
            false,
            null);
    for (int i = 0; i < best.size(); i++) {
      var configuration = space.configuration(Map.of(parameter.name(), best.get(i)));
      group.add(Trials.complete(i, new Proposal(configuration), i));
    }
    return group;
  }

  /// The good ones, 0.2 and 0.3, count 1.608 and 0.392 and have bandwidth 2/11; the others have
  /// 0.06 · 1.25^(−4/5) and count 1 each, beside 1.5 of the uniform component.
  @Test
  void normalsAreCutOffAndGoodTrialsCountByRank() {
    var group = group(LINE, 0.4, List.of(0.2, 0.3, 0.6, 0.8, 0.9));
    var ratios = group.logRatios(new double[][] {{0.25}, {0.5}, {0.8}}, List.of());
    assertThat(Math.exp(ratios[0])).isCloseTo(5.8020287592, within(1e-9));
    assertThat(Math.exp(ratios[1])).isCloseTo(1.4700281506, within(1e-9));
    assertThat(Math.exp(ratios[2])).isCloseTo(0.1473420256, within(1e-9));
  }

  /// l(a) = (0.6 + 1/3) / 2; g(a) = (3 · 3/13 + 1) / 6. What is pending counts as bad.
  @Test
  void categoriesAreSmoothedAndPendingTrialsAreBad() {
    var group = group(KINDS, 0.25, List.of("a", "b", "b", "c"));
    var all = new double[][] {{0}, {1}, {2}};
    var ratios = group.logRatios(all, List.of());
    assertThat(Math.exp(ratios[0])).isCloseTo(1.6545454545, within(1e-9));
    assertThat(Math.exp(ratios[1])).isCloseTo(0.6933333333, within(1e-9));
    assertThat(Math.exp(ratios[2])).isCloseTo(0.8, within(1e-9));
    var pending = List.of(KINDS.configuration(Map.of("kind", "a")));
    var fewer = group.logRatios(all, pending);
    assertThat(Math.exp(fewer[0])).isCloseTo(1.4752688172, within(1e-9));
    assertThat(Math.exp(fewer[1])).isCloseTo(0.7259259259, within(1e-9));
    assertThat(group.logRatios(all, List.of())).isEqualTo(ratios); // nothing of it is kept
  }

  /// The density at x of a normal that is cut off at 0 and 1.
  private static double cutOff(double x, double centre, double sigma) {
    var normal = new NormalDistribution(centre, sigma);
    return normal.density(x) / normal.probability(0, 1);
  }

  /// Of a point's two neighbours the farther one is its bandwidth, at an end the only one.
  @Test
  void theLargerGapIsTheBandwidth() {
    var estimator =
        new ParzenEstimator(
            List.of(Axis.of(0, LINE.parameters().getFirst())),
            new double[][] {{0.3, 0.9, 0.05}},
            new double[] {1, 1, 1},
            1,
            0,
            null,
            0);
    for (double x : new double[] {0.1, 0.4, 0.95}) {
      double sum = cutOff(x, 0.05, 0.25) + cutOff(x, 0.3, 0.6) + cutOff(x, 0.9, 0.6) + 1;
      assertThat(estimator.logDensity(new double[] {x})).isCloseTo(Math.log(sum / 4), within(1e-9));
    }
  }

  /// Beside a number, g's categories are smoothed by one trial only, however many there are: l has
  /// 0.6 and 0.2, g (1 + 1/4) / (1 + 3/4) and (1/4) / (1 + 3/4), with 3 of the uniform component.
  @Test
  void besideNumbersCategoriesAreHardlySmoothed() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("kind", Choice.of("a", "b", "c"))
            .build();
    var group =
        new TpeGroup(
            new TpeSampler(1, 24, 0.25, 25, 1, true, true, true),
            List.of(Objective.minimize("loss")),
            List.of(Axis.of(0, space.parameters().get(0)), Axis.of(1, space.parameters().get(1))),
            false,
            null);
    var kinds = List.of("a", "b", "b", "c");
    var xs = new double[] {0.4, 0.3, 0.5, 0.7};
    for (int i = 0; i < xs.length; i++) {
      var configuration = space.configuration(Map.of("x", xs[i], "kind", kinds.get(i)));
      group.add(Trials.complete(i, new Proposal(configuration), i));
    }
    double sigma = 0.06 * Math.pow(1.25, -4 / 6.0);
    for (int kind = 0; kind < 3; kind++) {
      double x = 0.45;
      double good = cutOff(x, 0.4, 1) * (kind == 0 ? 0.6 : 0.2) / 2 + 1 / 6.0;
      double bad = 1;
      for (int i = 1; i < xs.length; i++) {
        boolean hit = "abc".charAt(kind) == kinds.get(i).charAt(0);
        bad += cutOff(x, xs[i], sigma) * (hit ? 1.25 : 0.25) / 1.75;
      }
      var ratio = group.logRatios(new double[][] {{x, kind}}, List.of());
      assertThat(ratio[0]).isCloseTo(Math.log(good / (bad / 6)), within(1e-9));
    }
  }
}
