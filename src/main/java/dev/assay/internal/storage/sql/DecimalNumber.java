package dev.assay.internal.storage.sql;

import java.nio.charset.StandardCharsets;

/// Reads decimal numbers out of bytes, rounded to the nearest double as [Double#parseDouble] does,
/// and tells of most whether they stand there as [Double#toString] writes them: what is printed
/// again need not be made text anew. Used over and over, by one thread.
///
/// A number is D · 10^-k with D a long. With k up to 22 the power is a double and D the sum of two,
/// so that a division and its remainder, which a fused multiply-add gives exactly, tell the
/// quotient to some 100 bits (Dekker, 1971). What is closer to the middle between two doubles than
/// that can tell is left to the JDK, as are other powers.
final class DecimalNumber {
  /// Up to it every whole number is a double.
  private static final long EXACT = 1L << 53;

  /// Below it another digit fits into a long.
  private static final long ROOM = 100_000_000_000_000_000L;

  /// Those powers of ten that are doubles.
  private static final double[] POWERS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22
  };

  /// In units of the last digit; what is worked out in them is wrong by far less.
  private static final double MARGIN = 1e-6;

  /// Whole numbers of so many digits are doubles.
  private static final int WHOLE_DIGITS = 15;

  /// Beyond it every exponent comes to the same.
  private static final int FAR = 1000;

  private double value;
  private boolean whole;
  private boolean printed;

  private long digits;
  private boolean fits;
  private int exponent;

  /// What was read last.
  double value() {
    return value;
  }

  /// Whether it had neither a point nor an exponent.
  boolean isWhole() {
    return whole;
  }

  /// Whether it surely stood there as it is printed: a whole number as a long, another as a double.
  boolean isPrinted() {
    return printed;
  }

  /// Reads a number of JSON's grammar.
  ///
  /// @param text of which the number takes the bytes from `start` to before `end`
  /// @return false where there is another thing
  boolean read(byte[] text, int start, int end) {
    return readUpTo(text, start, end) == end;
  }

  /// Reads the number of JSON's grammar that begins at a place.
  ///
  /// @param end before which it ends
  /// @return the place behind it; -1 where there is another thing
  int readUpTo(byte[] text, int start, int end) {
    boolean negative = start < end && text[start] == '-';
    int first = negative ? start + 1 : start;
    digits = 0;
    fits = true;
    int at = digits(text, first, end);
    int integers = at - first;
    if (integers == 0 || integers > 1 && text[first] == '0') {
      return -1;
    }
    int decimals = 0;
    if (at < end && text[at] == '.') {
      int point = at;
      at = digits(text, point + 1, end);
      decimals = at - point - 1;
      if (decimals == 0) {
        return -1;
      }
    }
    int behind = at;
    boolean plain = at == end || text[at] != 'e' && text[at] != 'E';
    exponent = 0;
    if (!plain) {
      behind = exponent(text, at, end);
      if (behind < 0) {
        return -1;
      }
    }
    whole = plain && decimals == 0;
    if (whole && integers <= WHOLE_DIGITS) {
      value = negative ? -(double) digits : digits;
      printed = digits != 0 || !negative;
      return behind;
    }
    if (!divide(decimals - exponent)) {
      printed = false;
      value =
          Double.parseDouble(new String(text, start, behind - start, StandardCharsets.US_ASCII));
      return behind;
    }
    printed |= decimals == 1 && digits % 10 == 0; // as 3.0
    printed &=
        plain
            ? decimals > 0 && value < 1e7 && (value >= 1e-3 || value == 0)
            : value < 1e-3 && at == first + 1 + 1 + decimals && isUsual(text, at, behind, first);
    value = negative ? -value : value;
    return behind;
  }

  /// Adds what digits there are to those before.
  ///
  /// @return the place behind them
  private int digits(byte[] text, int start, int end) {
    int at = start;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      fits &= digits < ROOM;
      digits = 10 * digits + text[at++] - '0';
    }
    return at;
  }

  /// @param start where its letter is
  /// @return the place behind it; -1 where it has no digits
  private int exponent(byte[] text, int start, int end) {
    if (start + 1 == end) {
      return -1;
    }
    boolean below = text[start + 1] == '-';
    int at = below || text[start + 1] == '+' ? start + 2 : start + 1;
    int size = 0;
    int first = at;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      size = Math.min(FAR, 10 * size + text[at++] - '0');
    }
    exponent = below ? -size : size;
    return at > first ? at : -1;
  }

  /// Whether the exponent of a small number looks as the JDK's do, behind one digit that is not 0.
  private static boolean isUsual(byte[] text, int at, int end, int first) {
    return text[first] != '0'
        && text[at] == 'E'
        && text[at + 1] == '-'
        && text[at + 2] != '0'
        && end - at > 2;
  }

  /// Sets the value to D · 10^-k, and whether no shorter decimal, and none of as many digits that
  /// is nearer to it, is rounded to it too: then these are the digits that the JDK writes.
  ///
  /// @return false where this does not tell which double is nearest
  private boolean divide(int k) {
    if (!fits || k < 0 || k >= POWERS.length) {
      return false;
    }
    double power = POWERS[k];
    double high = digits;
    double low = digits - (long) high;
    double quotient = high / power;
    double rest = Math.fma(-quotient, power, high) + low;
    value = quotient + rest / power;
    // In units of the last digit: by how much the decimal is above the double, how far that
    // reaches, and how far surely on both sides: a power of two reaches half as far down.
    double above = Math.fma(quotient - value, power, rest);
    double reach = Math.ulp(value) * power / 2;
    double surely = isPowerOfTwo(value) ? reach / 2 : reach;
    int last = (int) (digits % 10);
    printed =
        last != 0
            && Math.min(last - above, 10 - last + above) > reach + MARGIN
            && Math.abs(above) < 0.5 - MARGIN;
    return digits <= EXACT || Math.abs(above) < surely - MARGIN;
  }

  private static boolean isPowerOfTwo(double x) {
    return (Double.doubleToRawLongBits(x) & (1L << 52) - 1) == 0;
  }
}
