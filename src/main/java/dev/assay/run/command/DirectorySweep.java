package dev.assay.run.command;

import dev.assay.internal.trial.ParetoFront;
import dev.assay.space.Configuration;
import dev.assay.study.Study;
import dev.assay.trial.Cause;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialState;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Removes the files of trials that are not to keep theirs.
final class DirectorySweep {
  private final TrialDirectories directories;
  private final List<Objective> objectives;
  private final CommandRunner.Keep keep;
  private final ReentrantLock sweeping = new ReentrantLock();

  DirectorySweep(
      TrialDirectories directories, List<Objective> objectives, CommandRunner.Keep keep) {
    this.directories = directories;
    this.objectives = objectives;
    this.keep = keep;
  }

  /// One thread after the other: two would take files away from each other.
  ///
  /// @param segments whether trials leave checkpoints for others
  void run(Study<Configuration> study, boolean segments) {
    sweeping.lock();
    try {
      if (segments) {
        directories.sweepCheckpoints(study);
      }
      if (keep.best() < Integer.MAX_VALUE) {
        sweepDirectories(study);
      }
    } finally {
      sweeping.unlock();
    }
  }

  private void sweepDirectories(Study<Configuration> study) {
    var trials = study.trials();
    // What others go on from stays until they did.
    var best = new HashSet<>(Segment.wanted(trials));
    var failed = new HashSet<Integer>();
    var finished = new HashSet<Integer>();
    for (var trial : trials) {
      if (trial.state().isFinished()) {
        finished.add(trial.number());
      }
      if (trial.state() == TrialState.FAILED && trial.cause() != Cause.LOST) {
        failed.add(trial.number());
      }
    }
    var front =
        objectives.size() == 1
            ? trials.stream()
                .filter(trial -> trial.state() == TrialState.COMPLETE && !Confirmation.is(trial))
                .sorted(ParetoFront.bestFirst(objectives.getFirst()))
                .limit(keep.best())
            : study.best().stream();
    front.forEach(trial -> best.add(trial.number()));
    study.confirmed().stream()
        .limit(keep.best())
        .forEach(confirmed -> {
          best.add(confirmed.trial().number());
          confirmed.runs().forEach(run -> best.add(run.number()));
        });
    directories.sweep(
        number -> finished.contains(number) && !best.contains(number), failed::contains);
  }
}
