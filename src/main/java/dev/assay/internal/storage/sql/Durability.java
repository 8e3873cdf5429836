package dev.assay.internal.storage.sql;

/// Whether the end of a trial waits until the disk has it. Whatever is chosen, what was told
/// survives the death of the process; this is about power failures.
public enum Durability {
  /// [#FULL] for trials that took longer than a second: beside those the disk's few milliseconds
  /// are nothing.
  AUTO,
  /// Never waits: a power failure may take the last moments.
  NORMAL,
  /// Always waits.
  FULL;

  /// Trials that took this long are worth the wait.
  private static final double SECONDS = 1;

  boolean waits(double trialSeconds) {
    return this == FULL || this == AUTO && trialSeconds > SECONDS;
  }
}
