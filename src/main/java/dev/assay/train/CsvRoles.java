package dev.assay.train;

import dev.assay.problem.Require;
import org.jspecify.annotations.Nullable;

/// What the columns of a CSV file are for.
///
/// @param label the column to predict; null: the last one (that is not `groups`)
/// @param groups the column that says which rows belong together; null: none does
/// @param task whether the label's texts are classes or its numbers quantities
public record CsvRoles(@Nullable String label, @Nullable String groups, Task task) {
  public CsvRoles {
    if (label != null) {
      Require.named("data", "label", label);
    }
    if (groups != null) {
      Require.named("data", "groups", groups);
    }
  }

  /// The last column holds classes.
  public static final CsvRoles CLASSES = new CsvRoles(null, null, Task.CLASSIFICATION);
}
