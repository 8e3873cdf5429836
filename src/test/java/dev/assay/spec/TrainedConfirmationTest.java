package dev.assay.spec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.device.cpu.CpuBackend;
import dev.assay.run.command.TrialWatcher;
import dev.assay.storage.sql.Storages;
import dev.assay.study.StudyListener;
import dev.assay.trial.Confirmation;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Finalists of the built-in trainer.
class TrainedConfirmationTest {
  private static final String TRAINED =
      """
      name: confirmed
      objective: {train: softmax, data: iris, fixed: {epochs: 4}}
      maximize: accuracy
      space:
        learning_rate: {float: [1e-4, 1.0], log: true}
      sampler: random
      parallel: 2
      budget: {trials: 6}
      confirm: 4
      """;

  @TempDir Path directory;

  /// How many trials ran at once at most, of the search and to confirm.
  private static final class Crowd implements StudyListener {
    int searching;
    int confirming;
    private int now;

    @Override
    public void started(TrialRecord trial) {
      now++;
      if (Confirmation.is(trial)) {
        confirming = Math.max(confirming, now);
      } else {
        searching = Math.max(searching, now);
      }
    }

    @Override
    public void ended(TrialRecord trial) {
      now--;
    }
  }

  @Test
  void theirRunsAreLanesOfOneLaunch() throws IOException {
    var path = directory.resolve("study.yaml");
    Files.writeString(path, TRAINED);
    var file = StudyFile.read(path, List.of());
    var assembly = new Assembly(file);
    var runner = assembly.runner(new CpuBackend(), directory.resolve("trials"), TrialWatcher.NONE);
    var crowd = new Crowd();
    try (var storage = Storages.memory();
        var study =
            assembly
                .study(storage, runner.describe())
                .confirm(requireNonNull(file.confirm()))
                .listener(crowd)
                .openOrCreate()) {
      runner.run(study, file.budget(), 2);
      var confirmed = study.trials().stream().filter(Confirmation::is).toList();
      assertThat(confirmed).hasSizeGreaterThanOrEqualTo(12);
      assertThat(crowd.confirming).isEqualTo(confirmed.size());
      assertThat(crowd.searching).isEqualTo(2);
    }
  }
}
