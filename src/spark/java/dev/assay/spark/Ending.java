package dev.assay.spark;

import java.io.Serializable;

/// How a worker ended.
///
/// @param code its exit code; [#NO_PROGRAM] where it could not be started, [#LOST] where its
///   executor is gone
/// @param said its last lines
record Ending(int code, String said) implements Serializable {
  /// The study is done.
  static final int DONE = 0;

  /// The worker was refused, or refuses what it is to run: it would be again.
  static final int REFUSED = 2;

  static final int NO_PROGRAM = 127;
  static final int LOST = -1;

  /// Whether the same would happen again at the same place.
  boolean isForGood() {
    return code == DONE || code == REFUSED || code == NO_PROGRAM;
  }
}
