package dev.assay.device.cuda;

import jcuda.driver.CUdeviceptr;

/// A piece of device memory.
///
/// @param pointer its address
/// @param bytes its length
record DeviceArray(CUdeviceptr pointer, long bytes) {
  /// Stands for no array.
  static final DeviceArray NULL = new DeviceArray(new CUdeviceptr(), 0);

  /// The rest of it, from a `double` on.
  DeviceArray from(long index) {
    if (index < 0 || 8 * index > bytes) {
      throw new IndexOutOfBoundsException(index + " of " + bytes / 8 + " numbers");
    }
    return new DeviceArray(pointer.withByteOffset(8 * index), bytes - 8 * index);
  }
}
