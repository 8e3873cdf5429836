package dev.assay.internal.storage.sql;

import java.time.Duration;

/// How long a process is silent between two notes that a study changed.
///
/// Everybody hears every note, so that N processes that speak as they like cost the server N²
/// deliveries. They share a rate instead: who hears more than that of all speaks more seldom. Since
/// any note lets everybody look at all that is new, nobody learns of anything later for it; only
/// the last note before all are silent may come as late as a process's own pause.
final class NotePace {
  static final Duration SHORTEST = Duration.ofMillis(20);
  static final Duration LONGEST = Duration.ofMillis(500);

  /// Notes that all processes together may write in a second.
  static final double RATE = 400;

  private Duration pause = SHORTEST;

  /// The next pause.
  ///
  /// @param notes that were heard in the time since the last call, of whomever
  Duration next(long notes, Duration time) {
    double seconds = Math.max(1e-3, time.toNanos() * 1e-9);
    double factor = Math.clamp(notes / seconds / RATE, 0.5, 2);
    long nanos = Math.round(pause.toNanos() * factor);
    pause = Duration.ofNanos(Math.clamp(nanos, SHORTEST.toNanos(), LONGEST.toNanos()));
    return pause;
  }
}
