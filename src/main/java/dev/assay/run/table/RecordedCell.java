package dev.assay.run.table;

import dev.assay.internal.words.NumberText;
import dev.assay.problem.Problem;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What people write where a number was measured, or was not: the number, nothing, `nan`, or the
/// name of a failure, such as Kernel Tuner's `CompilationFailedConfig`.
final class RecordedCell {
  private static final Set<String> BLANK = Set.of("", "na", "n/a", "null", "none", "?", "-", "--");
  private static final Set<String> OK =
      Set.of("ok", "success", "succeeded", "complete", "completed", "correct", "passed");

  /// A name: what begins with a digit, a sign or a point is a number that went wrong.
  private static final Pattern WORDS = Pattern.compile("\\p{L}.*");

  private RecordedCell() {}

  static boolean isBlank(String cell) {
    return BLANK.contains(cell.toLowerCase(Locale.ROOT));
  }

  /// The number in a cell; NaN where there is none.
  static double number(String cell) {
    return NumberText.find(cell).orElse(Double.NaN);
  }

  /// Refuses a cell that is neither a number nor blank nor words.
  static void require(TableColumns columns, String column, int row) {
    var cell = columns.texts(column).get(row);
    if (isBlank(cell) || WORDS.matcher(cell).matches() || NumberText.find(cell).isPresent()) {
      return;
    }
    throw new Problem(
        "A cell holds neither a number nor the name of a failure.",
        column + " \"" + cell + "\", row " + (row + 1) + " of " + columns.file(),
        "Write decimals with a point, 0.31, without units; leave blank what was not measured.");
  }

  /// The failure that a cell without a finite number stands for.
  static Outcome failure(String cell, int row) {
    if (isBlank(cell)) {
      return Outcome.failed(Cause.NO_VALUE, "row " + row + " of the table is blank there");
    }
    return NumberText.find(cell).isPresent()
        ? Outcome.failed(Cause.NOT_FINITE, "recorded as " + cell)
        : named(cell);
  }

  /// The failure that a status stands for; null where the run ended well.
  static @Nullable Outcome status(String status) {
    return isBlank(status) || OK.contains(status.toLowerCase(Locale.ROOT)) ? null : named(status);
  }

  private static Outcome named(String name) {
    var letters = name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}]", "");
    var cause =
        letters.contains("diverge")
            ? Cause.DIVERGED
            : letters.contains("timeout") || letters.contains("timedout")
                ? Cause.TIMEOUT
                : letters.contains("outofmemory") || letters.startsWith("oom")
                    ? Cause.OUT_OF_MEMORY
                    : letters.contains("killed") ? Cause.KILLED : Cause.ERROR;
    var words =
        switch (cause) {
          case DIVERGED -> "diverged";
          case TIMEOUT -> "timed out";
          case ERROR, NOT_FINITE, KILLED, OUT_OF_MEMORY, NO_VALUE, REPORTED, LOST ->
              name.replace('_', ' ');
        };
    return Outcome.failed(cause, "recorded as " + words);
  }
}
