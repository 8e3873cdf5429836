package dev.assay.internal.storage.sql;

import java.time.Duration;

/// How those who run a study show that they live, and when one is taken for gone.
///
/// @param heartbeat between two signs of life
/// @param silence without a sign for so long a worker seems gone
/// @param watch one that seems gone is, if it gave no sign either while this process could read and
///   write for so long
/// @param timeTells whether a process that lives is nevertheless gone once its time is over: where
///   others are, who cannot look it up, only time tells, and all are to find the same
/// @param reclaim between two looks for who is gone
record Lease(
    Duration heartbeat, Duration silence, Duration watch, boolean timeTells, Duration reclaim) {
  /// Of processes that share a machine: most are looked up.
  static final Lease LOCAL =
      new Lease(
          Duration.ofSeconds(10),
          Duration.ofSeconds(90),
          Duration.ofSeconds(20),
          false,
          Duration.ZERO);

  /// Of processes anywhere.
  static Lease of(Duration silence) {
    return new Lease(
        silence.dividedBy(12), silence, silence.dividedBy(4), true, silence.dividedBy(12));
  }
}
