package dev.assay.study;

import dev.assay.problem.Problem;

/// How many trials run at once.
public record Workers(int count) {
  public Workers {
    if (count < 1) {
      throw new Problem(
          "At least one worker is needed.", "parallel " + count, "Give a whole number from 1.");
    }
  }

  public static Workers of(int count) {
    return new Workers(count);
  }
}
