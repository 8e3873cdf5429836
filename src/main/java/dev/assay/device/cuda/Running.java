package dev.assay.device.cuda;

/// Which of a batch's points still need an answer, as only the device knows.
///
/// @param list their indices, in order, or none: all
/// @param count how many there are, or none
record Running(DeviceArray list, DeviceArray count) {
  static final Running ALL = new Running(DeviceArray.NULL, DeviceArray.NULL);
}
