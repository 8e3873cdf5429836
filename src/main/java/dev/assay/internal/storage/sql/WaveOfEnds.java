package dev.assay.internal.storage.sql;

import org.jspecify.annotations.Nullable;

/// Ends of many trials that wait for the disk together, of one thread at a time: others that come
/// meanwhile wait at each end, as ever.
final class WaveOfEnds {
  private final Runnable harden;
  private @Nullable Thread owner;
  private boolean owes;

  /// @param harden returns when the disk has what was written before
  WaveOfEnds(Runnable harden) {
    this.harden = harden;
  }

  void run(Runnable work) {
    boolean isOwn;
    synchronized (this) {
      isOwn = owner == null;
      if (isOwn) {
        owner = Thread.currentThread();
      }
    }
    try {
      work.run();
    } finally {
      if (isOwn && done()) {
        harden.run();
      }
    }
  }

  /// Whether a trial that ends on this thread need not wait for the disk by itself.
  synchronized boolean takes() {
    boolean taken = owner == Thread.currentThread();
    owes |= taken;
    return taken;
  }

  private synchronized boolean done() {
    boolean owed = owes;
    owner = null;
    owes = false;
    return owed;
  }
}
