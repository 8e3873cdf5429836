package dev.assay.spec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.device.cpu.CpuBackend;
import dev.assay.problem.Problem;
import dev.assay.run.command.TrialWatcher;
import dev.assay.storage.Storage;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Studies whose file says `sampler: {freeze_thaw: ...}`.
class CurveStudyTest {
  private static final String TRAINED =
      """
      name: curves
      objective: {train: mlp, data: iris, fixed: {epochs: 12, optimizer: sgd}}
      maximize: accuracy
      space:
        learning_rate: {float: [1e-4, 1.0], log: true}
        momentum: {float: [0, 0.99]}
        hidden: {choice: [8, 16]}
      sampler: {freeze_thaw: {starts: 4}}
      parallel: 3
      batch: 3
      budget: {trials: 24}
      seed: 3
      """;

  @TempDir Path directory;

  private StudyFile read(String text, String... overrides) throws IOException {
    var file = directory.resolve("study.yaml");
    Files.writeString(file, text);
    return StudyFile.read(file, List.of(overrides));
  }

  private static Map<String, @Nullable Object> describe(StudyFile file) {
    return new Assembly(file).runner(new CpuBackend()).describe();
  }

  private List<TrialRecord> tuned(StudyFile file, int parallel, String trials, Storage storage) {
    var runner =
        new Assembly(file).runner(new CpuBackend(), directory.resolve(trials), TrialWatcher.NONE);
    try (var study = new Assembly(file).study(storage, describe(file)).openOrCreate()) {
      runner.run(study, file.budget(), parallel);
      return study.trials();
    }
  }

  private List<TrialRecord> tuned(StudyFile file, int parallel, String trials) {
    try (var storage = Storages.memory()) {
      return tuned(file, parallel, trials, storage);
    }
  }

  private static Segment segment(TrialRecord trial) {
    return requireNonNull(Segment.of(trial));
  }

  private static List<Object> said(List<TrialRecord> trials) {
    return trials.stream()
        .<Object>map(trial -> List.of(trial.configuration(), trial.values(), trial.notes()))
        .toList();
  }

  @Test
  void theTrainerPausesAndGoesOn() throws IOException {
    var trials = tuned(read(TRAINED), 3, "a");
    assertThat(trials).hasSize(24).allMatch(trial -> trial.state() == TrialState.COMPLETE);
    assertThat(trials).anyMatch(trial -> segment(trial).parent() != null);
    assertThat(trials).allMatch(trial -> Objects.equals(segment(trial).whole(), 12L));
    for (var trial : trials) {
      assertThat(trial.reports().getLast().step()).isEqualTo(segment(trial).to());
    }
  }

  /// Lanes that stayed in memory, lanes in files and lanes that are trained once more are the same.
  @Test
  void theTrialsAreTheSameOnAnyNumberOfWorkersAndAfterLostCheckpoints() throws IOException {
    var file = read(TRAINED);
    var expected = said(tuned(file, 3, "a"));
    assertThat(said(tuned(file, 1, "b"))).isEqualTo(expected);
    assertThat(said(tuned(file, 8, "c"))).isEqualTo(expected);
    try (var storage = Storages.memory()) {
      tuned(read(TRAINED, "budget.trials=12"), 3, "d", storage);
      // Another place: no checkpoint is there any more.
      assertThat(said(tuned(file, 3, "e", storage))).isEqualTo(expected);
    }
  }

  /// They are written beside training, so that it is a later trial that hears of it.
  @Test
  void whereCheckpointsCannotBeWrittenTheSearchSaysSo() throws IOException {
    var file = read(TRAINED);
    Files.writeString(directory.resolve("a"), "no directory");
    assertThatThrownBy(() -> tuned(file, 3, "a"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("A checkpoint cannot be written.");
  }

  @Test
  void theCheckpointsOfPausedTrainingsAreKept() throws IOException {
    var trials = tuned(read(TRAINED), 3, "a");
    for (int number : Segment.wanted(trials)) {
      assertThat(directory.resolve("a/" + number + "/checkpoint.safetensors")).exists();
    }
    assertThat(Segment.wanted(trials))
        .isNotEmpty()
        .allMatch(number -> Segment.isPaused(trials.get(number)));
  }

  @Test
  void searchedEpochsAreTheSteps() throws IOException {
    var file =
        read(
            TRAINED
                .replace("fixed: {epochs: 12, ", "fixed: {")
                .replace("  momentum:", "  epochs: {int: [4, 10]}\n  momentum:"));
    for (var trial : tuned(file, 3, "a")) {
      assertThat((double) requireNonNull(segment(trial).whole()))
          .isEqualTo(trial.configuration().number("epochs"));
    }
  }

  @Test
  void theStepsOfATableAreItsLongestCurve() throws IOException {
    var csv = new StringBuilder("config,lr,loss_1,loss_2,loss_3,loss_4\n");
    for (int i = 0; i < 30; i++) {
      csv.append("%d,%.2f,0.9,%.3f,%.3f,%.3f\n".formatted(i, 0.01 * i, 0.8, 0.7, 0.1 * (i % 7)));
    }
    Files.writeString(directory.resolve("t.csv"), csv);
    Files.writeString(
        directory.resolve("t.json"),
        """
        {"parameters": {"lr": {"type": "float", "min": 0, "max": 1}},
         "metric": "loss", "direction": "minimize"}
        """);
    var file =
        read(
            """
            name: replayed
            objective: {table: t.csv}
            minimize: loss
            sampler: {freeze_thaw: {starts: 5}}
            budget: {trials: 40}
            """);
    var trials = tuned(file, 1, "a");
    assertThat(trials).hasSize(40).allMatch(trial -> Objects.equals(segment(trial).whole(), 4L));
    assertThat(trials).anyMatch(trial -> segment(trial).to() == 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sampler: {freeze_thaw: {starts: 4}} | sampler: {freeze_thaw: {steps: 9}} | its epochs
          budget: {trials: 24} | pruner: median | nothing is left to a pruner
          optimizer: sgd | patience: 3 | have no patience
          budget: {trials: 24} | confirm: 3 | resume: false
          """)
  void whatCannotBePausedIsRefused(String from, String to, String words) throws IOException {
    assertThatThrownBy(
            () -> {
              var file = read(TRAINED.replace(from, to));
              new Assembly(file).runner(new CpuBackend());
              new Assembly(file).study(Storages.memory(), Map.of());
            })
        .isInstanceOf(Problem.class)
        .hasMessageContaining(words);
  }

  @Test
  void aFunctionHasNoCurve() throws IOException {
    var file =
        read(
            """
            objective: {function: branin}
            minimize: value
            sampler: {freeze_thaw: {steps: 9}}
            """);
    assertThatThrownBy(() -> new Assembly(file).runner(new CpuBackend()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("goes on from a checkpoint");
  }
}
