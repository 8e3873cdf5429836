package dev.assay.train;

import dev.assay.internal.problem.Require;
import java.util.List;

/// A column of a table, as the features that it becomes.
public sealed interface Column {
  String name();

  /// How many features the column becomes.
  int width();

  /// One feature, standardised before training.
  record Numeric(String name) implements Column {
    public Numeric {
      Require.named("data", "column", name);
    }

    @Override
    public int width() {
      return 1;
    }
  }

  /// A day and a time of day: one feature, the days since 1970-01-01, standardised before training.
  record Date(String name) implements Column {
    public Date {
      Require.named("data", "column", name);
    }

    @Override
    public int width() {
      return 1;
    }
  }

  /// One indicator feature (0 or 1) for each level; indicators are not standardised.
  ///
  /// @param levels the distinct texts, sorted
  record Categorical(String name, List<String> levels) implements Column {
    public Categorical {
      Require.named("data", "column", name);
      levels = List.copyOf(levels);
    }

    @Override
    public int width() {
      return levels.size();
    }
  }

  /// The pixels of a grey image, row by row; standardised together, by one mean and one scale, so
  /// that a pixel that hardly ever is lit is not blown up.
  record Image(String name, int height, int pixels) implements Column {
    public Image {
      Require.named("data", "column", name);
      Require.atLeast("image", "height", height, 1);
      Require.atLeast("image", "pixels", pixels, 1);
    }

    @Override
    public int width() {
      return height * pixels;
    }
  }
}
