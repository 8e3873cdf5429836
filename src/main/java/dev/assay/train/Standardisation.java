package dev.assay.train;

/// x ↦ (x - mean) · scale for each feature, in FP32 (two roundings, no fused multiply-add), so that
/// the training rows have mean 0 and population variance 1. Indicators and constant features have
/// mean 0 and scale 1, or their mean and scale 1.
///
/// The arrays hold p values, are handed out uncopied and must not be written.
public record Standardisation(float[] mean, float[] scale) {
  static Standardisation fit(DataSet data, int[] rows) {
    int p = data.width();
    var mean = new float[p];
    var scale = new float[p];
    int feature = 0;
    for (var column : data.columns()) {
      for (int i = 0; i < column.width(); i++, feature++) {
        switch (column) {
          case Column.Numeric _ -> fit(data, rows, feature, mean, scale);
          case Column.Categorical _ -> scale[feature] = 1;
        }
      }
    }
    return new Standardisation(mean, scale);
  }

  private static void fit(DataSet data, int[] rows, int feature, float[] mean, float[] scale) {
    var x = data.features();
    int p = data.width();
    double sum = 0;
    for (int row : rows) {
      sum += x[row * p + feature];
    }
    double m = sum / rows.length;
    double squares = 0;
    for (int row : rows) {
      double deviation = x[row * p + feature] - m;
      squares += deviation * deviation;
    }
    double sd = Math.sqrt(squares / rows.length);
    mean[feature] = (float) m;
    // A deviation that FP32 cannot tell from rounding is none: scaling it up would make noise.
    scale[feature] = sd > Math.ulp((float) Math.abs(m)) ? (float) (1 / sd) : 1;
  }
}
