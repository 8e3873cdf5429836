package dev.assay.kernel;

import java.util.Locale;

/// What became of a kernel, in the words of the T4 format for results of tuning.
public enum Invalidity {
  CORRECT,
  /// It does not compile.
  COMPILE,
  /// It cannot be launched, or failed while it ran.
  RUNTIME,
  /// It wrote something else than the reference.
  CORRECTNESS,
  /// It did not end in time.
  TIMEOUT;

  /// As in files: `correct`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
