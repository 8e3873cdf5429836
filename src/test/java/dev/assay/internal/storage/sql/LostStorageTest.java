package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Trial;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Somebody takes the file away while a study runs.
@Timeout(60)
class LostStorageTest {
  @TempDir Path root;

  private Path directory = Path.of("");

  private interface Taking {
    void run() throws IOException;
  }

  @BeforeEach
  void make() throws IOException {
    directory = Files.createDirectory(root.resolve("study"));
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "files have identities");
  }

  private Path file() {
    return directory.resolve("study.db");
  }

  private static StudyBuilder<Configuration> study(Path file) {
    return Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
        .minimize("loss")
        .sampler(Samplers.random())
        .storage(new SqliteStorage(file));
  }

  /// What a study says in whose third trial the file is taken; the trial would never end.
  private Problem said(int workers, Taking taking) {
    try (var study = study(file()).open()) {
      return catchThrowableOfType(
          Problem.class,
          () ->
              study.run(
                  (x, trial) -> outcome(x, trial, taking), Budget.trials(10), Workers.of(workers)));
    }
  }

  private static Outcome outcome(Configuration x, Trial<Configuration> trial, Taking taking)
      throws InterruptedException {
    if (trial.number() == 2) {
      try {
        taking.run();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    if (trial.number() >= 2) {
      new CountDownLatch(1).await();
    }
    return Outcome.complete(x.number("x"));
  }

  private static void assertWhole(Path file) {
    try (var study = study(file).openOrCreate()) {
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(2);
      study.trials().stream()
          .limit(2)
          .forEach(t -> assertThat(t.value()).isEqualTo(t.configuration().number("x")));
    }
  }

  private void remove() throws IOException {
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void removed(int workers) {
    var problem = said(workers, this::remove);
    assertThat(problem.what()).contains("removed");
    var copy = directory.resolve("study.db-rescued-1");
    assertThat(problem.mend()).contains(copy.toString());
    assertThat(file()).doesNotExist();
    assertWhole(copy);
  }

  @Test
  void removedWithItsDirectory() {
    var problem =
        said(
            1,
            () -> {
              remove();
              Files.delete(directory);
            });
    assertThat(problem.what()).contains("removed");
    var words = problem.mend().split(" ");
    var copy = Path.of(words[6].replace(":", ""));
    assertWhole(copy);
    assertThat(copy.toFile().delete()).isTrue();
  }

  @Test
  void onlyTheLogIsRemoved() {
    var problem = said(1, () -> Files.delete(directory.resolve("study.db-wal")));
    assertThat(problem.mend()).contains("study.db-rescued-1");
    assertWhole(directory.resolve("study.db-rescued-1"));
  }

  @Test
  void movedWithItsDirectory() {
    var elsewhere = root.resolve("elsewhere");
    var problem = said(1, () -> Files.move(directory, elsewhere));
    assertThat(problem.what()).contains("moved");
    assertThat(problem.mend()).contains("sqlite:" + elsewhere.resolve("study.db"));
    assertThat(directory).doesNotExist();
    assertWhole(elsewhere.resolve("study.db"));
  }

  @Test
  void movedWithoutItsLog() {
    var elsewhere = root.resolve("elsewhere.db");
    var problem = said(2, () -> Files.move(file(), elsewhere));
    assertThat(problem.what()).contains("moved");
    assertWhole(elsewhere);
  }

  @Test
  void replacedByAnotherFile() throws IOException {
    var other = root.resolve("other.db");
    study(other).open().close();
    var bytes = Files.readAllBytes(other);
    var problem =
        said(
            1,
            () -> {
              remove();
              Files.write(file(), bytes);
            });
    assertThat(problem.what()).contains("replaced");
    assertWhole(directory.resolve("study.db-rescued-1"));
    assertThat(file()).hasBinaryContent(bytes);
  }
}
