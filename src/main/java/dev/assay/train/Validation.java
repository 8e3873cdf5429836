package dev.assay.train;

import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// How rows are divided into training and validation rows. Which rows fall where depends on the
/// seed and the data only. Where rows are drawn and have classes, the division is stratified: every
/// class has its share of each part.
public sealed interface Validation {
  /// One fold that keeps `fraction` of each class's rows for validation, at least one row and not
  /// all of them.
  record HoldOut(double fraction) implements Validation {
    public HoldOut {
      if (!(fraction > 0 && fraction < 1)) {
        throw new Problem(
            "The fraction of rows held out must lie between 0 and 1.",
            "holdout: " + fraction,
            "0.2 is usual.");
      }
    }
  }

  /// k folds: each row validates once and trains k - 1 times. Fold sizes differ by one row at most,
  /// and so do the rows of each class.
  record CrossValidation(int folds) implements Validation {
    public CrossValidation {
      requireFolds(folds, "cv");
    }
  }

  /// k folds of whole groups: the rows of a group (a patient, a user) never stand on both sides.
  /// Groups go, largest first, to the fold that has the fewest rows.
  record GroupFolds(int folds) implements Validation {
    public GroupFolds {
      requireFolds(folds, "cv");
    }
  }

  /// k folds of rows in the order of time: fold i validates the i-th of k equal stretches that end
  /// the data, and trains on all that comes before it.
  record TimeSeries(int folds) implements Validation {
    public TimeSeries {
      requireFolds(folds, "time_series");
    }
  }

  private static void requireFolds(int folds, String key) {
    if (folds < 2) {
      throw new Problem(
          "Cross-validation needs at least two folds.",
          key + ": " + folds,
          "Use cv: 5, or holdout: 0.2 for a single split.");
    }
  }

  /// Divides the rows of `data` and fits each fold's standardisation.
  ///
  /// @param streams of the study: every trial sees the same folds
  /// @throws Problem when a class has too few rows, or a fold would not see all classes
  default FoldedData apply(DataSet data, Streams streams) {
    var fitted = splits(data, streams.stream(0, Purpose.FOLDS)).stream().map(s -> fit(data, s));
    return new FoldedData(data, fitted.toList());
  }

  private List<Strata.Split> splits(DataSet data, RandomGenerator random) {
    return switch (this) {
      case HoldOut(double fraction) ->
          List.of(Strata.holdOut(strata(data, 2, "holdout: " + fraction), fraction, random));
      case CrossValidation(int k) -> Strata.folds(strata(data, k, "cv: " + k), k, random);
      case GroupFolds(int k) -> RowGroups.folds(data, k);
      case TimeSeries(int k) -> RowGroups.stretches(data, k);
    };
  }

  private static Fold fit(DataSet data, Strata.Split split) {
    return new Fold(
        split.kept(),
        split.heldOut(),
        Standardisation.fit(data, split.kept()),
        TargetScale.fit(data.target(), split.kept()));
  }

  /// All rows as training rows, and none to validate: for the last training of a study.
  static FoldedData everything(DataSet data) {
    var rows = IntStream.range(0, data.rows()).toArray();
    return new FoldedData(data, List.of(fit(data, new Strata.Split(rows, new int[0]))));
  }

  private static int[][] strata(DataSet data, int needed, String place) {
    var strata = Strata.of(data.target(), IntStream.range(0, data.rows()).toArray());
    for (int c = 0; c < strata.length; c++) {
      if (strata[c].length < needed) {
        throw tooFew(data, c, strata[c].length + " of " + needed + " rows (" + place + ")");
      }
    }
    return strata;
  }

  private static Problem tooFew(DataSet data, int stratum, String rows) {
    return switch (data.target()) {
      case Target.Classes(_, var names, _) ->
          new Problem(
              "A class has fewer rows than the validation needs.",
              "class \"" + names.get(stratum) + "\" of " + data.name() + ": " + rows,
              "Add rows of that class, merge it with another, or use fewer folds."
                  + " If the label is a quantity, minimize rmse instead.");
      case Target.Quantity _ ->
          new Problem(
              "The data has fewer rows than the validation needs.",
              data.name() + ": " + rows,
              "Add rows, or use fewer folds.");
    };
  }
}
