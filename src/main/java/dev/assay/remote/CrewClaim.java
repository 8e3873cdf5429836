package dev.assay.remote;

import dev.assay.space.Configuration;
import dev.assay.study.Trial;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A trial in the hands of a worker.
final class CrewClaim {
  final Trial<Configuration> trial;
  final CrewMember member;
  final int epoch;

  /// One request after the other works on it.
  final ReentrantLock turn = new ReentrantLock();

  private long lastStep = Long.MIN_VALUE;
  volatile boolean prune;

  /// How it ended; null before that. Requests that come once more are answered with it.
  volatile Messages.@Nullable Kept kept;

  CrewClaim(Trial<Configuration> trial, CrewMember member) {
    this.trial = trial;
    this.member = member;
    epoch = trial.restarts();
  }

  /// Whether others have it, or nobody. While a request about it is worked on that is not known: a
  /// trial whose end is being told runs no more, and may be kept.
  ///
  /// @param isLost whether one that did not end is lost
  boolean isKnownLost(BooleanSupplier isLost) {
    if (!turn.tryLock()) {
      return false;
    }
    try {
      var ended = kept;
      return ended == null ? isLost.getAsBoolean() : !ended.kept();
    } finally {
      turn.unlock();
    }
  }

  /// Takes what was not taken before.
  void report(List<Messages.Step> steps) {
    for (var step : steps) {
      if (step.step() > lastStep) {
        prune = trial.report(step.step(), step.values()).prune();
        lastStep = step.step();
      }
    }
  }
}
