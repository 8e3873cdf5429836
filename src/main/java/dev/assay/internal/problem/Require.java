package dev.assay.internal.problem;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.Collection;

/// Checks of words and numbers where they end up, so that they hold for study files and for Java
/// callers alike.
public final class Require {
  private Require() {}

  /// @param owner whose value it is, for messages: `sampler tpe`
  /// @param key what it is called there
  /// @throws Problem when the value is not in [low, high]; NaN is in no range
  public static void inRange(String owner, String key, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new Problem(
          "The option is out of range.",
          key + " " + plain(value) + " (" + owner + ")",
          high >= Integer.MAX_VALUE
              ? low == Double.MIN_VALUE ? "Give more than 0." : "Give " + plain(low) + " or more."
              : "Give a value from " + plain(low) + " to " + plain(high) + ".");
    }
  }

  /// @throws Problem when the value is less than `low`
  public static void atLeast(String owner, String key, long value, long low) {
    inRange(owner, key, value, low, Long.MAX_VALUE);
  }

  /// @throws Problem when the value is NaN or infinite
  public static void finite(String owner, String key, double value) {
    if (!Double.isFinite(value)) {
      throw new Problem(
          "A finite number is needed.", key + " " + value + " (" + owner + ")", "Give one.");
    }
  }

  /// @throws Problem when the word is none of those that are known
  public static void oneOf(String owner, String key, String word, Collection<String> known) {
    if (!known.contains(word)) {
      throw new Problem(
          "The option has no such value.",
          key + " " + word + " (" + owner + ")",
          Nearest.suggest(word, known));
    }
  }

  /// @throws Problem when the text is blank
  public static void named(String owner, String key, String text) {
    if (text.isBlank()) {
      throw new Problem(
          "A name is needed.", key + " \"" + text + "\" (" + owner + ")", "Give one.");
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
