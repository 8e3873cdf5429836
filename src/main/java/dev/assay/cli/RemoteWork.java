package dev.assay.cli;

import dev.assay.device.BackendSelector;
import dev.assay.problem.Problem;
import dev.assay.remote.RemoteStudy;
import dev.assay.run.Machine;
import dev.assay.run.Provenance;
import dev.assay.run.TrialRunner;
import dev.assay.run.command.TrialWatcher;
import dev.assay.space.Configuration;
import dev.assay.spec.Assembly;
import dev.assay.spec.StudyFile;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs trials of a study that a process elsewhere owns.
///
/// @param spec its study file
/// @param trialsAtOnce null: as many as the study file says
/// @param patience how long its owner may be away
record RemoteWork(
    Console console,
    StudyFile spec,
    String backend,
    @Nullable Integer trialsAtOnce,
    Duration patience,
    boolean quiet) {
  /// @return the exit code
  int run(RemoteStudy remote) {
    Hosting.refuseCheckpointsOfOthers(
        spec, "Join through the database: assay work postgresql://USER@HOST/DB#NAME.");
    var chosen = new BackendSelector().trainer(backend);
    var assembly = new Assembly(spec);
    var trials = StudyPlace.current().trials(spec.name());
    var runner = spec.locate(() -> assembly.runner(chosen, trials, TrialWatcher.NONE));
    var differences = remote.differences(runner.describe());
    if (!differences.isEmpty()) {
      throw new Problem(
          "What the study's trials run is something else here.",
          spec.name() + ": " + String.join("; ", differences),
          "Bring this machine's programs, data and variables up to the owner's.");
    }
    int parallel = trialsAtOnce == null ? Math.max(1, spec.parallel()) : trialsAtOnce;
    if (parallel < 1) {
      throw new Problem("A worker runs trials.", "--parallel " + parallel, "Give 1 or more.");
    }
    var builder = assembly.study(new InMemoryStorage(), runner.describe());
    builder.attribute(Whereabouts.attribute());
    var progress = new ProgressDisplay(console, spec.objectives(), null);
    if (!quiet) {
      builder.listener(progress);
    }
    var main = Thread.currentThread();
    try (var study = remote.join(builder, machine(), parallel, patience, main::interrupt)) {
      return finish(study, work(study, runner, parallel, progress));
    }
  }

  private static Map<String, @Nullable Object> machine() {
    var machine = new LinkedHashMap<String, @Nullable Object>(Provenance.now());
    machine.put("host", Machine.host());
    return machine;
  }

  private StopReason work(
      Study<Configuration> study, TrialRunner runner, int parallel, ProgressDisplay progress) {
    if (!quiet) {
      progress.begin(study.trials(), runner::status);
    }
    try (var _ = new Interruption(Thread.currentThread(), runner::kill, console)) {
      return runner.run(study, Budget.UNLIMITED, parallel).reason();
    } finally {
      progress.end();
    }
  }

  private int finish(Study<?> study, StopReason reason) {
    if (!quiet) {
      int all = study.trials().size();
      console.line(
          "Ran "
              + all
              + (all == 1 ? " trial" : " trials")
              + " of "
              + study.name()
              + " ("
              + study.count(TrialState.COMPLETE)
              + " complete). Stopped because "
              + reason.words()
              + ".");
    }
    return reason == StopReason.INTERRUPTED ? ExitCode.INTERRUPTED : ExitCode.DONE;
  }
}
