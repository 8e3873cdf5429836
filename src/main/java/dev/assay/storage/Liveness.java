package dev.assay.storage;

import dev.assay.process.ProcessIdentity;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Which workers are gone.
///
/// Whether a process of this machine lives is known exactly. Of another machine, or from within
/// another container, only the heartbeat can tell; and only once the file could be written for a
/// while, since nobody's heart beats while it is locked or full. Thread-safe.
final class Liveness {
  /// A worker that seems gone is, if it did not beat either while this process saw it for so long,
  /// the file being writable.
  private static final Duration WATCH = Duration.ofSeconds(20);

  private final LongSupplier nanoTime;

  /// By worker: the heartbeat that was seen, and since when.
  private final Map<Long, Seen> seen = new HashMap<>();

  private record Seen(long beatMillis, long sinceNanos) {}

  Liveness(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// Whether a worker is gone. To be asked now and then, in transactions that write.
  ///
  /// @param beatMillis its last heartbeat
  synchronized boolean isGone(
      long worker, ProcessIdentity process, long beatMillis, long nowMillis) {
    if (process.isHere()) {
      return !process.isAlive();
    }
    long now = nanoTime.getAsLong();
    var before = seen.get(worker);
    if (before == null || before.beatMillis() != beatMillis) {
      before = new Seen(beatMillis, now);
      seen.put(worker, before);
    }
    return process.isGone(beatMillis, nowMillis) && now - before.sinceNanos() >= WATCH.toNanos();
  }

  /// The file could not be written: for all that is known, nobody could.
  synchronized void notWritable() {
    seen.clear();
  }
}
