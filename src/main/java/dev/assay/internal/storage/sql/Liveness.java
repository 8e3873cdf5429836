package dev.assay.internal.storage.sql;

import dev.assay.process.ProcessIdentity;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Which workers are gone.
///
/// Whether a process of this machine is no more is known exactly. Of another machine, or from
/// within another container, only the heartbeat can tell; and only once the storage could be
/// written for a while, since nobody's heart beats while it is locked, full or not reached.
/// Heartbeats and the time now are of one clock. Thread-safe.
final class Liveness {
  private final LongSupplier nanoTime;
  private final Lease lease;

  /// By worker: the heartbeat that was seen, and since when.
  private final Map<Long, Seen> seen = new HashMap<>();

  private record Seen(long beatMillis, long sinceNanos) {}

  Liveness(LongSupplier nanoTime) {
    this(nanoTime, Lease.LOCAL);
  }

  Liveness(LongSupplier nanoTime, Lease lease) {
    this.nanoTime = nanoTime;
    this.lease = lease;
  }

  /// As below, of a worker whose lease is as long as everybody's.
  boolean isGone(long worker, ProcessIdentity process, long beatMillis, long nowMillis) {
    return isGone(worker, process, beatMillis, nowMillis, lease.silence().toMillis());
  }

  /// Whether a worker is gone. To be asked now and then, in transactions that write.
  ///
  /// @param beatMillis its last heartbeat
  /// @param leaseMillis how long it may be silent
  synchronized boolean isGone(
      long worker, ProcessIdentity process, long beatMillis, long nowMillis, long leaseMillis) {
    boolean here = process.isHere() && !(lease.timeTells() && process.boot().isEmpty());
    if (here && !lease.timeTells()) {
      return !process.isAlive();
    }
    if (here && !process.isAlive()) {
      return true;
    }
    long now = nanoTime.getAsLong();
    var before = seen.get(worker);
    if (before == null || before.beatMillis() != beatMillis) {
      before = new Seen(beatMillis, now);
      seen.put(worker, before);
    }
    return nowMillis - beatMillis > leaseMillis
        && now - before.sinceNanos() >= lease.watch().toNanos();
  }

  /// The storage could not be written: for all that is known, nobody could.
  synchronized void notWritable() {
    seen.clear();
  }
}
