package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.cpu.CpuBackend;
import dev.assay.problem.Problem;
import dev.assay.run.command.TrialWatcher;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.Cause;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Trials of the built-in trainer that are several trainings, each with a seed of its own.
class RepeatedTrainingTest {
  private static final String TRAINED =
      """
      name: repeated
      objective: {train: mlp, data: iris, fixed: {epochs: 6, optimizer: sgd}, repeats: 3}
      minimize: log_loss
      space:
        learning_rate: {float: [1e-5, 0.3], log: true}
        hidden: {choice: [4, 8]}
      sampler: random
      parallel: 4
      batch: 4
      budget: {trials: 16}
      seed: 3
      """;

  @TempDir Path directory;

  private StudyFile read(String... overrides) throws IOException {
    var file = directory.resolve("study.yaml");
    Files.writeString(file, TRAINED);
    return StudyFile.read(file, List.of(overrides));
  }

  private List<TrialRecord> tuned(int parallel, String... overrides) throws IOException {
    var file = read(overrides);
    var assembly = new Assembly(file);
    var runner = assembly.runner(new CpuBackend(), directory.resolve("trials"), TrialWatcher.NONE);
    try (var storage = Storages.memory();
        var study = assembly.study(storage, runner.describe()).openOrCreate()) {
      runner.run(study, file.budget(), parallel);
      return study.trials();
    }
  }

  @Test
  void theValueIsTheMeanOfTheTrainings() throws IOException {
    var once = tuned(4, "objective.repeats=1");
    var trials = tuned(4);
    assertThat(trials).hasSize(16).allMatch(t -> t.state() == TrialState.COMPLETE);
    for (var trial : trials) {
      assertThat(trial.reports()).extracting(r -> r.step()).containsExactly(1L, 2L, 3L);
      var runs = trial.reports().stream().map(r -> r.values().getFirst()).toList();
      assertThat(runs).doesNotHaveDuplicates();
      double mean = runs.stream().mapToDouble(v -> v).average().orElseThrow();
      assertThat(trial.value()).isCloseTo(mean, within(1e-9));
      assertThat(runs.getFirst()).isEqualTo(once.get(trial.number()).value());
      assertThat(trial.runs()).hasSize(3);
      assertThat(trial.attributes().get("epochs")).isEqualTo(List.of(6, 6, 6));
    }
  }

  @Test
  void seedsMayBeTheSameForAllTrials() throws IOException {
    var trials = tuned(4, "objective.repeats={seeds: [7, 11]}", "budget.trials=4");
    assertThat(trials).allMatch(t -> t.reports().size() == 2 && t.runs().size() == 1);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void howManyTrainAtOnceChangesNothing(boolean race) throws IOException {
    var repeats = "objective.repeats={seeds: 3, race: " + race + "}";
    assertThat(values(tuned(1, repeats))).isEqualTo(values(tuned(4, repeats)));
  }

  private static List<Object> values(List<TrialRecord> trials) {
    return trials.stream()
        .<Object>map(t -> List.of(t.configuration(), t.state(), t.values(), t.reports()))
        .toList();
  }

  @Test
  void whoIsHopelessEndsAfterTheFirst() throws IOException {
    var race = tuned(4, "objective.repeats={seeds: 3, race: true}");
    var pruned = race.stream().filter(t -> t.state() == TrialState.PRUNED).toList();
    assertThat(pruned).isNotEmpty();
    assertThat(pruned).anyMatch(t -> List.of(6).equals(t.attributes().get("epochs")));
    var all = tuned(4);
    assertThat(best(race)).isEqualTo(best(all));
    for (var trial : pruned) {
      assertThat(all.get(trial.number()).value()).isGreaterThan(all.get(best(all)).value());
    }
  }

  private static int best(List<TrialRecord> trials) {
    return trials.stream()
        .filter(t -> t.state() == TrialState.COMPLETE)
        .min(java.util.Comparator.comparingDouble(TrialRecord::value))
        .orElseThrow()
        .number();
  }

  @Test
  void aTrainingThatDivergesFailsTheTrial() throws IOException {
    var trials = tuned(4, "space.learning_rate={float: [1e8, 1e9]}", "budget.trials=4");
    assertThat(trials).allMatch(t -> t.cause() == Cause.DIVERGED);
    assertThat(trials).allMatch(t -> t.detail().startsWith("run 1 of 3: "));
  }

  @Test
  void itIsPartOfWhatTheStudyIs() throws IOException {
    assertThat(new Assembly(read()).runner(new CpuBackend()).describe()).containsKey("repeats");
    assertThat(new Assembly(read("objective.repeats=1")).runner(new CpuBackend()).describe())
        .doesNotContainKey("repeats");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sampler={freeze_thaw: {}} | goes on from checkpoints is one run",
        "pruner=asha | A race decides which trials end early",
      })
  void whatCannotBeRepeatedIsRefused(String override, String words) throws IOException {
    var file = read(override, "objective.repeats={seeds: 3, race: true}");
    assertThatThrownBy(() -> new Assembly(file).runner(new CpuBackend()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(words);
  }
}
