package dev.assay.device.lanes;

import dev.assay.train.FoldedData;
import dev.assay.train.Target;

/// A folded data set as device kernels read it.
///
/// @param features n × p; NaN: missing
/// @param labels n classes; empty for numbers
/// @param targets folds × n standardised numbers; empty for classes
/// @param scaling folds × 2 × p: means, then scales
@SuppressWarnings("ArrayRecordComponent")
public record FoldArrays(
    float[] features, int[] labels, float[] targets, float[] scaling, int rows) {
  public static FoldArrays of(FoldedData data) {
    var set = data.data();
    return switch (set.target()) {
      case Target.Classes classes ->
          new FoldArrays(set.features(), classes.labels(), new float[0], scaling(data), set.rows());
      case Target.Quantity quantity ->
          new FoldArrays(
              set.features(), new int[0], scaled(data, quantity), scaling(data), set.rows());
    };
  }

  private static float[] scaled(FoldedData data, Target.Quantity quantity) {
    int n = quantity.rows();
    var scaled = new float[Math.multiplyExact(data.folds().size(), n)];
    for (int fold = 0; fold < data.folds().size(); fold++) {
      var scale = data.folds().get(fold).targetScale();
      for (int i = 0; i < n; i++) {
        scaled[fold * n + i] = scale.scaled(quantity.values()[i]);
      }
    }
    return scaled;
  }

  private static float[] scaling(FoldedData data) {
    int p = data.data().width();
    var scaling = new float[data.folds().size() * 2 * p];
    for (int fold = 0; fold < data.folds().size(); fold++) {
      var standardisation = data.folds().get(fold).standardisation();
      System.arraycopy(standardisation.mean(), 0, scaling, fold * 2 * p, p);
      System.arraycopy(standardisation.scale(), 0, scaling, fold * 2 * p + p, p);
    }
    return scaling;
  }
}
