package dev.assay.study.desk;

import dev.assay.storage.Overhead;

/// What the search itself cost since it was last stored. Guarded by the study's lock.
public final class TimeSpent {
  private long suggestNanos;
  private long storageNanos;

  public void onSuggesting(long nanos) {
    suggestNanos += nanos;
  }

  /// @param start as [System#nanoTime] gave it before the storage was called
  public void onStorageSince(long start) {
    storageNanos += System.nanoTime() - start;
  }

  public Overhead with(double wallSeconds, double idleSeconds) {
    return new Overhead(wallSeconds, suggestNanos * 1e-9, storageNanos * 1e-9, idleSeconds);
  }

  public void clear() {
    suggestNanos = 0;
    storageNanos = 0;
  }
}
