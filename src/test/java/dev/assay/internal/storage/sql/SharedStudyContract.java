package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Storage;
import dev.assay.study.Asked;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Trial;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What several at one study keep to: each with a storage, a connection and a log of its own, as
/// processes have.
@Timeout(300)
abstract class SharedStudyContract {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  /// Another storage in the same place.
  abstract Storage storage();

  /// Does something to the tables.
  abstract void execute(String sql) throws SQLException;

  static StudyBuilder<Configuration> study(Storage storage, int batch) {
    return Study.over(SPACE)
        .named("shared")
        .minimize("loss")
        .sampler(Samplers.random())
        .storage(storage)
        .seed(3)
        .batch(batch);
  }

  List<TrialRecord> runTogether(int processes, int trials, int batch) {
    var all = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < processes; i++) {
      all.add(
          CompletableFuture.runAsync(
              () -> {
                try (var storage = storage();
                    var study = study(storage, batch).openOrCreate()) {
                  study.run(
                      (x, _) -> Outcome.complete(x.number("x")),
                      Budget.trials(trials),
                      Workers.of(2));
                }
              },
              task -> Thread.ofPlatform().start(task)));
    }
    all.forEach(CompletableFuture::join);
    try (var storage = storage();
        var study = study(storage, batch).openOrCreate()) {
      return study.trials();
    }
  }

  @Test
  void everyNumberIsRunOnce() {
    var trials = runTogether(4, 200, 0);
    assertThat(trials).hasSize(200).allMatch(trial -> trial.state() == TrialState.COMPLETE);
    assertThat(trials).extracting(TrialRecord::number).doesNotHaveDuplicates();
    assertThat(trials).allMatch(trial -> trial.value() == trial.configuration().number("x"));
    assertThat(trials).allMatch(trial -> trial.restarts() == 0);
  }

  /// As the built-in trainer does: many are asked for, and end together.
  private void runWaves(int trials, int lanes) {
    try (var storage = storage();
        var study = study(storage, lanes).openOrCreate()) {
      boolean goesOn = true;
      while (goesOn) {
        var wave = new ArrayList<Trial<Configuration>>();
        boolean asks = true;
        while (asks && wave.size() < lanes) {
          switch (study.tryAsk(Budget.trials(trials))) {
            case Asked.Ready<Configuration>(var trial) -> wave.add(trial);
            case Asked.Wait<Configuration>() -> asks = false;
            case Asked.Finished<Configuration> _ -> {
              asks = false;
              goesOn = false;
            }
          }
        }
        study.wave(() ->
            wave.forEach(trial -> {
              trial.took(2);
              study.tell(trial, Outcome.complete(trial.configuration().number("x")));
            }));
        if (goesOn && wave.isEmpty()) {
          study.awaitChange(Duration.ofSeconds(1));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void wavesOfSeveralAreThoseOfOne() {
    var all = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 3; i++) {
      all.add(
          CompletableFuture.runAsync(
              () -> runWaves(96, 16), task -> Thread.ofPlatform().start(task)));
    }
    all.forEach(CompletableFuture::join);
    List<TrialRecord> together;
    try (var storage = storage();
        var study = study(storage, 16).openOrCreate()) {
      together = study.trials();
    }
    List<TrialRecord> alone;
    try (var study = study(new InMemoryStorage(), 16).open()) {
      study.run((x, _) -> Outcome.complete(x.number("x")), Budget.trials(96));
      alone = study.trials();
    }
    assertThat(together)
        .extracting(TrialRecord::configuration)
        .isEqualTo(alone.stream().map(TrialRecord::configuration).toList());
    assertThat(together)
        .allSatisfy(trial -> {
          assertThat(trial.value()).isEqualTo(trial.configuration().number("x"));
          assertThat(trial.restarts()).isZero();
        });
  }

  @Test
  void batchesAreTheSameOnOneProcessOrThree() {
    var together = runTogether(3, 60, 8);
    List<TrialRecord> alone;
    try (var study = study(new InMemoryStorage(), 8).open()) {
      study.run((x, _) -> Outcome.complete(x.number("x")), Budget.trials(60));
      alone = study.trials();
    }
    assertThat(together)
        .extracting(TrialRecord::configuration)
        .isEqualTo(alone.stream().map(TrialRecord::configuration).toList());
  }

  /// Until word of it has come.
  private static void await(Study<Configuration> study, BooleanSupplier known) {
    while (!known.getAsBoolean()) {
      var _ = study.takeUp(0); // which looks at what others did
    }
  }

  @Test
  void whatOneDoesTheOtherKnows() {
    try (var a = storage();
        var b = storage();
        var first = study(a, 0).openOrCreate();
        var second = study(b, 0).openOrCreate()) {
      var mine = first.ask();
      assertThat(second.ask().number()).isEqualTo(1);
      mine.report(1, 0.5);
      first.tell(mine, Outcome.complete(0.25));
      assertThat(second.ask().number()).isEqualTo(2);
      await(second, () -> !second.best().isEmpty());
      assertThat(second.best()).extracting(TrialRecord::number).containsExactly(0);
      int enqueued = second.enqueue(Map.of("x", 0.125));
      await(first, () -> first.trial(enqueued) != null);
      assertThat(first.ask().configuration().number("x")).isEqualTo(0.125);
    }
  }

  @Test
  void whileOthersAreThereNothingIsHeldBackFromThem() {
    try (var a = storage();
        var b = storage();
        var first = study(a, 0).openOrCreate();
        var second = study(b, 0).openOrCreate()) {
      first.together(() -> {
        first.tell(first.ask(), Outcome.complete(0.25));
        assertThat(second.best()).isEmpty(); // nobody has looked yet
        assertThat(second.ask().number()).isEqualTo(1);
        assertThat(second.best()).extracting(TrialRecord::number).containsExactly(0);
      });
    }
  }

  @Test
  void aTrialWhoseWorkerIsGoneIsRunByTheOthers() throws Exception {
    try (var a = storage();
        var b = storage();
        var dead = study(a, 0).openOrCreate();
        var alive = study(b, 0).openOrCreate()) {
      var lost = dead.ask();
      // As if its process had been killed: the row names a process that is no more.
      execute("UPDATE worker SET process = '1' || process WHERE id = 1");
      alive.run((x, _) -> Outcome.complete(x.number("x")), Budget.trials(3));
      assertThat(alive.count(TrialState.COMPLETE)).isEqualTo(3);
      assertThat(alive.trials().getFirst().restarts()).isEqualTo(1);
      // It was not dead after all; its outcome comes too late to count.
      assertThatThrownBy(() -> dead.tell(lost, Outcome.complete(99)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("other hands");
      assertThat(dead.trials().getFirst().value()).isLessThan(1);
    }
  }
}
