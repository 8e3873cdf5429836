package dev.assay.device.cuda;

import dev.assay.train.FoldedData;
import dev.assay.train.Target;

/// A folded data set on the device, as the `TrainData` of `train.cu`.
///
/// @param features n × p
/// @param labels n classes, or no array
/// @param targets folds × n standardised numbers, or no array
/// @param scaling folds × 2 × p: means, then scales
record DeviceTrainingData(
    DeviceArray features, DeviceArray labels, DeviceArray targets, DeviceArray scaling, int rows) {
  static DeviceTrainingData upload(FoldedData data, CudaStream stream, DeviceMemory.Arena arena) {
    var set = data.data();
    var features = arena.floats(set.features().length);
    stream.upload(set.features(), features);
    var labels = DeviceArray.NULL;
    var targets = DeviceArray.NULL;
    switch (set.target()) {
      case Target.Classes classes -> {
        labels = arena.ints(set.rows());
        stream.upload(classes.labels(), labels);
      }
      case Target.Quantity quantity -> {
        var scaled = scaled(data, quantity);
        targets = arena.floats(scaled.length);
        stream.upload(scaled, targets);
      }
    }
    var scaling = scaling(data);
    var place = arena.floats(scaling.length);
    stream.upload(scaling, place);
    return new DeviceTrainingData(features, labels, targets, place, set.rows());
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
