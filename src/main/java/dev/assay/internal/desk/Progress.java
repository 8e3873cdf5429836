package dev.assay.internal.desk;

import dev.assay.internal.trial.FailureWords;
import dev.assay.internal.trial.ParetoFront;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Direction;
import dev.assay.trial.FailureLimit;
import dev.assay.trial.Objective;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
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

  /// The trials before this one failed in earlier runs.
  private final int from;

  /// Whether any trial came to something: a value, or reports that a pruner judged.
  private boolean worked;

  private int failed;

  /// How many trials in a row failed in the same way as the last one, and which way that is.
  private int alike;

  private @Nullable Cause cause;
  private String words = "";

  /// @param from how many trials of earlier runs stand first
  Progress(List<Objective> objectives, int from) {
    this.objectives = objectives;
    this.from = from;
    direction = objectives.getFirst().direction();
  }

  /// Takes note of the trials that became visible since the last call.
  void advance(Ledger ledger) {
    for (; seen < ledger.settledSize(); seen++) {
      var trial = ledger.settled(seen);
      sinceBest++;
      switch (trial.state()) {
        case COMPLETE, PRUNED -> worked = true;
        case FAILED -> failed(trial);
        case WAITING, RUNNING, DISCARDED -> {}
      }
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

  private void failed(TrialRecord trial) {
    if (seen < from) {
      return;
    }
    failed++;
    var now = FailureWords.alike(trial.detail().lines().findFirst().orElse(""));
    alike = trial.cause() == cause && now.equals(words) ? alike + 1 : 1;
    cause = trial.cause();
    words = now;
  }

  private @Nullable StopReason failures(FailureLimit limit) {
    return switch (limit) {
      case FailureLimit.None() -> null;
      case FailureLimit.Any(int trials) -> failed >= trials ? StopReason.FAILURES : null;
      case FailureLimit.Alike() ->
          !worked && cause != null && alike >= FailureLimit.Alike.most(cause)
              ? StopReason.FAILED_ALIKE
              : null;
    };
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
    return failures(budget.failures());
  }
}
