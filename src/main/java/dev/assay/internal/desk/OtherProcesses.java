package dev.assay.internal.desk;

import dev.assay.storage.StudyLog;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.BitSet;

/// What other processes do with the same study. Guarded by the study's lock.
final class OtherProcesses {
  /// Between two looks at whether they are gone.
  private static final long RECLAIM_NANOS = 1_000_000_000L;

  private final StudyLog log;
  private final SearchTask task;
  private final Ledger ledger;
  private final int restarts;

  /// Trials that run in this process's hands.
  private final BitSet mine = new BitSet();

  private int mineCount;

  private long reclaimedNanos = System.nanoTime();

  /// @param restarts how often a trial may be started again
  OtherProcesses(StudyLog log, SearchTask task, Ledger ledger, int restarts) {
    this.log = log;
    this.task = task;
    this.ledger = ledger;
    this.restarts = restarts;
  }

  /// A trial from the storage, which keeps neither bounds nor whether they held.
  static TrialRecord judged(TrialRecord trial, SearchTask task) {
    return trial.state().isFinished() ? trial.under(task.constraints(), task.objectives()) : trial;
  }

  /// A trial runs in this process's hands from now on.
  void take(int trial) {
    mineCount += mine.get(trial) ? 0 : 1;
    mine.set(trial);
  }

  /// A trial is not in this process's hands any more.
  void leave(int trial) {
    mineCount -= mine.get(trial) ? 1 : 0;
    mine.clear(trial);
  }

  /// Whether a trial runs in this process's hands.
  boolean isMine(int trial) {
    return mine.get(trial);
  }

  /// Whether trials run in the hands of others.
  boolean areBusy() {
    return ledger.count(TrialState.RUNNING) > mineCount;
  }

  /// Takes note of what others did, and of those that are gone.
  ///
  /// @return whether there was anything
  boolean follow() {
    if (areBusy() && System.nanoTime() - reclaimedNanos > RECLAIM_NANOS) {
      reclaimedNanos = System.nanoTime();
      log.reclaim(restarts);
    }
    if (!log.changed()) {
      return false;
    }
    log.follow(
        task.space(), ledger.unfinishedExcept(mine::get), ledger.nextNumber(), this::observe);
    return true;
  }

  private void observe(TrialRecord trial) {
    ledger.observe(judged(trial, task));
    if (trial.state() == TrialState.RUNNING) {
      ledger.report(trial.number(), trial.reports());
    }
  }
}
