package dev.assay.trial;

import java.util.Locale;

/// Why a trial failed.
public enum Cause {
  /// The objective threw, or the program ended with an error.
  ERROR,
  /// A value was NaN or infinite.
  NOT_FINITE,
  /// Training diverged.
  DIVERGED,
  /// It ran longer than it was allowed to.
  TIMEOUT,
  /// A signal ended it.
  KILLED,
  /// Memory ran out, on the host or the device.
  OUT_OF_MEMORY,
  /// It ended without a value.
  NO_VALUE,
  /// Whoever asked for it told that it failed.
  REPORTED,
  /// Whoever ran it is gone.
  LOST;

  /// As in JSON answers: `out_of_memory`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
