package dev.assay.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudyTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(-1, 1)).build();

  private static StudyBuilder<Configuration> builder() {
    return Study.over(SPACE).named("s").minimize("loss").sampler(Samplers.random()).seed(3);
  }

  private static Outcome square(Configuration x) {
    return Outcome.complete(x.number("x") * x.number("x"));
  }

  private static List<String> trials(Study<?> study) {
    return study.trials().stream()
        .map(t -> t.number() + " " + t.state() + " " + t.configuration() + " " + t.values())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void inBatchModeTheWorkersDoNotMatter(int workers) {
    try (var one = builder().batch(4).open();
        var many = builder().batch(4).open()) {
      one.run((x, _) -> square(x), Budget.trials(30).withoutImprovement(9));
      many.run((x, _) -> square(x), Budget.trials(30).withoutImprovement(9), Workers.of(workers));
      assertThat(trials(many)).isEqualTo(trials(one));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void aDiscardedTrialIsForgottenAndKept(int batch) {
    var storage = new InMemoryStorage();
    try (var study = builder().sampler(Samplers.gp()).batch(batch).storage(storage).open()) {
      study.run((x, _) -> square(x), Budget.trials(14));
      int best = study.best().getFirst().number();
      storage.discard("s", best, true);
      study.discard(best, true);
      assertThat(study.best().getFirst().number()).isNotEqualTo(best);
      assertThat(study.trial(best)).extracting(TrialRecord::state).isEqualTo(TrialState.DISCARDED);
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(13);
      study.run((x, _) -> square(x), Budget.trials(22));
      storage.discard("s", best, false);
      study.discard(best, false);
      study.discard(best, false);
      assertThat(study.best().getFirst().state()).isEqualTo(TrialState.COMPLETE);
    }
    assertThat(storage.read("s")).isPresent();
  }

  /// Whoever goes on in the same process proposes what a study that is opened anew would.
  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void afterADiscardTheSearchGoesOnAsIfOpenedAnew(int batch) {
    var continued = new InMemoryStorage();
    var reopened = new InMemoryStorage();
    List<String> once;
    try (var study =
        builder().sampler(new HistorySampler()).batch(batch).storage(continued).open()) {
      study.run((x, _) -> square(x), Budget.trials(9));
      continued.discard("s", 5, true);
      study.discard(5, true);
      study.run((x, _) -> square(x), Budget.trials(20));
      once = trials(study);
    }
    try (var study =
        builder().sampler(new HistorySampler()).batch(batch).storage(reopened).open()) {
      study.run((x, _) -> square(x), Budget.trials(9));
    }
    reopened.discard("s", 5, true);
    try (var study =
        builder().sampler(new HistorySampler()).batch(batch).storage(reopened).openOrCreate()) {
      study.run((x, _) -> square(x), Budget.trials(20));
      assertThat(trials(study)).isEqualTo(once);
      assertThat(once).filteredOn(line -> line.contains("DISCARDED")).hasSize(1);
    }
  }

  @Test
  void aFailureIsDataAndTheStudyGoesOn() {
    try (var study = builder().open()) {
      study.run(
          (x, trial) ->
              switch (trial.number()) {
                case 0 -> throw new IllegalStateException("broken");
                case 1 -> Outcome.complete(Double.NaN);
                case 2 -> Outcome.pruned();
                default -> square(x);
              },
          Budget.trials(5));
      var trials = study.trials();
      assertThat(trials.get(0).cause()).isEqualTo(Cause.ERROR);
      assertThat(trials.get(0).detail()).contains("broken");
      assertThat(trials.get(1).cause()).isEqualTo(Cause.NOT_FINITE);
      assertThat(trials.get(2).state()).isEqualTo(TrialState.PRUNED);
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(2);
      assertThat(study.best()).hasSize(1);
    }
  }

  @Test
  void aTrialThatRanWhenItsProcessEndedIsRunAgainUnderItsNumber() {
    var storage = new InMemoryStorage();
    List<String> uninterrupted;
    try (var study = builder().batch(3).open()) {
      study.run((x, _) -> square(x), Budget.trials(9));
      uninterrupted = trials(study);
    }
    try (var study = builder().batch(3).storage(storage).open()) {
      study.run((x, _) -> square(x), Budget.trials(4));
      study.ask(); // and never told
    }
    try (var study = builder().batch(3).storage(storage).openOrCreate()) {
      study.run((x, _) -> square(x), Budget.trials(9), Workers.of(2));
      assertThat(trials(study)).isEqualTo(uninterrupted);
      assertThat(study.trials().get(4).restarts()).isEqualTo(1);
    }
    assertThatThrownBy(() -> builder().seed(4).batch(3).storage(storage).openOrCreate())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("seed: 3 in the study, 4 now");
  }

  @Test
  void enqueuedConfigurationsComeFirst() {
    try (var study = builder().start(Map.of("x", 0.25)).open()) {
      study.enqueue(Map.of("x", 0.5));
      assertThat(study.ask().parameters().number("x")).isEqualTo(0.25);
      assertThat(study.ask().parameters().number("x")).isEqualTo(0.5);
      assertThatThrownBy(() -> study.enqueue(Map.of("x", 2))).isInstanceOf(Problem.class);
    }
  }

  @Test
  void aTrialIsToldOnce() {
    try (var study = builder().open()) {
      var trial = study.ask();
      study.tell(trial, Outcome.complete(1));
      assertThatThrownBy(() -> study.tell(trial, Outcome.complete(1))).isInstanceOf(Problem.class);
      var released = study.ask();
      study.release(released);
      assertThat(study.ask().number()).isEqualTo(released.number());
    }
  }

  @Test
  void aFiniteSpaceIsTriedOnceAndThenTheStudyEnds() {
    var space = SearchSpace.builder().add("n", new IntRange(1, 12)).build();
    try (var study = Study.over(space).maximize("n").sampler(Samplers.random()).batch(5).open()) {
      var result =
          study.run((x, _) -> Outcome.complete(x.number("n")), Budget.UNLIMITED, Workers.of(2));
      assertThat(result.reason()).isEqualTo(StopReason.SPACE_EXHAUSTED);
      assertThat(study.trials().stream().map(TrialRecord::value))
          .hasSize(12)
          .doesNotHaveDuplicates();
      assertThat(result.best().value()).isEqualTo(12);
    }
  }

  @Test
  void theTargetIsHeededAndAListenerThatFailsKeepsNoOtherFromBeingTold() {
    var ended = new AtomicInteger();
    var failing =
        new StudyListener() {
          @Override
          public void ended(TrialRecord trial) {
            throw new IllegalStateException("a listener that fails");
          }
        };
    var counting =
        new StudyListener() {
          @Override
          public void ended(TrialRecord trial) {
            ended.incrementAndGet();
          }
        };
    try (var study = builder().listener(failing).listener(counting).open()) {
      var result = study.run((x, _) -> square(x), Budget.trials(10_000).until(0.01));
      assertThat(result.reason()).isEqualTo(StopReason.TARGET);
      assertThat(result.best().value()).isLessThanOrEqualTo(0.01);
      assertThat(ended).hasValue(study.trials().size());
    }
  }

  /// Proposes in the middle of the space, slowly if so told, and counts.
  private static final class StubbornSampler implements Sampler {
    final AtomicInteger proposed = new AtomicInteger();
    final CountDownLatch proposing = new CountDownLatch(2);
    final CountDownLatch go = new CountDownLatch(1);

    @Override
    public String name() {
      return "stubborn";
    }

    @Override
    public Map<String, @Nullable Object> settings() {
      return Map.of();
    }

    @Override
    public Proposer open(SearchTask task) {
      return (trial, history) -> {
        proposing.countDown();
        if (proposed.incrementAndGet() > 1) {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }
        return new Proposal(task.space().configuration(Map.of("x", trial / 100.0)));
      };
    }
  }

  @Test
  void whoTellsDoesNotWaitForTheSampler() throws Exception {
    var sampler = new StubbornSampler();
    try (var study = builder().sampler(sampler).open();
        var threads = Executors.newSingleThreadExecutor()) {
      var first = study.ask();
      var second = threads.submit(() -> study.ask().number());
      sampler.proposing.await();
      study.tell(first, Outcome.complete(1)); // while trial 1 is being proposed
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(1);
      assertThat(second).isNotDone();
      sampler.go.countDown();
      assertThat(second.get()).isEqualTo(1);
    }
  }

  @Test
  void aProposalMadeAheadIsTakenAtOnceAndCountsOnlyThen() {
    var sampler = new StubbornSampler();
    sampler.go.countDown();
    try (var study = builder().sampler(sampler).open()) {
      study.prepare(Budget.trials(2));
      study.prepare(Budget.trials(2)); // there is one
      assertThat(sampler.proposed).hasValue(1);
      assertThat(study.trials()).isEmpty();
      assertThat(study.ask().number()).isZero();
      assertThat(sampler.proposed).hasValue(1);
      study.prepare(Budget.trials(1)); // none is wanted
      assertThat(sampler.proposed).hasValue(1);
      study.prepare(Budget.UNLIMITED);
      assertThat(study.enqueue(Map.of("x", 0.5))).isEqualTo(1); // takes the number
      assertThat(study.ask().parameters().number("x")).isEqualTo(0.5);
      assertThat(study.ask().parameters().number("x")).isEqualTo(0.02);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void proposalsAheadChangeNothingInBatchMode(int workers) {
    try (var one = builder().sampler(new HistorySampler()).batch(4).open();
        var many = builder().sampler(new HistorySampler()).batch(4).open()) {
      one.run((x, _) -> square(x), Budget.trials(30));
      many.run(
          (x, _) -> square(x),
          Budget.trials(30),
          Workers.of(workers).onVirtualThreads().proposingAhead());
      assertThat(trials(many)).isEqualTo(trials(one));
    }
  }

  @Test
  void anAbandonedTrialRunsAgainAsOftenAsIsAllowed() {
    try (var study = builder().restarts(1).open()) {
      study.abandon(study.ask());
      var again = study.ask();
      assertThat(again.number()).isZero();
      assertThat(again.restarts()).isEqualTo(1);
      study.abandon(again);
      assertThat(study.trials().getFirst().cause()).isEqualTo(Cause.LOST);
      assertThat(study.ask().number()).isEqualTo(1);
    }
  }
}
