package dev.assay.internal.words;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is told in people's words: times (`5 s`, `1 h 30 min`, `0.25 s`), what a parser found, and
/// the beginning of what is too long.
public final class Spoken {
  /// What a parser of JSON adds for programmers: its settings, classes and sources.
  private static final Pattern INSIDE =
      Pattern.compile(
          ": enable `.*|\\R at \\[Source: .*|: not allowed as per .*"
              + "|\\s*\\((?:bound as|start marker at|not recognized as) .*");

  private Spoken() {}

  /// The message of a parser of JSON without what only its programmers know.
  public static String ofParser(@Nullable String message) {
    var said = message == null ? "it cannot be read" : message;
    return INSIDE.matcher(said).replaceFirst("").replaceAll("`(?:JsonToken\\.)?(\\w+)`", "$1");
  }

  /// A text, or where it is longer its beginning and `…`; no character is cut in two.
  ///
  /// @param longest how many `char`s are shown, 2 or more
  public static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  public static String of(Duration time) {
    var words = new StringJoiner(" ");
    if (time.toDays() != 0) {
      words.add(time.toDays() + " d");
    }
    if (time.toHoursPart() != 0) {
      words.add(time.toHoursPart() + " h");
    }
    if (time.toMinutesPart() != 0) {
      words.add(time.toMinutesPart() + " min");
    }
    var seconds =
        BigDecimal.valueOf(time.toSecondsPart())
            .add(BigDecimal.valueOf(time.toNanosPart(), 9))
            .stripTrailingZeros();
    if (seconds.signum() != 0 || words.length() == 0) {
      words.add(seconds.toPlainString() + " s");
    }
    return words.toString();
  }
}
