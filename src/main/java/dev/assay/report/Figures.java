package dev.assay.report;

import dev.assay.storage.Overhead;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Numbers as people read them, with units.
public final class Figures {
  private static final double[] POWERS = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};

  /// Room for a sign, ten digits, a point, and a zero before it.
  private static final int WIDEST = 16;

  private Figures() {}

  /// Four significant digits: `0.9812`, `12340`, `1.3e-05`.
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
    }
    double size = Math.abs(value);
    if (size < 1e15 && value == Math.rint(value)) {
      return Long.toString((long) value);
    }
    if (size < 1e-4 || size >= 1e7) {
      return exponent(String.format(Locale.ROOT, "%.3e", value));
    }
    int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
    return fixed(value, decimals, true);
  }

  /// With a number of decimals, as `%.2f`, for which the JVM reads tables of locales first.
  public static String fixed(double value, int decimals) {
    return fixed(value, decimals, false);
  }

  /// @param trimmed whether zeros at the end of the decimals are left out
  private static String fixed(double value, int decimals, boolean trimmed) {
    int digits = decimals < POWERS.length ? digits(value, decimals) : -1;
    if (digits < 0) {
      var text = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString();
      return trimmed ? trimmed(text) : text;
    }
    int places = decimals;
    while (trimmed && places > 0 && digits % 10 == 0) {
      digits /= 10;
      places--;
    }
    return text(value < 0 && digits > 0, digits, places);
  }

  /// A table has some thousand numbers, and decimal arithmetic takes ten times as long.
  ///
  /// @return the number's size in units of the last decimal; -1 where the product with a power of
  ///   ten, which is rounded itself, is too near to a half to tell what the decimal digits of the
  ///   number round to, or too large
  private static int digits(double value, int decimals) {
    double scaled = Math.abs(value) * POWERS[decimals];
    if (!(scaled < 1e9)) {
      return -1;
    }
    int below = (int) scaled;
    double rest = scaled - below;
    return Math.abs(rest - 0.5) < 1e-6 ? -1 : below + (rest > 0.5 ? 1 : 0);
  }

  private static String text(boolean negative, int digits, int decimals) {
    var ascii = new byte[WIDEST];
    int at = WIDEST;
    for (int i = 0; i <= decimals || digits > 0; i++) {
      if (i == decimals && i > 0) {
        ascii[--at] = '.';
      }
      ascii[--at] = (byte) ('0' + digits % 10);
      digits /= 10;
    }
    if (negative) {
      ascii[--at] = '-';
    }
    return new String(ascii, at, WIDEST - at, StandardCharsets.ISO_8859_1);
  }

  private static String exponent(String text) {
    int e = text.indexOf('e');
    return trimmed(text.substring(0, e)) + text.substring(e);
  }

  /// Without zeros at the end of the decimals.
  private static String trimmed(String text) {
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }

  /// A time span: `350 µs`, `12.3 ms`, `4.21 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
  public static String duration(double seconds) {
    if (seconds < 0.9995e-3) {
      return fixed(seconds * 1e6, 0) + " µs";
    }
    if (seconds < 0.9995) {
      return digits(seconds * 1e3) + " ms";
    }
    if (seconds < 59.95) {
      return digits(seconds) + " s";
    }
    long whole = Math.round(seconds);
    if (whole < 3600) {
      return pair(whole / 60, "min", whole % 60, "s");
    }
    if (whole < 86_400) {
      return pair(whole / 3600, "h", whole % 3600 / 60, "min");
    }
    return pair(whole / 86_400, "d", whole % 86_400 / 3600, "h");
  }

  private static String digits(double value) {
    int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
    return fixed(value, decimals, true);
  }

  private static String pair(long large, String unit, long small, String subunit) {
    return large + " " + unit + (small == 0 ? "" : " " + small + " " + subunit);
  }

  /// A share as a percentage of two significant digits: `0.4 %`, `12 %`, `less than 0.1 %`.
  public static String percent(double share) {
    double percent = 100 * share;
    if (percent > 0 && percent < 0.1) {
      return "less than 0.1 %";
    }
    return trimmed(fixed(percent, percent < 9.95 ? 1 : 0)) + " %";
  }

  /// What the search cost, in one clause: `the search took 0.4 % of the wall time`.
  public static String verdict(Overhead overhead) {
    double search = overhead.suggest() + overhead.storage();
    if (overhead.wall() <= 0 && search > 0) { // whoever asks and tells has the clock
      return "the search itself took " + duration(search);
    }
    return overhead.wall() <= 0
        ? "no time has been spent yet"
        : "the search took " + percent(overhead.share()) + " of the wall time";
  }
}
