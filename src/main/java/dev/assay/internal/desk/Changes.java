package dev.assay.internal.desk;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where those wait who were answered that there is no trial now, and the pause that makes them.
/// Guarded by the study's lock.
final class Changes {
  private final Condition changed;
  private boolean paused;
  private long version;

  /// @param lock the study's
  Changes(ReentrantLock lock) {
    changed = lock.newCondition();
  }

  /// Counts changes.
  long version() {
    return version;
  }

  boolean isPaused() {
    return paused;
  }

  void setPaused(boolean value) {
    paused = value;
    announce();
  }

  /// Wakes everybody: the next answer may be another.
  void announce() {
    version++;
    changed.signalAll();
  }

  /// Waits for one change, letting the lock go meanwhile.
  ///
  /// @param most nanoseconds to wait; 0 or less: not at all
  void await(long most) throws InterruptedException {
    if (most > 0) {
      long _ = changed.awaitNanos(most);
    }
  }
}
