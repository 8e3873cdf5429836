package dev.assay.bench.training;

import dev.assay.device.Backend;
import dev.assay.device.BackendSelector;
import dev.assay.run.trainer.TrainerRunner;
import dev.assay.spec.Assembly;
import dev.assay.spec.StudyFile;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Overhead;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.util.List;

/// A study file of the examples, run in memory on the processor.
///
/// @param wall seconds of the search, without reading the data
record StudyRun(
    StudyFile file,
    TrainerRunner runner,
    List<TrialRecord> trials,
    List<TrialRecord> best,
    double wall,
    Overhead overhead) {

  static Backend backend() {
    return new BackendSelector().choose("cpu");
  }

  /// The directory of the project's study files.
  static Path examples() {
    return Path.of(System.getProperty("assay.home", ".")).resolve("examples");
  }

  static StudyRun of(Path path, List<String> overrides) {
    var file = StudyFile.read(path, overrides);
    var assembly = new Assembly(file);
    var runner = (TrainerRunner) assembly.runner(backend());
    try (var storage = new InMemoryStorage();
        var study = assembly.study(storage, runner.describe()).openOrCreate()) {
      long start = System.nanoTime();
      var _ = runner.run(study, file.budget(), file.parallel());
      return new StudyRun(
          file,
          runner,
          study.trials(),
          study.best(),
          (System.nanoTime() - start) * 1e-9,
          study.overhead());
    }
  }

  int count(TrialState state) {
    return Math.toIntExact(trials.stream().filter(t -> t.state() == state).count());
  }

  /// Epochs of all trials, a fold as one.
  int epochs() {
    return trials.stream()
        .filter(t -> !t.reports().isEmpty())
        .mapToInt(t -> Math.toIntExact(t.reports().getLast().step()))
        .sum();
  }
}
