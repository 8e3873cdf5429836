package dev.assay.device.cuda;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// A call of the driver that failed.
final class CudaFailure extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /// The driver's code for memory that is not there.
  static final int OUT_OF_MEMORY = 2;

  CudaFailure(String message) {
    super(message);
  }

  /// @param what the call, with kernel and shapes where there are any
  static void check(int code, String what) {
    if (code != CUresult.CUDA_SUCCESS) {
      throw new CudaFailure(what + ": " + words(code));
    }
  }

  static String words(int code) {
    var text = new String[1];
    JCudaDriver.cuGetErrorString(code, text);
    return CUresult.stringFor(code) + (text[0] == null ? "" : ", " + text[0]);
  }
}
