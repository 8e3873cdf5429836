package dev.assay.spec;

import java.math.BigInteger;
import java.util.Locale;

/// Numbers as the core schema of YAML 1.2 writes them; JSON's are among them.
final class Numbers {
  private Numbers() {}

  /// A Long; a Double where that is too small.
  static Number whole(String text) {
    var digits = text.startsWith("+") ? text.substring(1) : text;
    int radix = digits.startsWith("0o") ? 8 : digits.startsWith("0x") ? 16 : 10;
    var value = new BigInteger(radix == 10 ? digits : digits.substring(2), radix);
    if (value.bitLength() <= 63) {
      return value.longValue();
    }
    return value.doubleValue();
  }

  static double real(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
      case "-.inf" -> Double.NEGATIVE_INFINITY;
      case ".nan" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }
}
