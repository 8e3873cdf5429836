package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.StudyListener;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A disk that becomes full in the middle of a study: SQLite's own limit on a file's pages stands
/// for it, which is the same error.
class FullDiskTest {
  private static final int PAGES = 40;

  @TempDir Path directory;

  /// The tables, the last step of which sets the limit for the connection that makes them.
  private static SqliteSchema limited() {
    var steps = new ArrayList<>(SqliteSchema.CURRENT.steps());
    steps.add(List.of("PRAGMA max_page_count = " + PAGES));
    return new SqliteSchema(steps);
  }

  private SqliteStorage storage() {
    return new SqliteStorage(
        new SqliteFile(directory.resolve("study.db"), Duration.ofSeconds(5)), limited());
  }

  private static StudyBuilder<Configuration> study(SqliteStorage storage) {
    return Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
        .minimize("loss")
        .sampler(Samplers.random())
        .storage(storage);
  }

  private static Outcome half(Configuration x, dev.assay.study.Trial<Configuration> trial) {
    trial.attribute("padding", "x".repeat(1000));
    return Outcome.complete(x.number("x") / 2);
  }

  /// It waits for room, and can be interrupted meanwhile.
  @Test
  @Timeout(60)
  void theStudyWaitsAndWhatWasToldIsThere() throws Exception {
    Set<Integer> told = ConcurrentHashMap.newKeySet();
    var listener =
        new StudyListener() {
          @Override
          public void ended(TrialRecord trial) {
            told.add(trial.number());
          }
        };
    try (var study = study(storage()).listener(listener).open()) {
      var run =
          new FutureTask<>(
              () -> study.run(FullDiskTest::half, Budget.trials(10_000), Workers.of(2)).reason());
      var searching = Thread.ofPlatform().start(run);
      Problem problem = null;
      while (problem == null) {
        Thread.onSpinWait();
        problem = study.storageProblem();
      }
      assertThat(problem.what()).as(problem.value()).contains("disk").contains("full");
      assertThat(problem.value()).contains("study.db");
      searching.interrupt();
      assertThat(run.get()).isEqualTo(StopReason.INTERRUPTED);
    }
    assertThat(told).hasSizeGreaterThan(10);
    // There is room again: the limit was the first connection's.
    try (var study = study(storage()).openOrCreate()) {
      var complete =
          study.trials().stream()
              .filter(trial -> trial.state() == TrialState.COMPLETE)
              .collect(java.util.stream.Collectors.toMap(t -> t.number(), t -> t));
      assertThat(complete.keySet()).containsAll(told);
      complete.values().forEach(FullDiskTest::assertRight);
      study.run(FullDiskTest::half, Budget.trials(200), Workers.of(2));
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(200);
    }
  }

  @Test
  void ofWhatIsWrittenTogetherAllOrNothingIsThere() {
    try (var study = study(storage()).open()) {
      study.run(FullDiskTest::half, Budget.trials(5));
      var problem =
          catchThrowableOfType(
              Problem.class,
              () -> study.together(() -> study.run(FullDiskTest::half, Budget.trials(10_000))));
      assertThat(problem).isNotNull();
      assertThat(problem.what()).contains("disk").contains("full");
    }
    try (var study = study(storage()).openOrCreate()) {
      assertThat(study.trials()).hasSize(5);
      study.together(() -> study.run(FullDiskTest::half, Budget.trials(50)));
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(50);
      study.trials().forEach(FullDiskTest::assertRight);
    }
  }

  private static void assertRight(TrialRecord trial) {
    assertThat(trial.value()).isEqualTo(trial.configuration().number("x") / 2);
    assertThat(trial.attributes()).isEqualTo(Map.of("padding", "x".repeat(1000)));
  }
}
