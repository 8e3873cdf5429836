package dev.assay.remote;

import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// A trial that this worker runs, and what was said of it. Guarded by [#lock].
final class Hand {
  final ReentrantLock lock = new ReentrantLock();
  final TrialRecord trial;
  private final List<Report> reports = new ArrayList<>();

  /// How many of the reports the owner has.
  private int told;

  private int epoch;
  boolean prune;

  /// Read without the lock by who counts what it has.
  volatile boolean lost;

  Hand(TrialRecord trial, int epoch) {
    this.trial = trial;
    this.epoch = epoch;
  }

  Messages.Held held() {
    lock.lock();
    try {
      return new Messages.Held(trial.number(), epoch);
    } finally {
      lock.unlock();
    }
  }

  int epoch() {
    return epoch;
  }

  List<Report> reports() {
    return reports;
  }

  /// Another owner has taken it over, which knows nothing of its reports.
  void renew(int newEpoch) {
    lock.lock();
    try {
      epoch = newEpoch;
      told = 0;
    } finally {
      lock.unlock();
    }
  }

  /// Reports that the owner has not, at most so many.
  List<Messages.Step> untold(int most) {
    return reports.subList(told, Math.min(reports.size(), told + most)).stream()
        .map(report ->
            new Messages.Step(
                report.step(), report.values().stream().mapToDouble(Double::doubleValue).toArray()))
        .toList();
  }

  void told(int count) {
    told += count;
  }
}
