package dev.assay.train;

import java.util.List;

/// A data set and its folds: what all trials of a study share. Immutable; serves any number of
/// threads.
public record FoldedData(DataSet data, List<Fold> folds) {
  public FoldedData {
    folds = List.copyOf(folds);
  }

  /// What a fold's validation rows really are.
  public Target validationTarget(int fold) {
    return data.target().of(folds.get(fold).validation());
  }
}
