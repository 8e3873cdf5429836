package dev.assay.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.run.BuildInfo;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.StudyListener;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Report;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the owner of a study answers its workers, on a clock of the test's own.
class CrewTest {
  private static final Duration LEASE = Duration.ofSeconds(60);

  private final AtomicLong clock = new AtomicLong();
  private final Study<Configuration> study =
      Study.over(SearchSpace.builder().floatRange("x", 0, 1).build()).minimize("loss").open();
  private final Crew crew = crew(3);

  private Crew crew(int restarts) {
    return new Crew(study, Budget.trials(3), restarts, LEASE, clock::get, false);
  }

  @AfterEach
  void close() {
    crew.close();
    study.close();
  }

  private static String join(Crew crew) {
    return crew.join(
            new Messages.Join(BuildInfo.current().version(), Map.of("host", "a"), 1, List.of()))
        .worker();
  }

  private static Messages.Claimed claim(Crew crew, String worker, long turn) {
    try {
      return crew.claim(new Messages.Claim(worker, turn, 0));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Messages.Given given(Crew crew, String worker, long turn) {
    return java.util.Objects.requireNonNull(claim(crew, worker, turn).trial());
  }

  private static Messages.Reports reports(String worker, Messages.Given trial, long... steps) {
    return new Messages.Reports(
        worker,
        trial.number(),
        trial.epoch(),
        java.util.Arrays.stream(steps)
            .mapToObj(step -> new Messages.Step(step, new double[] {step}))
            .toList());
  }

  private static Messages.End complete(String worker, Messages.Given trial, double value) {
    return new Messages.End(
        worker,
        trial.number(),
        trial.epoch(),
        TrialState.COMPLETE,
        List.of(value),
        null,
        null,
        Map.of("note", "kept"),
        12.5,
        List.of(),
        null);
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void aTrialIsClaimedReportedAndEnded() {
    var worker = join(crew);
    var trial = given(crew, worker, 0);
    assertThat(trial.params()).containsOnlyKeys("x");
    assertThat(crew.report(reports(worker, trial, 1, 2)))
        .isEqualTo(new Messages.Reported(false, false));
    assertThat(crew.end(complete(worker, trial, 0.5)).kept()).isTrue();
    var stored = java.util.Objects.requireNonNull(study.trial(0));
    assertThat(stored.value()).isEqualTo(0.5);
    assertThat(stored.seconds()).isEqualTo(12.5);
    assertThat(stored.attributes()).containsEntry("note", "kept");
    assertThat(stored.reports()).extracting(Report::step).containsExactly(1L, 2L);
  }

  @Test
  void whatIsSentOnceMoreIsAnsweredOnceMore() {
    var worker = join(crew);
    var trial = given(crew, worker, 7);
    assertThat(given(crew, worker, 7)).isEqualTo(trial);
    assertThat(crew.report(reports(worker, trial, 1)).lost()).isFalse();
    assertThat(crew.report(reports(worker, trial, 1, 2)).lost()).isFalse();
    var end = complete(worker, trial, 0.5);
    assertThat(crew.end(end)).isEqualTo(crew.end(end));
    assertThat(crew.report(reports(worker, trial, 3)).lost()).isFalse();
    var stored = java.util.Objects.requireNonNull(study.trial(0));
    assertThat(stored.reports()).extracting(Report::step).containsExactly(1L, 2L);
    assertThat(study.trials()).hasSize(1);
    assertThat(given(crew, worker, 8).number()).isEqualTo(1);
  }

  @Test
  void whoIsSilentForALeaseLosesItsTrialAndIsToldSo() {
    var silent = join(crew);
    var trial = given(crew, silent, 0);
    pass(LEASE);
    assertThat(crew.beat(new Messages.Beat(silent, List.of(new Messages.Held(0, 0)))).lost())
        .isEmpty();
    pass(LEASE.plusNanos(1));
    var other = join(crew);
    var again = given(crew, other, 0);
    assertThat(again.number()).isZero();
    assertThat(again.epoch()).isEqualTo(1);
    assertThat(again.params()).isEqualTo(trial.params());

    assertThat(crew.report(reports(silent, trial, 1)).lost()).isTrue();
    assertThat(crew.beat(new Messages.Beat(silent, List.of(new Messages.Held(0, 0)))).lost())
        .containsExactly(0);
    assertThat(crew.end(complete(silent, trial, 0.1)).kept()).isFalse();
    assertThat(crew.release(new Messages.Release(silent, 0, 0)).kept()).isFalse();
    // Nor may it speak of the trial as the other one does.
    assertThat(crew.end(complete(silent, again, 0.1)).kept()).isFalse();

    assertThat(crew.end(complete(other, again, 0.7)).kept()).isTrue();
    assertThat(java.util.Objects.requireNonNull(study.trial(0)).value()).isEqualTo(0.7);
    assertThat(given(crew, silent, 1).number()).isEqualTo(1);
  }

  @Test
  void aTrialWhoseWorkersVanishIsLostOnceItsRestartsAreUsed() {
    try (var strict = crew(1)) {
      var worker = join(strict);
      for (int epoch = 0; epoch < 2; epoch++) {
        var trial = given(strict, worker, epoch);
        assertThat(trial.number()).isZero();
        pass(LEASE.plusNanos(1));
        strict.takeBack();
        // who was taken for gone comes back
        worker = join(strict);
      }
      var stored = java.util.Objects.requireNonNull(study.trial(0));
      assertThat(stored.state()).isEqualTo(TrialState.FAILED);
      assertThat(stored.cause()).isEqualTo(Cause.LOST);
    }
  }

  @Test
  void whatALeavingWorkerHasWaitsAgain() {
    var worker = join(crew);
    var trial = given(crew, worker, 0);
    crew.leave(new Messages.Leave(worker));
    assertThat(crew.size()).isZero();
    assertThatThrownBy(() -> crew.report(reports(worker, trial, 1)))
        .isInstanceOf(Crew.Stranger.class);
    var next = given(crew, join(crew), 0);
    assertThat(next.number()).isZero();
    assertThat(next.epoch()).isEqualTo(1);
  }

  @Test
  void anEndThatAsksForTheNextTrialGetsItOnce() throws Exception {
    var worker = join(crew);
    var first = given(crew, worker, 0);
    var end = complete(worker, first, 0.5);
    var asking =
        new Messages.End(
            worker, 0, 0, end.state(), end.values(), null, null, Map.of(), 1, List.of(), 1L);
    var answer = crew.endAndClaim(asking);
    assertThat(answer.end().kept()).isTrue();
    var next = java.util.Objects.requireNonNull(answer.next()).trial();
    assertThat(java.util.Objects.requireNonNull(next).number()).isEqualTo(1);
    assertThat(crew.endAndClaim(asking)).isEqualTo(answer);
    assertThat(claim(crew, worker, 1)).isEqualTo(answer.next());
    assertThat(study.trials()).hasSize(2);
    assertThat(crew.endAndClaim(complete(worker, next, 0.7)).next()).isNull();
    assertThat(study.trials()).hasSize(2);
  }

  /// Between the study's knowing of an end and the crew's the trial runs no more: not lost for it.
  @Test
  void aSignOfLifeBesideAnEndDoesNotLoseTheTrial() {
    var lost = new ArrayList<Integer>();
    var owner = new AtomicReference<Crew>();
    var worker = new AtomicReference<String>("");
    var listener =
        new StudyListener() {
          @Override
          public void ended(TrialRecord trial) {
            var beat =
                new Messages.Beat(worker.get(), List.of(new Messages.Held(trial.number(), 0)));
            lost.addAll(
                CompletableFuture.supplyAsync(
                        () -> java.util.Objects.requireNonNull(owner.get()).beat(beat).lost(),
                        task -> Thread.ofPlatform().start(task))
                    .join());
          }
        };
    try (var heard =
            Study.over(SearchSpace.builder().floatRange("x", 0, 1).build())
                .minimize("loss")
                .listener(listener)
                .open();
        var own = new Crew(heard, Budget.trials(3), 3, LEASE, clock::get, false)) {
      owner.set(own);
      worker.set(join(own));
      var trial = given(own, worker.get(), 0);
      assertThat(own.end(complete(worker.get(), trial, 0.5)).kept()).isTrue();
    }
    assertThat(lost).isEmpty();
  }

  @Test
  void whoIsLateIsFoundAlsoAfterLooksThatFoundNobody() {
    var one = join(crew);
    assertThat(given(crew, one, 0).number()).isZero();
    for (int i = 0; i < 4; i++) {
      pass(LEASE.dividedBy(2));
      crew.takeBack();
      crew.beat(new Messages.Beat(one, List.of()));
    }
    var other = join(crew);
    pass(LEASE.dividedBy(2));
    crew.beat(new Messages.Beat(other, List.of()));
    pass(LEASE.dividedBy(2).plusNanos(1));
    assertThat(given(crew, other, 0).epoch()).isEqualTo(1);
  }

  @Test
  void theBudgetIsExactAndTheEndIsTold() {
    var worker = join(crew);
    for (int number = 0; number < 3; number++) {
      var trial = given(crew, worker, number);
      assertThat(crew.end(complete(worker, trial, number)).kept()).isTrue();
    }
    assertThat(claim(crew, worker, 3))
        .isEqualTo(new Messages.Claimed(null, StopReason.TRIALS.name()));
    assertThat(study.trials()).hasSize(3);
    assertThat(crew.run().reason()).isEqualTo(StopReason.TRIALS);
  }

  @Test
  void aPausedStudyGivesNothingAndAStoppedOneTellsItsWorkers() {
    var worker = join(crew);
    study.pause();
    assertThat(claim(crew, worker, 0)).isEqualTo(new Messages.Claimed(null, null));
    study.resume();
    assertThat(given(crew, worker, 1).number()).isZero();
    assertThat(crew.beat(new Messages.Beat(worker, List.of())).stopping()).isFalse();
    crew.finish(StopReason.INTERRUPTED);
    assertThat(crew.beat(new Messages.Beat(worker, List.of())).stopping()).isTrue();
    assertThat(claim(crew, worker, 2).finished()).isEqualTo(StopReason.INTERRUPTED.name());
  }

  @Test
  void anotherVersionIsRefused() {
    assertThatThrownBy(() -> crew.join(new Messages.Join("0.0.1", Map.of(), 1, List.of())))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("another version")
        .hasMessageContaining("0.0.1");
  }

  @Test
  void aCompleteTrialWithoutAFiniteValueHasFailedAndItsWorkerHearsOfIt() {
    var worker = join(crew);
    var kept = crew.end(complete(worker, given(crew, worker, 0), Double.NaN));
    assertThat(kept.kept()).isTrue();
    assertThat(kept.state()).isEqualTo(TrialState.FAILED);
    assertThat(kept.cause()).isEqualTo(Cause.NOT_FINITE);
  }
}
