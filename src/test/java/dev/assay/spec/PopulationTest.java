package dev.assay.spec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.device.cpu.CpuBackend;
import dev.assay.problem.Problem;
import dev.assay.run.command.TrialWatcher;
import dev.assay.storage.Storage;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.Cause;
import dev.assay.trial.Segment;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Studies whose file says `sampler: {pbt: ...}`, with the built-in trainer.
class PopulationTest {
  private static final int MEMBERS = 6;

  private static final String GOOD =
      """
      name: population
      objective: {train: mlp, data: iris, fixed: {epochs: 8, optimizer: sgd}}
      maximize: accuracy
      space:
        learning_rate: {float: [1e-4, 1.0], log: true}
        momentum: {float: [0, 0.99]}
      sampler: {pbt: {population: 6, interval: 2}}
      seed: 3
      """;

  @TempDir Path directory;

  private StudyFile read(String text, String... overrides) throws IOException {
    var file = directory.resolve("study.yaml");
    Files.writeString(file, text);
    return StudyFile.read(file, List.of(overrides));
  }

  private StopReason tune(StudyFile file, Storage storage, int parallel) {
    var assembly = new Assembly(file);
    var runner = assembly.runner(new CpuBackend(), directory.resolve("trials"), TrialWatcher.NONE);
    try (var study = assembly.study(storage, runner.describe()).openOrCreate()) {
      return runner.run(study, file.budget(), parallel).reason();
    }
  }

  private static List<TrialRecord> trials(StudyFile file, Storage storage) {
    try (var study = new Assembly(file).study(storage, describe(file)).openOrCreate()) {
      return study.trials();
    }
  }

  private static Map<String, @Nullable Object> describe(StudyFile file) {
    return new Assembly(file).runner(new CpuBackend()).describe();
  }

  private List<TrialRecord> tuned(StudyFile file, int parallel) {
    try (var storage = Storages.memory()) {
      assertThat(tune(file, storage, parallel)).isEqualTo(StopReason.TRAINED);
      return trials(file, storage);
    }
  }

  private static List<Object> said(List<TrialRecord> trials) {
    return trials.stream()
        .<Object>map(trial ->
            List.of(trial.configuration(), trial.values(), String.valueOf(Segment.of(trial))))
        .toList();
  }

  @Test
  void howManyAreTrainedAtOnceDoesNotMatter() throws IOException {
    var file = read(GOOD);
    assertThat(file.batch()).isEqualTo(MEMBERS);
    assertThat(file.parallel()).isEqualTo(MEMBERS);
    var together = tuned(file, MEMBERS);
    assertThat(together).hasSize(MEMBERS * 4);
    assertThat(said(tuned(file, 1))).isEqualTo(said(together));
    assertThat(said(tuned(file, 4))).isEqualTo(said(together));
    assertThat(together).anyMatch(PopulationTest::tookOver);
    for (var trial : together) {
      assertThat(trial.attributes().get("epochs"))
          .isEqualTo(List.of((int) requireNonNull(Segment.of(trial)).to()));
    }
  }

  private static boolean tookOver(TrialRecord trial) {
    var parent = requireNonNull(Segment.of(trial)).parent();
    return parent != null && parent != trial.number() - MEMBERS;
  }

  /// In the middle of a generation the process ends; what trials left is in files, and where a file
  /// is missing or damaged, it is trained once more.
  @Test
  void aResumedPopulationGoesOnAsIfNothingHadBeen() throws IOException {
    var whole = said(tuned(read(GOOD), MEMBERS));
    try (var storage = Storages.sqlite(directory.resolve("study.db"))) {
      tune(read(GOOD, "budget.trials=9"), storage, 4);
    }
    Files.delete(directory.resolve("trials/1/checkpoint.safetensors"));
    Files.writeString(directory.resolve("trials/2/checkpoint.safetensors"), "rubbish");
    try (var storage = Storages.sqlite(directory.resolve("study.db"))) {
      tune(read(GOOD, "budget.trials=17"), storage, 4);
      remove(directory.resolve("trials"));
      var file = read(GOOD);
      assertThat(tune(file, storage, 3)).isEqualTo(StopReason.TRAINED);
      assertThat(said(trials(file, storage))).isEqualTo(whole);
    }
  }

  private static void remove(Path path) throws IOException {
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void oldCheckpointsAreRemoved() throws IOException {
    tuned(read(GOOD), MEMBERS);
    try (var files = Files.list(directory.resolve("trials"))) {
      assertThat(files.toList()).hasSizeBetween(MEMBERS, 2 * MEMBERS + 1);
    }
  }

  @Test
  void membersThatDivergeAreReplaced() throws IOException {
    var file = read(GOOD, "space.learning_rate={float: [1e-3, 1e7], log: true}");
    var trials = tuned(file, MEMBERS);
    assertThat(trials).anyMatch(trial -> trial.cause() == Cause.DIVERGED);
    for (var trial : trials) {
      var parent = requireNonNull(Segment.of(trial)).parent();
      if (parent != null) {
        assertThat(trials.get(parent).state()).isEqualTo(TrialState.COMPLETE);
      }
    }
    assertThat(trials.subList(trials.size() - MEMBERS, trials.size()))
        .anyMatch(trial -> trial.state() == TrialState.COMPLETE);
  }

  @Test
  void layersMayDifferWhereTheyAreNotExplored() throws IOException {
    var file =
        read(
            GOOD,
            "space.hidden={int: [4, 64], log: true}",
            "sampler.pbt.explore=[learning_rate, momentum]");
    var trials = tuned(file, MEMBERS);
    for (var trial : trials) {
      var parent = requireNonNull(Segment.of(trial)).parent();
      if (parent != null) {
        assertThat(trial.configuration().get("hidden"))
            .isEqualTo(trials.get(parent).configuration().get("hidden"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "space.hidden={int: [4, 64]} | hidden, explored by sampler pbt | explore: [",
        "objective.fixed.patience=3 | patience | Remove it",
        "sampler.pbt.steps=8 | steps 8 | fixed: {epochs: 8}",
        "sampler.pbt.interval=9 | interval 9 | at most 4",
        "sampler.pbt.population=none | population \"none\" | a whole number",
        "sampler.pbt.explore=[hiden] | explore hiden | Known",
        "pruner=median | pruner: median | Remove the pruner",
        "batch=7 | batch 7, population 6 | batch: 6",
        "objective={function: branin} | sampler: pbt | command"
      })
  void whatCannotBeIsRefused(String override, String value, String mend) throws IOException {
    var file = read(GOOD, override);
    try (var storage = Storages.memory()) {
      assertThatThrownBy(() -> tune(file, storage, 1))
          .isInstanceOfSatisfying(
              Problem.class,
              problem -> {
                assertThat(problem.value()).contains(value);
                assertThat(problem.mend()).contains(mend);
              });
    }
  }
}
