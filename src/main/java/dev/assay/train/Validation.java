package dev.assay.train;

import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import java.util.ArrayList;
import java.util.List;

/// How rows are divided into training and validation rows. Always stratified: every class has its
/// share of each part. Which rows fall where depends on the seed and the labels only.
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
      if (folds < 2) {
        throw new Problem(
            "Cross-validation needs at least two folds.",
            "cv: " + folds,
            "Use cv: 5, or holdout: 0.2 for a single split.");
      }
    }
  }

  /// Divides the rows of `data` and fits each fold's standardisation.
  ///
  /// @param streams of the study: every trial sees the same folds
  default FoldedData apply(DataSet data, Streams streams) {
    var random = streams.stream(0, Purpose.FOLDS);
    var classes = Strata.of(data.labels(), allRows(data.rows()), data.classes().size());
    var folds =
        switch (this) {
          case HoldOut(double fraction) -> {
            checkClasses(data, classes, 2, "holdout: " + fraction);
            yield List.of(Strata.holdOut(classes, fraction, random));
          }
          case CrossValidation(int k) -> {
            checkClasses(data, classes, k, "cv: " + k);
            yield Strata.folds(classes, k, random);
          }
        };
    var fitted = new ArrayList<Fold>();
    for (var split : folds) {
      fitted.add(new Fold(split.kept(), split.heldOut(), Standardisation.fit(data, split.kept())));
    }
    return new FoldedData(data, fitted);
  }

  private static int[] allRows(int rows) {
    var all = new int[rows];
    for (int i = 0; i < rows; i++) {
      all[i] = i;
    }
    return all;
  }

  private static void checkClasses(DataSet data, int[][] classes, int needed, String place) {
    for (int c = 0; c < classes.length; c++) {
      if (classes[c].length < needed) {
        throw new Problem(
            "A class has fewer rows than the validation needs.",
            "class \""
                + data.classes().get(c)
                + "\" of "
                + data.name()
                + ": "
                + classes[c].length
                + " of "
                + needed
                + " rows ("
                + place
                + ")",
            "Add rows of that class, merge it with another, or use fewer folds."
                + " If the label is a quantity, it is the wrong column.");
      }
    }
  }
}
