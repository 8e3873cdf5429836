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
}
