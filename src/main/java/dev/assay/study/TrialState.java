package dev.assay.study;

import java.util.Locale;

/// Where a trial stands.
public enum TrialState {
  /// It has a configuration and will be run: enqueued by a person, or interrupted.
  WAITING,
  RUNNING,
  COMPLETE,
  PRUNED,
  FAILED;

  public boolean isFinished() {
    return this == COMPLETE || this == PRUNED || this == FAILED;
  }

  /// As in JSON answers: `complete`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
