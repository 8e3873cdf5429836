package dev.assay.trial;

import dev.assay.problem.Problem;

/// When failures end a search. Counted from when the study was opened, so that the same search goes
/// on once what failed is mended.
public sealed interface FailureLimit {
  /// Whatever fails, it goes on.
  record None() implements FailureLimit {}

  /// It ends when so many trials have failed, for whatever reason.
  ///
  /// @param trials at least 1
  record Any(int trials) implements FailureLimit {
    public Any {
      if (trials < 1) {
        throw new Problem(
            "A limit of failures must allow one.",
            "failures " + trials,
            "Give a whole number of 1 or more, or no limit.");
      }
    }
  }

  /// It ends when no trial of the study ever came to anything, and the last ones all failed in the
  /// same way: [#ERRORS] of them, or [#CONFIGURED] where another configuration may end otherwise.
  record Alike() implements FailureLimit {
    /// So many programs in a row that end with an error, or without a value.
    static final int ERRORS = 5;

    /// So many in a row that diverge, take too long or too much memory.
    static final int CONFIGURED = 20;

    /// How many in a row are enough.
    public static int most(Cause cause) {
      return switch (cause) {
        case ERROR, NO_VALUE, KILLED, REPORTED, LOST -> ERRORS;
        case NOT_FINITE, DIVERGED, TIMEOUT, OUT_OF_MEMORY -> CONFIGURED;
      };
    }
  }
}
