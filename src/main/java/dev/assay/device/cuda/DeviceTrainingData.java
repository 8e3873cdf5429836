package dev.assay.device.cuda;

import dev.assay.device.lanes.FoldArrays;
import dev.assay.train.FoldedData;

/// A folded data set on the device, as the `TrainData` of `train.cu`.
///
/// @param features n × p
/// @param labels n classes, or no array
/// @param targets folds × n standardised numbers, or no array
/// @param scaling folds × 2 × p: means, then scales
record DeviceTrainingData(
    DeviceArray features, DeviceArray labels, DeviceArray targets, DeviceArray scaling, int rows) {
  static DeviceTrainingData upload(FoldedData data, CudaStream stream, DeviceMemory.Arena arena) {
    var arrays = FoldArrays.of(data);
    var labels =
        arrays.labels().length == 0 ? DeviceArray.NULL : stream.place(arrays.labels(), arena);
    return new DeviceTrainingData(
        floats(arrays.features(), stream, arena),
        labels,
        floats(arrays.targets(), stream, arena),
        floats(arrays.scaling(), stream, arena),
        arrays.rows());
  }

  private static DeviceArray floats(float[] values, CudaStream stream, DeviceMemory.Arena arena) {
    return values.length == 0 ? DeviceArray.NULL : stream.place(values, arena);
  }
}
