package dev.assay.cli;

import dev.assay.study.Result;
import dev.assay.trial.StopReason;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends a search, with its trials under way, when its time is used: as an [Interruption] does, but
/// for the reason.
final class TimeCut implements AutoCloseable {
  private final @Nullable ScheduledExecutorService timer;
  private boolean cut;
  private boolean over;

  /// @param searching the thread to interrupt
  /// @param limit null: never
  TimeCut(Thread searching, @Nullable Duration limit) {
    if (limit == null) {
      timer = null;
      return;
    }
    timer = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    var _ = timer.schedule(() -> end(searching), limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  private synchronized void end(Thread searching) {
    if (!over) {
      cut = true;
      searching.interrupt();
    }
  }

  /// Whether trials under way were ended.
  synchronized boolean happened() {
    return cut;
  }

  /// The result of a search that this may have ended.
  <C> Result<C> of(Result<C> result) {
    return happened() && result.reason() == StopReason.INTERRUPTED
        ? new Result<>(result.front(), StopReason.TIME, result.overhead(), result.expected())
        : result;
  }

  /// The search is over: what follows it is not interrupted by the time.
  @Override
  public synchronized void close() {
    over = true;
    if (timer != null) {
      timer.shutdownNow();
    }
    if (cut) {
      boolean _ = Thread.interrupted();
    }
  }
}
