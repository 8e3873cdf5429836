package dev.assay.train;

import dev.assay.problem.Problem;

/// What the design names and this version does not have: its names are known, so that they get a
/// better answer than "unknown".
final class NotYet {
  private NotYet() {}

  /// @param what as the subject of a sentence
  /// @param value what the user wrote, and where
  /// @param mend what to do today
  static Problem problem(String what, String value, String mend) {
    return new Problem(what + " is not available in this version.", value, mend);
  }
}
