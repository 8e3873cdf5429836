package dev.assay.train;

import dev.assay.problem.Problem;
import java.util.Arrays;

/// x ↦ (x - mean) · scale for each feature, in FP32 (two roundings, no fused multiply-add), so that
/// the training rows have mean 0 and population variance 1. Indicators and constant features have
/// mean 0 and scale 1, or their mean and scale 1. A missing value (NaN) becomes 0: it is filled in
/// with the mean of the training rows that have one.
///
/// The arrays hold p values, are handed out uncopied and must not be written.
@SuppressWarnings("ArrayRecordComponent")
public record Standardisation(float[] mean, float[] scale) {
  static Standardisation fit(DataSet data, int[] rows) {
    int p = data.width();
    var mean = new float[p];
    var scale = new float[p];
    int feature = 0;
    for (var column : data.columns()) {
      int end = feature + column.width();
      switch (column) {
        case Column.Numeric(var name) -> fit(data, name, rows, feature, end, mean, scale);
        case Column.Date(var name) -> fit(data, name, rows, feature, end, mean, scale);
        case Column.Image(var name, _, _) -> fit(data, name, rows, feature, end, mean, scale);
        case Column.Categorical _ -> Arrays.fill(scale, feature, end, 1);
      }
      feature = end;
    }
    return new Standardisation(mean, scale);
  }

  /// One mean and one scale for the features from `first` up to `end`.
  private static void fit(
      DataSet data, String name, int[] rows, int first, int end, float[] mean, float[] scale) {
    double sum = 0;
    long present = 0;
    for (int row : rows) {
      for (int j = first, at = row * data.width() + first; j < end; j++, at++) {
        float x = data.features()[at];
        if (!Float.isNaN(x)) {
          sum += x;
          present++;
        }
      }
    }
    if (present == 0) {
      throw new Problem(
          "A column has no value in the rows that are learnt from.",
          "column " + name + " of " + data.name(),
          "Remove the column, or fill in some of its cells.");
    }
    double m = sum / present;
    double squares = 0;
    for (int row : rows) {
      for (int j = first, at = row * data.width() + first; j < end; j++, at++) {
        double deviation = data.features()[at] - m;
        squares += Double.isNaN(deviation) ? 0 : deviation * deviation;
      }
    }
    double sd = Math.sqrt(squares / present);
    Arrays.fill(mean, first, end, (float) m);
    // A deviation that FP32 cannot tell from rounding is none: scaling it up would make noise.
    boolean constant = !(sd > Math.ulp((float) Math.abs(m)));
    Arrays.fill(scale, first, end, constant ? 1 : (float) (1 / sd));
  }
}
