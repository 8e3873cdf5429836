package dev.assay.problem;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.StringJoiner;

/// Times as people say them: `5 s`, `1 h 30 min`, `0.25 s`.
public final class Spoken {
  private Spoken() {}

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
