package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialState;

/// What is said about the end of a study, beyond its reason.
final class StopWords {
  private StopWords() {}

  static Problem alike(StudyView view) {
    var failed =
        view.trials().stream().filter(trial -> trial.state() == TrialState.FAILED).toList();
    var last = failed.getLast();
    var cause = last.cause() == null ? "failed" : last.cause().word().replace('_', ' ');
    return new Problem(
        "Every trial failed in the same way, so the study stopped.",
        failed.size() + " trials, " + cause + ": " + last.detail().lines().findFirst().orElse(""),
        "Mend that and run the same command, which goes on (assay log "
            + view.name()
            + " "
            + last.number()
            + " shows what it printed); with budget: {failures: none} it goes on regardless.");
  }

  static String underWay(StopReason reason, boolean cut) {
    if (reason != StopReason.TIME) {
      return ".";
    }
    return cut
        ? "; trials that were under way wait for the next run."
        : "; trials that were under way went on to their end.";
  }
}
