package dev.assay.internal.words;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Numbers as programs and files write them. The one reader of whatever Assay did not write itself:
/// a text that can be taken in two ways is no number, since a wrong value does more harm than none.
///
/// Read are plain decimals and scientific notation (`0.31`, `-.5`, `9.8e-05`), thousands grouped by
/// commas (`1,234.5`; not `0,312`, whose comma stands for a point), and what is not finite, as the
/// libraries of C, Python, Java, Julia, YAML and Microsoft spell it (`nan`, `-inf`, `Infinity`,
/// `nan(ind)`, `.nan`, `1.#QNAN`).
public final class NumberText {
  private static final Pattern PLAIN =
      Pattern.compile("[+-]?(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?");

  private static final Pattern GROUPED =
      Pattern.compile("[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})++(?:\\.[0-9]*+)?");

  private static final Pattern NAN =
      Pattern.compile("[+-]?(?:\\.?nan(?:[qs]|16|32|64|\\(\\w*\\))?|1\\.#(?:[qs]nan|ind|r)0*)");

  private static final Pattern INFINITY =
      Pattern.compile("[+-]?(?:\\.?inf|inf(?:inity|16|32|64)|∞|1\\.#(?:inf|j)0*)");

  private static final int LONGEST_SHOWN = 60;

  /// Larger whole numbers are not all a double's.
  private static final double LARGEST_WHOLE = 0x1p53;

  private NumberText() {}

  /// The number that a text is, spaces around it aside.
  ///
  /// @return not finite where the text says so, or says more than a double holds
  /// @throws NumberFormatException saying what the text is and why it is no number
  public static double parse(String text) {
    var number = find(text);
    if (number.isEmpty()) {
      throw new NumberFormatException(shown(text) + " is no number" + reason(text));
    }
    return number.getAsDouble();
  }

  /// The same; empty where the text is no number.
  public static OptionalDouble find(String text) {
    var stripped = text.strip();
    if (PLAIN.matcher(stripped).matches()) {
      return OptionalDouble.of(Double.parseDouble(stripped));
    }
    if (GROUPED.matcher(stripped).matches()) {
      return OptionalDouble.of(Double.parseDouble(stripped.replace(",", "")));
    }
    var word = stripped.toLowerCase(Locale.ROOT);
    if (NAN.matcher(word).matches()) {
      return OptionalDouble.of(Double.NaN);
    }
    if (INFINITY.matcher(word).matches()) {
      return OptionalDouble.of(
          word.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    return OptionalDouble.empty();
  }

  /// The whole number that a text is, such as a step: `12`, `1,200`, `3.0`.
  ///
  /// @throws NumberFormatException saying what the text is and why it is no whole number
  public static long whole(String text) {
    double number = parse(text);
    if (!isWhole(number)) {
      throw new NumberFormatException(shown(text) + " is no whole number");
    }
    return (long) number;
  }

  /// Whether a number is a whole one, and small enough to be exact.
  public static boolean isWhole(double number) {
    return number == Math.rint(number) && Math.abs(number) < LARGEST_WHOLE;
  }

  private static String reason(String text) {
    if (text.isBlank()) {
      return ": it is empty";
    }
    return text.chars().anyMatch(Character::isDigit) && text.contains(",")
        ? ": a comma only groups thousands, as in 1,234.5; decimals stand behind a point"
        : "";
  }

  private static String shown(String text) {
    return "\"" + Spoken.cut(text, LONGEST_SHOWN) + "\"";
  }
}
