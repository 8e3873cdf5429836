package dev.assay.study;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far the search has come, as far as stopping is concerned: judged by visible trials only, so
/// that a study in batch mode stops at the same trial on any number of workers.
final class Progress {
  private final List<Objective> objectives;
  private final Direction direction;

  /// The trials so far that no other dominates.
  private final List<TrialRecord> front = new ArrayList<>();

  private int seen;
  private double best = Double.NaN;
  private int sinceBest;

  Progress(List<Objective> objectives) {
    this.objectives = objectives;
    direction = objectives.getFirst().direction();
  }

  /// Takes note of the trials that became visible since the last call.
  void advance(List<TrialRecord> visible) {
    for (; seen < visible.size(); seen++) {
      var trial = visible.get(seen);
      sinceBest++;
      if (trial.state() != TrialState.COMPLETE) {
        continue;
      }
      if (trial.isFeasible() && (Double.isNaN(best) || direction.better(trial.value(), best))) {
        best = trial.value();
      }
      if (ParetoFront.add(front, trial, objectives)) {
        sinceBest = 0;
      }
    }
  }

  @Nullable StopReason reached(Budget budget) {
    if (budget.target() != null
        && !Double.isNaN(best)
        && !direction.better(budget.target(), best)) {
      return StopReason.TARGET;
    }
    if (budget.patience() != null && sinceBest >= budget.patience()) {
      return StopReason.NO_IMPROVEMENT;
    }
    return null;
  }
}
