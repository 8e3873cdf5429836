package dev.assay.run.command;

import dev.assay.internal.problem.Require;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a metric's value is found.
public sealed interface ValueSource {
  /// In lines with `@assay {...}`, or in the file that ASSAY_REPORT names.
  record ReportLines() implements ValueSource {}

  /// In a line of stdout or stderr; the last match counts.
  ///
  /// @param pattern its group `value`, or else its first group, is the number; with a group `step`
  ///   every match is an intermediate report
  record Match(Pattern pattern) implements ValueSource {
    /// The group with the number.
    int valueGroup() {
      return pattern.namedGroups().getOrDefault("value", 1);
    }

    /// The group with the step; 0 for none.
    int stepGroup() {
      return pattern.namedGroups().getOrDefault("step", 0);
    }
  }

  /// Behind a name in a line of stdout or stderr, as in `val_loss=0.3` or `"val_loss": 0.3`; the
  /// last one counts.
  ///
  /// @param name as the program prints it
  /// @param step the name behind which the step stands, on the same line or one before; then every
  ///   value is an intermediate report. Null: no steps are read
  record Named(String name, @Nullable String step) implements ValueSource {
    public Named {
      Require.named("value", "number", name);
      if (step != null) {
        Require.named("value", "step", step);
      }
    }
  }

  /// In a file that the program wrote: a JSON document, a CSV file, or a number alone.
  ///
  /// @param path relative to the trial's own directory or else to where the program was started
  /// @param key keys joined with dots that lead to the number, or the column of a CSV file whose
  ///   last number counts; null: the file is the number
  record InFile(String path, @Nullable String key) implements ValueSource {
    public InFile {
      Require.named("value", "file", path);
      if (key != null) {
        Require.named("value", "key", key);
      }
    }

    /// Whether a file has columns, by its name.
    public static boolean isCsv(String file) {
      return file.toLowerCase(Locale.ROOT).endsWith(".csv");
    }
  }
}
