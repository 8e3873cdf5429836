package dev.assay.train;

import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// Division of rows that belong together, or that follow each other.
final class RowGroups {
  private RowGroups() {}

  /// As [Validation.GroupFolds].
  static List<Strata.Split> folds(DataSet data, int k) {
    var groups = Objects.requireNonNull(data.groups(), "no groups");
    int count = Arrays.stream(groups).max().orElse(-1) + 1;
    if (count < k) {
      throw new Problem(
          "There are fewer groups than folds.",
          count + " groups of " + data.name() + ", cv: " + k,
          "Use fewer folds, or another groups column.");
    }
    var sizes = new int[count];
    for (int group : groups) {
      sizes[group]++;
    }
    var foldOf = new int[count];
    var rows = new int[k];
    IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingInt((Integer group) -> -sizes[group]))
        .forEach(group -> {
          int fold = IntStream.range(0, k).reduce((a, b) -> rows[b] < rows[a] ? b : a).orElse(0);
          foldOf[group] = fold;
          rows[fold] += sizes[group];
        });
    var splits = new ArrayList<Strata.Split>();
    for (int f = 0; f < k; f++) {
      int fold = f;
      splits.add(
          new Strata.Split(
              rows(data, row -> foldOf[groups[row]] != fold),
              rows(data, row -> foldOf[groups[row]] == fold)));
    }
    return seeing(data, splits);
  }

  /// As [Validation.TimeSeries].
  static List<Strata.Split> stretches(DataSet data, int k) {
    int stretch = data.rows() / (k + 1);
    if (stretch == 0) {
      throw new Problem(
          "The data has fewer rows than the validation needs.",
          data.rows() + " rows of " + data.name() + ", time_series: " + k,
          "Add rows, or use fewer folds.");
    }
    var splits = new ArrayList<Strata.Split>();
    for (int fold = 0; fold < k; fold++) {
      int from = data.rows() - (k - fold) * stretch;
      splits.add(
          new Strata.Split(
              IntStream.range(0, from).toArray(), IntStream.range(from, from + stretch).toArray()));
    }
    return seeing(data, splits);
  }

  private static int[] rows(DataSet data, java.util.function.IntPredicate chosen) {
    return IntStream.range(0, data.rows()).filter(chosen).toArray();
  }

  /// Refuses a fold whose training rows lack a class: it could not learn what it is asked.
  private static List<Strata.Split> seeing(DataSet data, List<Strata.Split> splits) {
    if (data.target() instanceof Target.Classes(_, var names, var labels)) {
      for (int fold = 0; fold < splits.size(); fold++) {
        var seen = new boolean[names.size()];
        for (int row : splits.get(fold).kept()) {
          seen[labels[row]] = true;
        }
        for (int c = 0; c < seen.length; c++) {
          if (!seen[c]) {
            throw new Problem(
                "A fold has no training row of a class.",
                "class \"" + names.get(c) + "\" in fold " + (fold + 1) + " of " + data.name(),
                "Use fewer folds, another groups column, or cv without groups.");
          }
        }
      }
    }
    return splits;
  }
}
