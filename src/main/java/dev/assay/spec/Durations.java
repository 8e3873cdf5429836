package dev.assay.spec;

import dev.assay.problem.Problem;
import java.time.Duration;
import java.util.regex.Pattern;

/// Times as people write them: `90s`, `30m`, `8h`, `1h30m`, `2d`, `1.5h`, `500ms`.
public final class Durations {
  private static final String AMOUNT = "([0-9]{1,9}(?:\\.[0-9]{1,9})?)\\s*";
  private static final Pattern FORM =
      Pattern.compile(
          "(?:"
              + AMOUNT
              + "d)?\\s*(?:"
              + AMOUNT
              + "h)?\\s*(?:"
              + AMOUNT
              + "m)?\\s*(?:"
              + AMOUNT
              + "s)?\\s*(?:"
              + AMOUNT
              + "ms)?");
  private static final double[] SECONDS = {86_400, 3_600, 60, 1, 1e-3};

  private Durations() {}

  /// The time that a node of the study file is.
  static Duration read(Node node) {
    if (node instanceof Node.Scalar(Double number, _, _) && !Double.isFinite(number)) {
      throw node.problem("A time is finite.", "Leave out the key where there is no limit.");
    }
    if (node instanceof Node.Scalar(var nothing, _, _) && nothing == null) {
      throw node.problem("A time is expected here.", "Write 90s, 30m or 8h, or leave out the key.");
    }
    if (node instanceof Node.Scalar(Number _, var text, _)) {
      throw node.problem("A time needs a unit.", "Write " + text + "s, " + text + "m or the like.");
    }
    var written = node.text();
    return node.place().locate(() -> parse(written));
  }

  /// @throws Problem when the text is no time
  public static Duration parse(String text) {
    var matcher = FORM.matcher(text.strip());
    if (text.isBlank() || !matcher.matches()) {
      throw new Problem(
          "A time needs a number and a unit.", "\"" + text + "\"", "Write 90s, 30m, 8h or 1h30m.");
    }
    double seconds = 0;
    for (int i = 0; i < SECONDS.length; i++) {
      var amount = matcher.group(i + 1);
      seconds += amount == null ? 0 : Double.parseDouble(amount) * SECONDS[i];
    }
    return Duration.ofNanos(Math.round(seconds * 1e3) * 1_000_000L);
  }
}
