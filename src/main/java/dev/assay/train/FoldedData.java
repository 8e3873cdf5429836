package dev.assay.train;

import java.util.List;

/// A data set and its folds: what all trials of a study share. Immutable; serves any number of
/// threads.
public record FoldedData(DataSet data, List<Fold> folds) {
  public FoldedData {
    folds = List.copyOf(folds);
  }

  /// The true classes of a fold's validation rows.
  public int[] validationLabels(int fold) {
    var rows = folds.get(fold).validation();
    var labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = data.labels()[rows[i]];
    }
    return labels;
  }
}
