package dev.assay.internal.storage.sql;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// A time in which the storage cannot be written: locked, full, failing, not reached. Says so at
/// its beginning, every half minute, and at its end; and keeps attempts apart. One that comes and
/// goes, as on a full disk where small rows still fit, is said once in that time. Thread-safe.
final class Outage {
  private static final Logger LOG = Log.of(Outage.class);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_WORDS = Duration.ofSeconds(30);

  private @Nullable Problem problem;
  private long beganNanos;
  private long triedNanos;
  private long saidNanos;

  /// What was said last was in the way.
  private String said = "";

  /// Whether this outage has not been said, being the last one again.
  private boolean isSilent;

  /// What is in the way now; null: nothing that is known.
  synchronized @Nullable Problem problem() {
    return problem;
  }

  /// What is in the way, where it is not the time to try again yet; else null.
  synchronized @Nullable Problem tooEarly() {
    boolean early = System.nanoTime() - triedNanos < BETWEEN_ATTEMPTS.toNanos();
    return early ? problem : null;
  }

  /// An attempt failed.
  synchronized void failed(Problem reason) {
    long now = System.nanoTime();
    triedNanos = now;
    if (problem == null) {
      beganNanos = now;
      isSilent = said.equals(reason.what()) && now - saidNanos < BETWEEN_WORDS.toNanos();
      if (!isSilent) {
        saidNanos = now;
        said = reason.what();
        LOG.warn(
            "{} ({}) Waiting for it: trials under way go on, what ends meanwhile is kept.",
            reason.what(),
            reason.value());
      }
    } else if (now - saidNanos >= BETWEEN_WORDS.toNanos()) {
      saidNanos = now;
      isSilent = false;
      LOG.warn("{} Waiting for {} s now.", reason.what(), seconds(now));
    }
    problem = reason;
  }

  /// An attempt succeeded.
  synchronized void passed() {
    if (problem != null) {
      if (!isSilent) {
        LOG.warn("The storage can be written again, after {} s.", seconds(System.nanoTime()));
      }
      problem = null;
    }
  }

  private long seconds(long now) {
    return Duration.ofNanos(now - beganNanos).toSeconds();
  }
}
