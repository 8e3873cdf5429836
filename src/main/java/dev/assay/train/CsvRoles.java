package dev.assay.train;

import dev.assay.internal.problem.Require;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the columns of a CSV file are for.
///
/// @param label the column to predict; null: the last one (that is not `groups`)
/// @param groups the column that says which rows belong together; null: none does
/// @param drop columns that are left out
/// @param categories columns of texts that are categories however many there are
/// @param task whether the label's texts are classes or its numbers quantities
public record CsvRoles(
    @Nullable String label,
    @Nullable String groups,
    List<String> drop,
    List<String> categories,
    Task task) {
  /// Every other column is a feature.
  public CsvRoles(@Nullable String label, @Nullable String groups, Task task) {
    this(label, groups, List.of(), List.of(), task);
  }

  public CsvRoles {
    drop = List.copyOf(drop);
    categories = List.copyOf(categories);
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
