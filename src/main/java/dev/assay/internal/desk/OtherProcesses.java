package dev.assay.internal.desk;

import dev.assay.storage.StudyLog;
import dev.assay.trial.Report;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What other processes do with the same study. Guarded by the study's lock.
final class OtherProcesses {
  /// Between two looks at whether they are gone.
  private static final long RECLAIM_NANOS = 1_000_000_000L;

  private final StudyLog log;
  private final SearchTask task;
  private final Ledger ledger;
  private final Map<Integer, List<Report>> running;
  private final int restarts;

  /// Trials that run in this process's hands.
  private final Set<Integer> mine = new HashSet<>();

  private long reclaimedNanos = System.nanoTime();

  /// @param running the reports of trials that run, by number; kept up here for those of others
  /// @param restarts how often a trial may be started again
  OtherProcesses(
      StudyLog log,
      SearchTask task,
      Ledger ledger,
      Map<Integer, List<Report>> running,
      int restarts) {
    this.log = log;
    this.task = task;
    this.ledger = ledger;
    this.running = running;
    this.restarts = restarts;
  }

  /// A trial from the storage, which keeps neither bounds nor whether they held.
  static TrialRecord judged(TrialRecord trial, SearchTask task) {
    return trial.state().isFinished() ? trial.under(task.constraints(), task.objectives()) : trial;
  }

  /// A trial runs in this process's hands from now on.
  void take(int trial) {
    mine.add(trial);
  }

  /// A trial is not in this process's hands any more.
  void leave(int trial) {
    mine.remove(trial);
  }

  /// Whether a trial runs in this process's hands.
  boolean isMine(int trial) {
    return mine.contains(trial);
  }

  /// Whether trials run in the hands of others.
  boolean areBusy() {
    return ledger.count(TrialState.RUNNING) > mine.size();
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
    log.follow(task.space(), ledger.unfinishedExcept(mine), ledger.nextNumber(), this::observe);
    return true;
  }

  private void observe(TrialRecord trial) {
    ledger.observe(judged(trial, task));
    boolean shown =
        trial.state() == TrialState.RUNNING && task.batch() == 0 && !trial.reports().isEmpty();
    if (shown) {
      running.put(trial.number(), trial.reports());
    } else {
      running.remove(trial.number());
    }
  }
}
