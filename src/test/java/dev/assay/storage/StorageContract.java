package dev.assay.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.HistorySampler;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every storage keeps to: with trials, with several studies, and with whoever runs them.
public abstract class StorageContract extends StoredTrialsContract {
  @Test
  void factsAreSetAndReplaced() {
    try (var log = storage.create(definition("demo"))) {
      assertThat(log.facts()).isEmpty();
      log.putFact("seconds", Map.of("wall", 1.5, "runs", 2L));
      log.putFact("device", "cpu");
      log.putFact("device", List.of("gpu", 0L));
    }
    storage = reopened(storage);
    assertThat(storage.read("demo").orElseThrow().facts())
        .isEqualTo(
            Map.of("seconds", Map.of("wall", 1.5, "runs", 2L), "device", List.of("gpu", 0L)));
  }

  @Test
  void whoRunsAStudyKeepsItsName() {
    try (var first = storage.create(definition("demo"))) {
      assertThatThrownBy(() -> storage.rename("demo", "old"))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("demo")
          .hasMessageContaining("this process");
      first.begin(running(0, Map.of()));
      assertThat(trials(storage.read("demo").orElseThrow())).hasSize(1);
    }
    storage.rename("demo", "old");
    assertThat(storage.names()).containsExactly("old");
  }

  @Test
  void whatRanWhenItsProcessEndedWaitsAgainOrIsGivenUp() {
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of()));
      log.report(0, new Report(1, List.of(0.5)));
    }
    storage = reopened(storage);
    try (var log = storage.open("demo").orElseThrow()) {
      assertThat(log.reclaim(1)).containsExactly(0);
      assertThat(log.reclaim(1)).isEmpty();
      var waiting = trials(log).getFirst();
      assertThat(waiting.state()).isEqualTo(TrialState.WAITING);
      assertThat(waiting.restarts()).isEqualTo(1);
      assertThat(waiting.reports()).isEmpty();
      assertThat(log.begin(waiting.running(5))).isTrue();
    }
    storage = reopened(storage);
    try (var log = storage.open("demo").orElseThrow()) {
      assertThat(log.reclaim(1)).containsExactly(0);
      var lost = trials(log).getFirst();
      assertThat(lost.state()).isEqualTo(TrialState.FAILED);
      assertThat(lost.cause()).isEqualTo(Cause.LOST);
      assertThat(lost.detail()).isEqualTo(TrialRecord.LOST);
    }
  }

  @Test
  void aClosedLogRefusesWrites() {
    var log = storage.create(definition("demo"));
    log.close();
    log.close();
    assertThatThrownBy(() -> log.begin(running(0, Map.of())))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("closed");
    try (var second = storage.open("demo").orElseThrow()) {
      log.close();
      second.begin(running(0, Map.of()));
    }
  }

  @Test
  void renamingFreesTheName() {
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of()));
    }
    storage.create(definition("other")).close();
    assertThatThrownBy(() -> storage.rename("dema", "x"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("\"demo\"");
    assertThatThrownBy(() -> storage.rename("demo", "other")).isInstanceOf(Problem.class);
    storage.rename("demo", "archived");
    storage.create(definition("demo")).close();
    storage = reopened(storage);
    assertThat(storage.names()).containsExactly("archived", "demo", "other");
    assertThat(trials(storage.read("archived").orElseThrow())).hasSize(1);
    assertThat(storage.read("archived").orElseThrow().definition())
        .isEqualTo(definition("archived"));
    assertThat(trials(storage.read("demo").orElseThrow())).isEmpty();
  }

  @Test
  void aSuccessorTakesAStudysPlaceOrNothingChanges() {
    for (var name : List.of("demo", "next", "taken")) {
      storage.create(definition(name)).close();
    }
    assertThatThrownBy(() -> storage.replace("demo", "taken", "next")).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> storage.replace("demo", "old", "nexd")).isInstanceOf(Problem.class);
    assertThat(storage.names()).containsExactly("demo", "next", "taken");
    try (var log = storage.open("next").orElseThrow()) {
      log.begin(running(0, Map.of()));
      assertThatThrownBy(() -> storage.replace("demo", "old", "next")).isInstanceOf(Problem.class);
    }
    assertThat(storage.names()).containsExactly("demo", "next", "taken");
    storage.replace("demo", "old", "next");
    storage = reopened(storage);
    assertThat(storage.names()).containsExactly("demo", "old", "taken");
    assertThat(trials(storage.read("demo").orElseThrow())).hasSize(1);
  }

  @Test
  void whatIsDeletedIsGone() {
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of()));
      log.report(0, new Report(1, List.of(0.5)));
      log.end(complete(running(0, Map.of()), 1));
      log.putFact("device", "cpu");
      assertThatThrownBy(() -> storage.delete("demo")).isInstanceOf(Problem.class);
    }
    try (var log = storage.create(definition("other"))) {
      log.begin(running(0, Map.of()));
    }
    assertThatThrownBy(() -> storage.delete("dema"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("\"demo\"");
    storage.delete("demo");
    storage = reopened(storage);
    assertThat(storage.names()).containsExactly("other");
    assertThat(trials(storage.read("other").orElseThrow())).hasSize(1);
    try (var log = storage.create(definition("demo"))) {
      assertThat(log.facts()).isEmpty();
      log.begin(running(0, Map.of()));
      assertThat(trials(log)).singleElement().extracting(TrialRecord::reports).asList().isEmpty();
    }
  }

  @Test
  void factsAreSetBesideWhoeverRunsTheStudy() {
    assertThatThrownBy(() -> storage.putFact("demo", "note", "x")).isInstanceOf(Problem.class);
    try (var log = storage.create(definition("demo"))) {
      storage.putFact("demo", "note", "one");
      log.putFact("device", "cpu");
      storage.putFact("demo", "note", "two");
      assertThat(log.facts()).isEqualTo(Map.of("note", "two", "device", "cpu"));
    }
    storage = reopened(storage);
    storage.putFact("demo", "device", "gpu");
    assertThat(storage.read("demo").orElseThrow().facts())
        .isEqualTo(Map.of("note", "two", "device", "gpu"));
  }

  @Test
  void endedTrialsAreDiscardedAndTakenBack() {
    var failed =
        ended(running(2, Map.of()), TrialState.FAILED, List.of(), Cause.ERROR, "why", Map.of());
    var pruned = ended(running(1, Map.of()), TrialState.PRUNED, List.of(), null, "", Map.of());
    try (var log = storage.create(definition("demo"))) {
      for (var trial : List.of(complete(running(0, Map.of()), 1), pruned, failed)) {
        log.begin(running(trial.number(), Map.of()));
        log.end(trial);
      }
      log.begin(running(3, Map.of()));
      for (int number : new int[] {-1, 3, 4}) {
        assertThatThrownBy(() -> storage.discard("demo", number, true)).isInstanceOf(Problem.class);
      }
      assertThatThrownBy(() -> storage.discard("dema", 0, true)).isInstanceOf(Problem.class);
      for (int number = 0; number < 3; number++) {
        storage.discard("demo", number, true);
      }
    }
    storage = reopened(storage);
    var before = trials(storage.read("demo").orElseThrow()).subList(0, 3);
    assertThat(before).extracting(TrialRecord::state).containsOnly(TrialState.DISCARDED);
    assertThat(before.getFirst().values()).containsExactly(1.0);
    for (int number = 0; number < 3; number++) {
      storage.discard("demo", number, false);
    }
    assertThat(trials(storage.read("demo").orElseThrow()).subList(0, 3))
        .extracting(TrialRecord::state)
        .containsExactly(TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED);
  }

  @Test
  void studiesDoNotSeeEachOther() {
    try (var a = storage.create(definition("a"));
        var b = storage.create(definition("b"))) {
      a.begin(running(0, Map.of("rate", 2.0)));
      b.begin(running(0, Map.of("rate", 3.0)));
      a.report(0, new Report(1, List.of(0.5)));
      a.putFact("who", "a");
      b.putFact("who", "b");
      b.end(complete(running(0, Map.of("rate", 3.0)), 1));
      assertThat(trials(a)).extracting(TrialRecord::state).containsExactly(TrialState.RUNNING);
      assertThat(trials(b)).extracting(TrialRecord::state).containsExactly(TrialState.COMPLETE);
      assertThat(trials(b).getFirst().reports()).isEmpty();
      assertThat(b.facts()).isEqualTo(Map.of("who", "b"));
    }
  }

  @Test
  void writersAndReadersOfManyThreadsLoseNothing() throws Exception {
    int threads = 4;
    int each = 250;
    var names = List.of("a", "b");
    var logs = names.stream().map(name -> storage.create(definition(name))).toList();
    var done = new ArrayList<Future<?>>();
    try (var pool = Executors.newFixedThreadPool(threads)) {
      for (int thread = 0; thread < threads; thread++) {
        int first = thread * each;
        done.add(
            pool.submit(() -> {
              for (int i = first; i < first + each; i++) {
                for (var log : logs) {
                  var trial = running(i, Map.of("rate", 1.0 + i));
                  log.begin(trial);
                  log.report(i, new Report(1, List.of(0.5 * i)));
                  log.end(complete(trial, i));
                }
                if (i % 100 == 0) {
                  for (var seen : trials(storage.read("a").orElseThrow())) {
                    assertThat(seen.configuration().number("rate")).isEqualTo(1.0 + seen.number());
                  }
                }
              }
            }));
      }
    }
    for (var future : done) {
      future.get();
    }
    logs.forEach(log -> log.close());
    for (var name : names) {
      var loaded = reread(name);
      assertThat(loaded).hasSize(threads * each).doesNotHaveDuplicates();
      for (var trial : loaded) {
        assertThat(trial.value()).isEqualTo(trial.number());
        assertThat(trial.reports()).containsExactly(new Report(1, List.of(0.5 * trial.number())));
      }
    }
  }

  @Test
  void trialsOfAnotherSpaceAreRefusedByName() {
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of("rate", 2.0)));
    }
    var narrower = SearchSpace.builder().add("rate", new FloatRange(0, 1)).build();
    var study = storage.read("demo").orElseThrow();
    assertThatThrownBy(() -> study.load(narrower, _ -> {})).isInstanceOf(Problem.class);
  }

  private StudyBuilder<?> builder() {
    return Study.over(SPACE).named("demo").minimize("loss").sampler(new HistorySampler()).batch(3);
  }

  private List<TrialRecord> run(StudyBuilder<?> builder, int trials) {
    try (var study = builder.openOrCreate()) {
      study.run(
          (_, trial) -> {
            trial.report(1, trial.number());
            trial.attribute("twice", 2L * trial.number());
            return Outcome.complete(Math.sin(trial.number()));
          },
          Budget.trials(trials),
          Workers.of(2));
      return study.trials();
    }
  }

  @Test
  void aResumedStudyGoesOnAsIfNeverInterrupted() {
    var whole = run(builder(), 20);
    run(builder().storage(storage), 7);
    storage = reopened(storage);
    run(builder().storage(storage), 11);
    storage = reopened(storage);
    var parts = run(builder().storage(storage), 20);
    assertThat(parts)
        .extracting(TrialRecord::configuration)
        .isEqualTo(whole.stream().map(TrialRecord::configuration).toList());
    assertThat(parts)
        .extracting(TrialRecord::reports)
        .isEqualTo(whole.stream().map(TrialRecord::reports).toList());
    assertThat(parts)
        .extracting(TrialRecord::attributes)
        .isEqualTo(whole.stream().map(TrialRecord::attributes).toList());
  }

  @Test
  void aStudyOfAnotherDefinitionIsRefused() {
    run(builder().storage(storage), 1);
    assertThatThrownBy(() -> builder().storage(storage).seed(5).openOrCreate())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("seed: 0 in the study, 5 now");
    // Refusing must have closed the study again.
    run(builder().storage(storage), 2);
  }

  @Test
  void whatIsWrittenTogetherIsThereAfterwards() {
    try (var log = storage.create(definition("demo"))) {
      log.begin(running(0, Map.of()));
      log.report(0, new Report(1, List.of(0.5)));
      log.together(() -> {
        for (int number = 1; number < 4; number++) {
          log.begin(running(number, Map.of()));
        }
        for (int step = 1; step <= 150; step++) {
          log.report(1 + step % 2, new Report(step, List.of(1.0 / step)));
        }
        log.end(complete(running(1, Map.of()), 0.25));
        log.putFact("fact", "there");
      });
      log.together(() -> {
        log.begin(running(3, Map.of()).interrupted());
        log.begin(running(3, Map.of()));
        log.report(3, new Report(7, List.of(9.0)));
      });
      assertThat(log.facts()).containsEntry("fact", "there");
    }
    var trials = reread("demo");
    assertThat(trials).extracting(TrialRecord::number).containsExactly(1, 0, 2, 3);
    assertThat(trials.getFirst().values()).containsExactly(0.25);
    assertThat(trials).extracting(trial -> trial.reports().size()).containsExactly(75, 1, 75, 1);
    assertThat(trials.get(2).reports().getLast()).isEqualTo(new Report(149, List.of(1.0 / 149)));
  }

  @Test
  void workThatFailsLeavesWhatItWroteTogether() {
    try (var log = storage.create(definition("demo"))) {
      assertThatThrownBy(() ->
              log.together(() -> {
                log.begin(running(0, Map.of()));
                log.report(0, new Report(1, List.of(0.5)));
                throw new IllegalStateException("the work's own");
              }))
          .hasMessage("the work's own");
      log.end(complete(running(0, Map.of()), 0.25));
    }
    var trials = reread("demo");
    assertThat(trials).hasSize(1);
    assertThat(trials.getFirst().reports()).hasSize(1);
  }
}
