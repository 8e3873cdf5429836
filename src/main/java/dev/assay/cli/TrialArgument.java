package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.trial.TrialRecord;

/// TRIAL on the command line: a trial's number.
final class TrialArgument {
  private TrialArgument() {}

  /// @throws Problem where the study has no such trial
  static TrialRecord of(StudyView view, int number) {
    return view.trials().stream()
        .filter(trial -> trial.number() == number)
        .findFirst()
        .orElseThrow(() ->
            new Problem(
                "There is no trial of that number.",
                view.name() + ", trial " + number,
                view.trials().isEmpty()
                    ? "It has none yet."
                    : "They go up to "
                        + view.trials().getLast().number()
                        + "; `assay trials "
                        + view.name()
                        + "` lists them."));
  }
}
