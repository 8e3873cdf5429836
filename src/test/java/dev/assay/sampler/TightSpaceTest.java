package dev.assay.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.sampler.halving.HalvingSampler;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.space.SpaceBuilder;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every sampler where nearly nothing satisfies the constraints.
class TightSpaceTest {
  private static SpaceBuilder triples() {
    var builder = SearchSpace.builder();
    for (var name : List.of("a", "b", "c")) {
      builder.add(name, new IntRange(1, 200));
    }
    return builder;
  }

  private static Stream<Sampler> samplers() {
    return Samplers.names().stream()
        .filter(name -> !List.of("pbt", "halving", "freeze_thaw", "grid").contains(name))
        .map(name -> Samplers.create(name, Map.of()));
  }

  private static Outcome loss(Configuration x) {
    return Outcome.complete(Math.abs(x.number("a") - x.number("b")) + 0.01 * x.number("c"));
  }

  private static void requireAll(SearchSpace space, Sampler sampler) {
    int count = (int) space.valid().orElseThrow();
    try (var study = Study.over(space).minimize("y").sampler(sampler).batch(1).open()) {
      var result = study.run((x, _) -> loss(x), Budget.trials(1000), Workers.of(1));
      assertThat(study.trials().stream().map(TrialRecord::configuration))
          .as(sampler.name())
          .hasSize(count)
          .doesNotHaveDuplicates()
          .allMatch(space::satisfies);
      assertThat(result.reason()).isEqualTo(StopReason.SPACE_EXHAUSTED);
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void triesEachOfFewSolutionsOnceAndSaysSo(Sampler sampler) {
    var space = triples().where("a * b * c == 48").build();
    assertThat(space.valid()).hasValue(45);
    requireAll(space, sampler);
  }

  @Test
  void exhaustsSolutionsAmongMillions() {
    var space = triples().where("a * b * c == 3600").build();
    assertThat(space.valid()).hasValue(420);
    for (var name : List.of("random", "sobol", "grid", "annealing", "tpe")) {
      requireAll(space, Samplers.create(name, Map.of()));
    }
  }

  /// Beyond 2^62 combinations too a configuration is proposed once.
  @Test
  void knowsWhatWasTriedAmongMoreCombinationsThanCanBeCounted() {
    var builder = SearchSpace.builder();
    for (var name : List.of("a", "b", "c", "d", "e", "f", "g")) {
      builder.add(name, new IntRange(1, 1000));
    }
    var space = builder.where("a * b * c * d * e * f * g == 6").build();
    assertThat(space.cardinality()).isEmpty();
    assertThat(space.valid()).hasValue(49);
    requireAll(space, Samplers.random());
    requireAll(space, Samplers.create("sobol", Map.of()));
  }

  private static SearchSpace mixed() {
    return triples()
        .add("kind", Choice.of("plain", "padded"))
        .add("pad", new IntRange(0, 8), Condition.when("kind", "padded"))
        .add("x", FloatRange.log(1e-3, 1))
        .add("y", new FloatRange(0, 1))
        .where("a * b == 144")
        .where("c % a == 0 and pad <= b")
        .where("x + y <= 0.02")
        .build();
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void searchesWhereDrawingWouldFindNothing(Sampler sampler) {
    var space = mixed();
    try (var study = Study.over(space).minimize("y").sampler(sampler).batch(1).open()) {
      study.run((x, _) -> loss(x), Budget.trials(40), Workers.of(1));
      assertThat(study.trials()).hasSize(40);
      assertThat(study.trials().stream().map(TrialRecord::configuration))
          .as(sampler.name())
          .allMatch(space::satisfies);
    }
  }

  /// Constraints in Java say nothing of where they hold: that all was tried is not certain.
  @Test
  void aStudyEndsWithoutClaimingThatAllWasTried() {
    var space =
        SearchSpace.builder()
            .add("a", new IntRange(1, 2100))
            .add("b", new IntRange(1, 2100))
            .where("the first row", x -> x.number("a") == 1)
            .build();
    try (var study = Study.over(space).minimize("y").sampler(Samplers.random()).batch(1).open()) {
      for (int b = 1; b <= 2100; b++) {
        study.enqueue(Map.of("a", 1, "b", b));
      }
      var result =
          study.run((x, _) -> Outcome.complete(x.number("b")), Budget.trials(4000), Workers.of(1));
      assertThat(result.reason()).isEqualTo(StopReason.NOTHING_FOUND);
      assertThat(study.trials()).hasSize(2100);
    }
  }

  @Test
  void halvingDrawsEachCandidateOnce() {
    var space =
        SearchSpace.builder()
            .add("epochs", new IntRange(1, 27))
            .add("c", Choice.of("a", "b", "c"))
            .build();
    try (var study =
        Study.over(space)
            .minimize("y")
            .sampler(new HalvingSampler("epochs", 3, 27))
            .batch(1)
            .open()) {
      study.run(
          (x, _) -> Outcome.complete("abc".indexOf(String.valueOf(x.get("c")))),
          Budget.trials(100),
          Workers.of(1));
      assertThat(study.trials().stream().map(TrialRecord::configuration))
          .doesNotHaveDuplicates()
          .hasSizeBetween(4, 7);
      assertThat(study.trials()).anyMatch(trial -> trial.configuration().number("epochs") == 27);
    }
  }
}
