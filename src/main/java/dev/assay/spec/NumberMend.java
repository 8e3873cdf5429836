package dev.assay.spec;

import dev.assay.internal.words.NumberText;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/// What to write where a number or a truth is expected and something else stands: files go between
/// versions of YAML and languages, whose spellings of numbers differ.
final class NumberMend {
  private static final String DIGITS = "[0-9](?:[0-9_]*[0-9])?";

  private static final Pattern UNDERSCORES =
      Pattern.compile("[+-]?" + DIGITS + "(?:\\." + DIGITS + ")?(?:[eE][+-]?[0-9]+)?");

  private static final Pattern BINARY = Pattern.compile("0[bB][01_]+");

  private NumberMend() {}

  /// @param example how one is written: `0.01 or 1e-4`
  static String of(Node node, String example) {
    return node instanceof Node.Scalar(var value, var written, _)
        ? switch (value) {
          case null -> "Give one, as " + example + ", or leave out the key.";
          case Double number when !Double.isFinite(number) ->
              "Give one, as " + example + ", or leave out the key.";
          case Number number when Math.abs(number.doubleValue()) >= 0x1p53 ->
              "Give a smaller one, as " + example + ".";
          case Number _ -> "Write it like " + example + ".";
          case String text -> ofText(text.strip(), written, example);
          default -> "Write it like " + example + ", without quotes.";
        }
        : "Write it like " + example + ".";
  }

  private static String ofText(String text, String written, String example) {
    if (BINARY.matcher(text).matches()) {
      var digits = text.substring(2).replace("_", "");
      return digits.isEmpty()
          ? "Write it like " + example + ", without quotes."
          : "Write it as a decimal: " + new BigInteger(digits, 2) + ".";
    }
    if (text.contains("_") && UNDERSCORES.matcher(text).matches()) {
      return "Write it without underscores: " + text.replace("_", "") + ".";
    }
    var number = NumberText.find(text);
    if (number.isEmpty()) {
      return "Write it like " + example + ", without quotes.";
    }
    return Double.isFinite(number.getAsDouble())
        ? "Write it without quotes"
            + (text.contains(",") ? " and commas: " : ": ")
            + written.strip().replace(",", "")
            + "."
        : "Give one, as " + example + ", or leave out the key.";
  }

  static String truth(Node node) {
    return switch (node.plain()) {
      case null -> "Write true or false, or leave out the key.";
      case String text ->
          switch (text.toLowerCase(Locale.ROOT)) {
            case "yes", "on", "y", "true" -> "Write true, without quotes.";
            case "no", "off", "n", "false" -> "Write false, without quotes.";
            case String _ -> "Write true or false, without quotes.";
          };
      default -> "Write true or false, without quotes.";
    };
  }
}
