package dev.assay.train;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/// Dates as ISO 8601 writes them: `2024-12-31`, with a time of day and an offset if wanted.
final class CsvDates {
  private static final double SECONDS_OF_A_DAY = 86_400;

  private static final Pattern ISO =
      Pattern.compile(
          "([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,9})?)?)"
              + " ?(Z|[+-][0-9]{2}:?[0-9]{2})?)?");

  private CsvDates() {}

  /// Days since 1970-01-01, in UTC where the text says an offset; NaN for any other text.
  static float days(String text) {
    var found = ISO.matcher(text);
    if (!found.matches()) {
      return Float.NaN;
    }
    try {
      double days = LocalDate.parse(found.group(1)).toEpochDay();
      if (found.group(2) != null) {
        days += LocalTime.parse(found.group(2)).toSecondOfDay() / SECONDS_OF_A_DAY;
      }
      if (found.group(3) != null) {
        days -= ZoneOffset.of(found.group(3)).getTotalSeconds() / SECONDS_OF_A_DAY;
      }
      return (float) days;
    } catch (DateTimeException _) { // the 31st of February
      return Float.NaN;
    }
  }
}
