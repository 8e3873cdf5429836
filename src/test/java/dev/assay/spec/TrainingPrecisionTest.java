package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.assay.device.Availability;
import dev.assay.device.Backend;
import dev.assay.device.Check;
import dev.assay.device.cpu.CpuBackend;
import dev.assay.internal.engine.GpEngine;
import dev.assay.problem.Problem;
import dev.assay.report.ResultDocument;
import dev.assay.report.StudySheet;
import dev.assay.report.StudyView;
import dev.assay.run.TrialRunner;
import dev.assay.run.command.TrialWatcher;
import dev.assay.storage.Storage;
import dev.assay.storage.sql.Storages;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.trial.Budget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `precision` reaches the back end, is part of what a study is, and is said.
class TrainingPrecisionTest {
  @TempDir Path directory;

  /// The processor, noting what it is asked for.
  private static final class Noting implements Backend {
    final List<Precision> asked = new ArrayList<>();
    private final Backend processor = new CpuBackend();

    @Override
    public String id() {
      return "noting";
    }

    @Override
    public int preference() {
      return 0;
    }

    @Override
    public Availability availability() {
      return processor.availability();
    }

    @Override
    public List<Check> selfCheck() {
      return List.of();
    }

    @Override
    public GpEngine gpEngine() {
      return processor.gpEngine();
    }

    @Override
    public boolean trains() {
      return true;
    }

    @Override
    public TrainEngine trainEngine(int threads) {
      return processor.trainEngine(threads);
    }

    @Override
    public TrainEngine trainEngine(int threads, Precision precision) {
      asked.add(precision);
      return trainEngine(threads);
    }
  }

  private Assembly assembly(String precision) throws IOException {
    var file = directory.resolve("study.yaml");
    Files.writeString(
        file,
        """
        name: rounded
        objective: {train: softmax, data: iris, fixed: {epochs: 1}%s}
        minimize: log_loss
        space: {learning_rate: {float: [1e-4, 0.1], log: true}}
        sampler: random
        budget: {trials: 2}
        """
            .formatted(precision));
    return new Assembly(StudyFile.read(file, List.of()));
  }

  private TrialRunner runner(Assembly assembly, Backend backend) {
    return assembly.runner(backend, directory.resolve("trials"), TrialWatcher.NONE);
  }

  @Test
  void theBackEndIsAskedForIt() throws IOException {
    for (var precision : Precision.values()) {
      var backend = new Noting();
      var assembly = assembly(", precision: " + precision.key());
      var runner = runner(assembly, backend);
      try (var storage = Storages.memory();
          var study = assembly.study(storage, runner.describe()).openOrCreate()) {
        runner.run(study, Budget.trials(2), 1);
        var view = StudyView.of(storage.read("rounded").orElseThrow());
        assertThat(ResultDocument.of(view)).containsEntry("precision", precision.key());
        assertThat(StudySheet.lines(view, "memory:", null, 80))
            .anyMatch(line -> line.matches("precision +" + precision.key()));
        assertThat(StudySheet.trainedIn(view))
            .isEqualTo(
                precision == Precision.FP32
                    ? List.of()
                    : List.of("Trained with precision: " + precision.key() + "."));
      }
      assertThat(backend.asked).isNotEmpty().containsOnly(precision);
    }
  }

  @Test
  void aStudyGoesOnInItsOwnOnly() throws IOException {
    try (var storage = Storages.memory()) {
      open(storage, ", precision: tf32");
      assertThatExceptionOfType(Problem.class)
          .isThrownBy(() -> open(storage, ""))
          .satisfies(problem -> assertThat(problem.value()).contains("precision"));
      open(storage, ", precision: tf32");
    }
    try (var storage = Storages.memory()) {
      open(storage, "");
      open(storage, ", precision: fp32");
    }
  }

  private void open(Storage storage, String precision) throws IOException {
    var assembly = assembly(precision);
    var runner = runner(assembly, new Noting());
    assembly.study(storage, runner.describe()).openOrCreate().close();
  }
}
