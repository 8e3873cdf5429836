package dev.assay.run.command;

import java.util.ArrayList;
import java.util.List;

/// Notices a program that seems to ignore its seed: then repeats only cost time.
final class EqualRuns {
  /// So many of the first trials are asked.
  private static final int ENOUGH = 3;

  private final List<Integer> equal = new ArrayList<>();
  private boolean settled;

  /// @param areEqual whether the trial had several runs, and all came to the same
  /// @return the trials that show it, once they are enough; otherwise none
  synchronized List<Integer> note(int trial, boolean areEqual) {
    settled |= !areEqual;
    if (settled) {
      return List.of();
    }
    equal.add(trial);
    settled = equal.size() == ENOUGH;
    return settled ? List.copyOf(equal) : List.of();
  }
}
