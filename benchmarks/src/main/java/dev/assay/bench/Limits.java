package dev.assay.bench;

import dev.assay.problem.Problem;

/// What the numbers of options may be.
public final class Limits {
  private Limits() {}

  /// @throws Problem when the value is smaller
  public static void atLeast(int least, String option, int value) {
    if (value < least) {
      throw new Problem(
          "The number is too small.",
          option + " " + value,
          "Give a whole number from " + least + ".");
    }
  }
}
