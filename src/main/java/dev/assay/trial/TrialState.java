package dev.assay.trial;

import java.util.Locale;

/// Where a trial stands.
public enum TrialState {
  /// It has a configuration and will be run: enqueued by a person, or interrupted.
  WAITING,
  RUNNING,
  COMPLETE,
  PRUNED,
  FAILED,
  /// It ended, and a person said that nothing is to be learned from it.
  DISCARDED;

  public boolean isFinished() {
    return this != WAITING && this != RUNNING;
  }

  /// As in JSON answers: `complete`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
