package dev.assay.study;

import dev.assay.problem.Problem;

/// What runs trials in this process.
///
/// @param count how many trials run at once
/// @param virtual whether on virtual threads: for trials that wait for others most of the time
/// @param ahead whether the next trial is proposed while those before it still run, so that it can
///   start at once when one ends; it knows of one outcome less then
public record Workers(int count, boolean virtual, boolean ahead) {
  public Workers {
    if (count < 1) {
      throw new Problem(
          "At least one worker is needed.", "parallel " + count, "Give a whole number from 1.");
    }
  }

  /// Threads of the system, each proposing when it needs a trial.
  public static Workers of(int count) {
    return new Workers(count, false, false);
  }

  public Workers onVirtualThreads() {
    return new Workers(count, true, ahead);
  }

  public Workers proposingAhead() {
    return new Workers(count, virtual, true);
  }
}
