package dev.assay.internal.desk;

import dev.assay.storage.StudyLog;
import dev.assay.trial.Budget;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is known of a study's trials while it is open, and of those who run them. To be had by
/// [DeskLock#take] alone, until it is closed.
final class Books implements AutoCloseable {
  private final ReentrantLock lock;
  private final StudyLog log;
  private final SearchTask task;

  final Ledger ledger;
  final Changes changes;
  final Confirmations confirmations;
  final OtherProcesses others;
  final TimeSpent spent = new TimeSpent();

  private Progress progress;

  /// How many trials were settled when the study was opened.
  private int stored;

  /// How long those ran.
  private double storedSeconds;

  Books(ReentrantLock lock, Terms terms, SearchTask task, StudyLog log) {
    this.lock = lock;
    this.log = log;
    this.task = task;
    ledger = new Ledger(task.batch(), task.space().isFinite());
    changes = new Changes(lock);
    confirmations = new Confirmations(terms.confirmation(), ledger);
    others = new OtherProcesses(log, task, ledger, terms.restarts());
    progress = new Progress(task.objectives(), 0);
  }

  /// After the last trial was restored: from here on trials are this run's.
  void begin() {
    ledger.restored();
    stored = ledger.settledSize();
    storedSeconds = ledger.settled().stream().mapToDouble(TrialRecord::seconds).sum();
    judgeAnew();
  }

  /// Judges anew how far the search has come: trials were discarded, or taken back.
  void judgeAnew() {
    progress = new Progress(task.objectives(), stored);
    progress.advance(ledger);
  }

  /// A run's budget with the time that earlier runs took.
  Budget whole(Budget budget) {
    var time = budget.time();
    return time == null ? budget : budget.within(time.plusNanos((long) (storedSeconds * 1e9)));
  }

  /// Why a budget ends the search; null while it does not.
  @Nullable StopReason reached(Budget budget) {
    return progress.reached(budget);
  }

  /// Begins a trial, or puts it in line: stores it, and takes note.
  ///
  /// @param isNew whether it has a number that no trial had
  /// @return null when another process has taken the trial or its number; it is known then
  @Nullable TrialRecord begin(TrialRecord trial, boolean isNew) {
    long start = System.nanoTime();
    boolean held = log.begin(trial);
    spent.onStorageSince(start);
    if (!held) {
      followOthers();
      return null;
    }
    if (isNew) {
      ledger.add(trial);
    } else {
      ledger.update(trial);
    }
    if (trial.state() == TrialState.RUNNING) {
      others.take(trial.number());
    }
    return trial;
  }

  /// A trial is not in this process's hands any more.
  ///
  /// @param left as it is now; null where it is in the hands of others, which are looked at
  void leave(int number, @Nullable TrialRecord left) {
    others.leave(number);
    if (left != null) {
      ledger.update(left);
    }
  }

  /// A trial ended: it may count from now on.
  void advance() {
    progress.advance(ledger);
    changes.announce();
  }

  /// Takes note of what other processes did.
  void followOthers() {
    if (others.follow()) {
      advance();
    }
  }

  @Override
  public void close() {
    lock.unlock();
  }
}
