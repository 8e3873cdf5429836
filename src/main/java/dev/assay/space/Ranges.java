package dev.assay.space;

import dev.assay.problem.Problem;

/// What float and integer ranges share.
final class Ranges {
  /// The rounding error of a unit value that went through a logarithm, generously.
  private static final double UNIT_ERROR = 1e-14;

  private Ranges() {}

  /// A number as people write it: `1e-4`, `1`, `0.25`.
  static String plain(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e15
        ? Long.toString((long) x)
        : Double.toString(x).replace(".0E", "e").replace('E', 'e');
  }

  static Problem swapped(Object low, Object high) {
    return new Problem(
        "The low bound of a range must not exceed the high bound.",
        "low " + low + ", high " + high,
        "Maybe swap the bounds.");
  }

  static Problem logTouchesZero(Object low) {
    return new Problem(
        "A logarithmic range must lie above zero.",
        "low " + low,
        "Raise the low bound above 0, or leave out log.");
  }

  static Problem logWithStep() {
    return new Problem(
        "A range cannot be logarithmic and stepped at once.",
        "log: true with a step",
        "Leave out log or step; a choice can list uneven values.");
  }

  static Problem stepTooLarge(Object low, Object high, Object step) {
    return new Problem(
        "The step of a range must not be larger than the range: it would have one value.",
        "[" + low + ", " + high + "] step " + step,
        "Give a smaller step or wider bounds, or leave out the parameter.");
  }

  /// The smallest unit value near `guess` that decodes to `code`; `guess` where none does.
  ///
  /// Doubles are denser in units than in values or the other way round, depending on where one
  /// looks; bisection over the doubles around the guess makes the round trip exact either way.
  static double refine(Distribution distribution, double guess, double code) {
    if (distribution.fromUnit(guess) == code) {
      return guess;
    }
    long low = Double.doubleToRawLongBits(Math.max(0, guess - UNIT_ERROR));
    long high = Double.doubleToRawLongBits(Math.min(1, guess + UNIT_ERROR));
    while (low < high) {
      long middle = low + (high - low >> 1);
      if (distribution.fromUnit(Double.longBitsToDouble(middle)) < code) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    double refined = Double.longBitsToDouble(low);
    return distribution.fromUnit(refined) == code ? refined : guess;
  }
}
