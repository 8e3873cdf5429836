package dev.assay.internal.opening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Trial;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A study goes on under another definition with the trials that fit.
class GrowthTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("x", new FloatRange(0, 1))
          .add("layers", new IntRange(1, 4))
          .add("kind", Choice.of("a", "b"))
          .add("deep", new FloatRange(0, 1), Condition.when("kind", "b"))
          .build();

  private final InMemoryStorage storage = new InMemoryStorage();

  private StudyBuilder<Configuration> over(SearchSpace space) {
    return Study.over(space)
        .named("s")
        .minimize("loss")
        .sampler(Samplers.random())
        .storage(storage);
  }

  private static Outcome run(Configuration x, Trial<Configuration> trial) {
    trial.attribute(TrialRecord.METRICS, Map.of("seconds", 2.0 + trial.number()));
    trial.report(1, 9.0);
    return switch (trial.number()) {
      case 3 -> Outcome.failed(Cause.ERROR, "why");
      case 4 -> Outcome.pruned();
      default -> Outcome.complete(x.number("x"));
    };
  }

  @BeforeEach
  void runOnce() {
    try (var study = over(SPACE).open()) {
      study.run(GrowthTest::run, Budget.trials(20));
      study.putFact("device", "cpu");
    }
  }

  private Study<Configuration> grown(StudyBuilder<Configuration> builder) {
    builder.grow(builder.growth().orElseThrow(), "aside");
    return builder.openOrCreate();
  }

  private static TrialRecord trial(Study<?> study, int number) {
    return Objects.requireNonNull(study.trial(number));
  }

  private static int number(Map<?, ?> change, String key) {
    return ((Number) Objects.requireNonNull(change.get(key))).intValue();
  }

  @Test
  void nothingChangesWhereNothingDiffers() {
    assertThat(over(SPACE).growth()).isEmpty();
    assertThat(over(SPACE).named("other").growth()).isEmpty();
  }

  @Test
  void aWiderRangeAndAnotherOptionKeepEverything() {
    var wider =
        SearchSpace.builder()
            .add("x", new FloatRange(-1, 2))
            .add("layers", new IntRange(1, 8))
            .add("kind", Choice.of("a", "b", "c"))
            .add("deep", new FloatRange(0, 1), Condition.when("kind", "b"))
            .build();
    try (var before = storage.read("s").orElseThrow();
        var study = grown(over(wider))) {
      before.load(
          SPACE,
          then -> {
            var now = trial(study, then.number());
            assertThat(now.configuration().values()).isEqualTo(then.configuration().values());
            assertThat(now.values()).isEqualTo(then.values());
            assertThat(now.state()).isEqualTo(then.state());
            assertThat(now.reports()).isEqualTo(then.reports());
            assertThat(now.attributes()).isEqualTo(then.attributes());
            assertThat(now.detail()).isEqualTo(then.detail());
          });
      assertThat(study.trials()).hasSize(20);
      assertThat(study.facts()).containsEntry("device", "cpu");
      study.run((x, _) -> Outcome.complete(x.number("x")), Budget.trials(25));
      assertThat(study.trials()).hasSize(25);
    }
    assertThat(storage.names()).containsExactly("aside", "s");
  }

  @Test
  void aNarrowerRangeLeavesOutWhatLiesBeyondItUnderItsOwnNumbers() {
    var narrow =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 0.5))
            .add("layers", new IntRange(1, 4))
            .add("kind", Choice.of("a", "b"))
            .add("deep", new FloatRange(0, 1), Condition.when("kind", "b"))
            .build();
    try (var study = grown(over(narrow))) {
      assertThat(study.trials()).isNotEmpty().hasSizeLessThan(20);
      assertThat(study.trials())
          .allSatisfy(t -> assertThat(t.configuration().number("x")).isLessThanOrEqualTo(0.5));
      study.run((x, _) -> Outcome.complete(x.number("x")), Budget.trials(22));
      assertThat(study.trials().getLast().number()).isEqualTo(21);
      var change = Growth.changes(study.facts()).getFirst();
      assertThat(number(change, "trial")).isEqualTo(20);
      assertThat(number(change, "fitting") + number(change, "left")).isEqualTo(20);
    }
  }

  @Test
  void whatDoesNotFitIsToldHowItWould() {
    var space = SearchSpace.builder().add("x", new IntRange(2, 4)).build();
    assertThatThrownBy(() -> over(space).growth())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("x = ")
        .hasMessageContaining("int [2, 4]")
        .hasMessageContaining("--fresh")
        .hasMessageNotContaining("was:");
  }

  @Test
  void parametersComeAndGo() {
    var other =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("kind", Choice.of("a", "b"))
            .add("rate", new FloatRange(0, 1))
            .build();
    assertThatThrownBy(() -> over(other).growth())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("rate")
        .hasMessageContaining("was:");
    try (var study = grown(over(other).was(Map.of("rate", 0.5)))) {
      assertThat(study.trials()).hasSize(20);
      assertThat(study.trials())
          .allSatisfy(t -> assertThat(t.configuration().values()).containsEntry("rate", 0.5));
    }
  }

  @Test
  void aParameterThatGotAConditionIsLeftOutWhereItDoesNotHold() {
    var conditional =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("kind", Choice.of("a", "b"))
            .add("layers", new IntRange(1, 4), Condition.when("kind", "a"))
            .build();
    try (var study = grown(over(conditional))) {
      assertThat(study.trials()).hasSize(20);
      assertThat(study.trials())
          .allSatisfy(t ->
              assertThat(t.configuration().values().containsKey("layers"))
                  .isEqualTo("a".equals(t.configuration().values().get("kind"))));
    }
  }

  @Test
  void aConstraintLeavesOutWhatBreaksIt() {
    var constrained =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("layers", new IntRange(1, 4))
            .add("kind", Choice.of("a", "b"))
            .add("deep", new FloatRange(0, 1), Condition.when("kind", "b"))
            .where("layers <= 2")
            .build();
    try (var study = grown(over(constrained))) {
      assertThat(study.trials()).isNotEmpty().hasSizeLessThan(20);
    }
  }

  @Test
  void anotherMetricIsTakenFromWhatWasReportedBesides() {
    try (var study = grown(over(SPACE).minimize("seconds"))) { // beside loss
      assertThat(study.objectives()).hasSize(2);
      assertThat(study.trials()).hasSize(20);
      var first = trial(study, 5);
      assertThat(first.values()).hasSize(2).endsWith(7.0);
      assertThat(first.reports().getFirst().values()).containsExactly(9.0, Double.NaN);
    }
    assertThatThrownBy(() -> over(SPACE).named("aside").minimize("watts").growth())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("watts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gp", "tpe", "cmaes"})
  void anotherSamplerSeedAndBatchGoOn(String sampler) {
    try (var study =
        grown(over(SPACE).sampler(Samplers.create(sampler, Map.of())).seed(9).batch(4))) {
      assertThat(study.trials()).hasSize(20);
      study.run((x, _) -> Outcome.complete(x.number("x")), Budget.trials(25));
      assertThat(study.trials()).hasSize(25);
    }
  }

  @Test
  void whoRunsAStudyKeepsItAsItIs() {
    var builder = over(SPACE).seed(7);
    var growth = builder.growth().orElseThrow();
    try (var _ = over(SPACE).openOrCreate()) {
      assertThatThrownBy(() -> builder.grow(growth, "aside")).isInstanceOf(Problem.class);
    }
    assertThat(storage.read("s").orElseThrow().definition()).isEqualTo(over(SPACE).definition());
  }

  @Test
  void aDiscardedTrialStaysBehind() {
    storage.discard("s", 6, true);
    try (var study = grown(over(SPACE).seed(7))) {
      assertThat(study.trial(6)).isNull();
      assertThat(study.trials()).hasSize(19);
    }
  }
}
