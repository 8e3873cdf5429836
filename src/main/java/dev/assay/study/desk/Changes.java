package dev.assay.study.desk;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;

/// Where those wait who were answered that there is no trial now, and the pause that makes them.
/// Guarded by the study's lock, but for waiting itself.
public final class Changes {
  private final ReentrantLock lock;
  private final Condition changed;
  private boolean paused;
  private long version;

  /// @param lock the study's
  public Changes(ReentrantLock lock) {
    this.lock = lock;
    changed = lock.newCondition();
  }

  /// Counts changes.
  public long version() {
    return version;
  }

  public boolean isPaused() {
    return paused;
  }

  public void setPaused(boolean value) {
    paused = value;
    announce();
  }

  /// Wakes everybody: the next answer may be another.
  public void announce() {
    version++;
    changed.signalAll();
  }

  /// Waits for one change.
  ///
  /// @param patience how many nanoseconds to wait at most, as decided under the lock from those
  ///   given; 0 or less: not at all
  public void await(long nanos, LongUnaryOperator patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long most = patience.applyAsLong(nanos);
      if (most > 0) {
        long _ = changed.awaitNanos(most);
      }
    } finally {
      lock.unlock();
    }
  }
}
