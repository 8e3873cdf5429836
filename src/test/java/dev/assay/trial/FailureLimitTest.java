package dev.assay.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Workers;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureLimitTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(-1, 1)).build();
  private static final Budget ALIKE = Budget.trials(40).failing(new FailureLimit.Alike());

  private final InMemoryStorage storage = new InMemoryStorage();

  private StudyBuilder<Configuration> builder() {
    return Study.over(SPACE).named("s").minimize("loss").sampler(Samplers.random()).seed(3);
  }

  private static Outcome crash(String words) {
    return Outcome.failed(Cause.ERROR, words);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 5", "1, 1, 5", "4, 1, 8", "4, 4, 8", "8, 3, 8"})
  void aStudyThatNeverWorksEndsAndTheWorkersDoNotMatter(int batch, int workers, int trials) {
    try (var study = builder().batch(batch).open()) {
      var result =
          study.run(
              (_, trial) -> crash("/tmp/" + trial.number() + "/train.py:3: no module torch\n..."),
              ALIKE,
              Workers.of(workers));
      assertThat(result.reason()).isEqualTo(StopReason.FAILED_ALIKE);
      assertThat(study.trials()).hasSize(trials);
    }
  }

  @ParameterizedTest
  @CsvSource({"NO_VALUE, 5", "KILLED, 5", "DIVERGED, 20", "OUT_OF_MEMORY, 20", "NOT_FINITE, 20"})
  void whatAnotherConfigurationMayMendIsTriedLonger(Cause cause, int trials) {
    try (var study = builder().open()) {
      study.run((_, _) -> Outcome.failed(cause, "so"), ALIKE);
      assertThat(study.trials()).hasSize(trials);
    }
  }

  @Test
  void anythingElseGoesOn() {
    try (var study = builder().open()) {
      study.run((_, trial) -> crash("no layer " + trial.number()), ALIKE);
      assertThat(study.trials()).as("other words each time").hasSize(40);
    }
    try (var study = builder().open()) {
      study.run((_, trial) -> trial.number() == 3 ? Outcome.complete(1) : crash("no"), ALIKE);
      assertThat(study.trials()).as("one that worked").hasSize(40);
    }
    try (var study = builder().open()) {
      study.run((_, trial) -> trial.number() == 0 ? Outcome.pruned() : crash("no"), ALIKE);
      assertThat(study.trials()).as("one that was pruned").hasSize(40);
    }
    try (var study = builder().open()) {
      study.run((_, _) -> crash("no"), Budget.trials(9));
      assertThat(study.trials()).as("without a limit").hasSize(9);
    }
  }

  @Test
  void theSameSearchGoesOnOnceItIsMended() {
    try (var study = builder().storage(storage).open()) {
      study.run((_, _) -> crash("no"), ALIKE);
    }
    try (var study = builder().storage(storage).openOrCreate()) {
      study.run((_, _) -> crash("no"), ALIKE);
      assertThat(study.trials()).as("not mended").hasSize(10);
    }
    try (var study = builder().storage(storage).openOrCreate()) {
      var result = study.run((x, _) -> Outcome.complete(x.number("x")), ALIKE);
      assertThat(result.reason()).isEqualTo(StopReason.TRIALS);
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(30);
    }
  }

  @Test
  void aNumberOfFailuresIsCountedWhateverTheyAre() {
    var limit = Budget.trials(40).failing(new FailureLimit.Any(3));
    var ended = new AtomicInteger();
    try (var study = builder().storage(storage).open()) {
      var result =
          study.run(
              (x, _) ->
                  ended.getAndIncrement() % 2 == 0
                      ? Outcome.complete(1)
                      : crash("x = " + x.number("x")),
              limit);
      assertThat(result.reason()).isEqualTo(StopReason.FAILURES);
      assertThat(study.trials()).hasSize(6);
    }
    try (var study = builder().storage(storage).openOrCreate()) {
      study.run((_, _) -> crash("no"), limit);
      assertThat(study.trials()).as("of one run").hasSize(9);
    }
    assertThatThrownBy(() -> new FailureLimit.Any(0)).isInstanceOf(Problem.class);
  }

  @Test
  void discardingATrialForgetsItsFailureOnly() {
    try (var study = builder().storage(storage).open()) {
      study.run((_, _) -> crash("no"), Budget.trials(4).failing(new FailureLimit.Alike()));
      storage.discard("s", 1, true);
      study.discard(1, true);
      var result = study.run((_, _) -> crash("no"), ALIKE);
      assertThat(result.reason()).isEqualTo(StopReason.FAILED_ALIKE);
      assertThat(study.trials()).hasSize(6);
    }
  }
}
