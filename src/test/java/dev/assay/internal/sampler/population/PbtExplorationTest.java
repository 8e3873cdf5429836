package dev.assay.internal.sampler.population;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.SearchTask;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a member that takes over changes; and settings.
class PbtExplorationTest extends PbtCase {
  @Test
  void explorationKeepsToTheSpace() {
    var random = new Philox(1, 1);
    var exploration = new Exploration();
    var seen = new HashSet<Object>();
    for (int i = 0; i < 2000; i++) {
      var from = Trials.MIXED.draw(random);
      var changed = exploration.change(from, random);
      // Building it anew checks names, existence, ranges and constraints.
      assertThat(Trials.MIXED.configuration(changed.values())).isEqualTo(changed);
      seen.add(requireNonNull(changed.get("optimizer")));
    }
    assertThat(seen).hasSize(3);
  }

  /// Factors of 1 change nothing: what changes was drawn anew.
  @Test
  void aQuarterIsDrawnAnew() {
    var random = new Philox(1, 3);
    var from = LINE.configuration(Map.of("rate", 0.01, "share", 0.5));
    var exploration = new Exploration(1, 1, 0.25, List.of());
    int anew = 0;
    for (int i = 0; i < 2000; i++) {
      anew += exploration.change(from, random).number("share") == 0.5 ? 0 : 1;
    }
    assertThat(anew / 2000.0).isBetween(0.22, 0.28);
  }

  @Test
  void orderedChoicesGoToANeighbour() {
    var random = new Philox(1, 4);
    var space = SearchSpace.builder().add("size", Choice.ordered(1, 2, 4, 8, 16)).build();
    var exploration = new Exploration(0.8, 1.2, 0, List.of());
    var seen = new HashSet<Object>();
    for (int i = 0; i < 50; i++) {
      seen.add(exploration.change(space.fromCodes(new double[] {2}), random).code(0));
    }
    assertThat(seen).containsExactlyInAnyOrder(1.0, 3.0);
  }

  /// A tenth of these ranges is less than from one value to the next.
  @Test
  void whatIsCountableMovesToANeighbourAtLeast() {
    var random = new Philox(1, 5);
    var space =
        SearchSpace.builder()
            .add("layers", new IntRange(1, 3))
            .add("share", new FloatRange(0, 1, false, 0.5))
            .build();
    var exploration = new Exploration(0.9, 1.1, 0, List.of());
    var layers = new HashSet<Double>();
    var shares = new HashSet<Double>();
    for (int i = 0; i < 50; i++) {
      var changed = exploration.change(space.fromCodes(new double[] {2, 0.5}), random);
      layers.add(changed.number("layers"));
      shares.add(changed.number("share"));
    }
    assertThat(layers).containsExactlyInAnyOrder(1.0, 3.0);
    assertThat(shares).containsExactlyInAnyOrder(0.0, 1.0);
  }

  @Test
  void explorationMultipliesLogarithmicParametersAndShiftsLinearOnes() {
    var random = new Philox(1, 2);
    var from = LINE.configuration(Map.of("rate", 0.01, "share", 0.5));
    var exploration = new Exploration(0.8, 1.2, 0, List.of());
    var rates = new HashSet<Double>();
    var shares = new HashSet<Double>();
    for (int i = 0; i < 100; i++) {
      var changed = exploration.change(from, random);
      rates.add(changed.number("rate"));
      shares.add(changed.number("share"));
    }
    assertThat(rates).containsExactlyInAnyOrder(0.01 * 0.8, 0.01 * 1.2);
    assertThat(shares).containsExactlyInAnyOrder(0.5 - (1 - 0.8), 0.5 + (1.2 - 1));
    var edge = LINE.configuration(Map.of("rate", 1.0, "share", 0.0));
    for (int i = 0; i < 20; i++) {
      var changed = exploration.change(edge, random);
      assertThat(changed.number("rate")).isIn(0.8, 1.0);
      assertThat(changed.number("share")).isIn(0.0, 1.2 - 1);
    }
  }

  @Test
  void onlyWhatIsToBeExploredChanges() {
    var random = new Philox(1, 3);
    var exploration = new Exploration(0.8, 1.2, 1, List.of("rate"));
    var from = LINE.configuration(Map.of("rate", 0.01, "share", 0.5));
    var changed = exploration.change(from, random);
    assertThat(changed.number("share")).isEqualTo(0.5);
    assertThat(changed.number("rate")).isNotEqualTo(0.01);
  }

  @Test
  void settingsDescribeTheSampler() {
    var sampler =
        new PbtSampler(5, 2, 10, 0.2, new Exploration(0.5, 2, 0.1, List.of("rate", "share")));
    assertThat(Samplers.create("pbt", sampler.settings())).isEqualTo(sampler);
    assertThat(Samplers.create("pbt", sampler(0).settings())).isEqualTo(sampler(0));
  }

  @Test
  void nonsenseIsRefused() {
    refused(Map.of("population", 0), "population");
    refused(Map.of("interval", 20, "steps", 10), "interval");
    refused(Map.of("quantile", 0.6), "quantile");
    refused(Map.of("perturb", 1.2), "perturb");
    refused(Map.of("perturb", List.of(1.2, 0.8)), "perturb");
    refused(Map.of("explore", "rate"), "explore");
    refused(Map.of("explore", List.of("momentum")), "momentum");
    refused(Map.of("members", 3), "members");
    var several = Trials.task(LINE, 1, Objective.minimize("loss"), Objective.maximize("accuracy"));
    assertThatThrownBy(() -> sampler(0).open(several)).isInstanceOf(Problem.class);
    var batch =
        new SearchTask(LINE, several.objectives().subList(0, 1), several.streams(), MEMBERS + 1);
    assertThatThrownBy(() -> sampler(0).open(batch))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("batch");
  }

  private static void refused(Map<String, Object> options, String word) {
    assertThatThrownBy(() -> Samplers.create("pbt", options).open(Trials.task(LINE, 1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(word);
  }
}
