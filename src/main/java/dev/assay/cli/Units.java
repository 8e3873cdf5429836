package dev.assay.cli;

import java.util.Locale;

/// Numbers with units, for people.
final class Units {
  private Units() {}

  /// A duration: `0.8 ms`, `3.2 s`, `4 min 10 s`, `2 h 05 min`.
  static String seconds(double seconds) {
    if (seconds < 1) {
      return String.format(Locale.ROOT, "%.3g ms", seconds * 1e3).replace("e+00", "");
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }

  /// A value with as many digits as a person compares.
  static String value(double value) {
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e9) {
      return Long.toString((long) value);
    }
    return size >= 1e-3 && size < 1e6
        ? String.format(Locale.ROOT, "%.5g", value)
            .replaceFirst("(\\.\\d*?)0+$", "$1")
            .replaceFirst("\\.$", "")
        : String.format(Locale.ROOT, "%.4e", value);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", share * 100);
  }
}
