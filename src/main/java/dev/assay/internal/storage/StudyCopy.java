package dev.assay.internal.storage;

import dev.assay.problem.Problem;
import dev.assay.storage.Storage;
import dev.assay.storage.StorageBusy;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyLog;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;

/// A stored study's trials and facts, written into another study.
public final class StudyCopy {
  private StudyCopy() {}

  /// Copies a study: every trial under its number, in the order in which they ended. One that runs
  /// waits in the copy.
  ///
  /// @throws Problem when the name is taken
  public static void of(StoredStudy from, String name, Storage storage) {
    var facts = from.facts();
    var space = StudyFacts.space(from.definition(), facts);
    try (var copy = storage.create(from.definition().renamed(name))) {
      copy.together(() -> {
        facts.forEach((key, value) -> {
          if (value != null) {
            copy.putFact(key, value);
          }
        });
        from.load(space, trial -> write(trial, copy));
      });
    }
  }

  /// Writes one trial as it stands into a study that does not have its number.
  public static void write(TrialRecord trial, StudyLog log) {
    boolean ends = trial.state().isFinished();
    boolean runs = trial.state() == TrialState.RUNNING;
    try {
      boolean begun =
          log.begin(
              ends ? trial.running(trial.startedMillis()) : runs ? trial.interrupted() : trial);
      if (!begun) {
        throw new Problem(
            "The storage gave a trial of the study to somebody else.",
            "trial " + trial.number(),
            "Write into a study that nobody uses meanwhile.");
      }
      if (ends) {
        trial.reports().forEach(report -> log.report(trial.number(), report));
        boolean _ = log.end(trial);
      }
    } catch (StorageBusy e) {
      throw e.problem();
    }
  }
}
