package dev.assay.internal.desk;

import dev.assay.storage.Overhead;

/// What the search itself cost since it was last stored. Guarded by the study's lock.
final class TimeSpent {
  private long suggestNanos;
  private long storageNanos;

  void onSuggesting(long nanos) {
    suggestNanos += nanos;
  }

  /// @param start as [System#nanoTime] gave it before the storage was called
  void onStorageSince(long start) {
    storageNanos += System.nanoTime() - start;
  }

  Overhead with(double wallSeconds, double idleSeconds) {
    return new Overhead(wallSeconds, suggestNanos * 1e-9, storageNanos * 1e-9, idleSeconds);
  }

  void clear() {
    suggestNanos = 0;
    storageNanos = 0;
  }
}
