package dev.assay.device.cuda;

import java.util.Set;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// A call of the driver that failed, of a device that goes on: a defect of Assay, or a driver that
/// lacks something.
final class CudaFailure extends IllegalStateException {
  private static final long serialVersionUID = 1;

  static final int OUT_OF_MEMORY = CUresult.CUDA_ERROR_OUT_OF_MEMORY;

  /// After these the driver answers every call with the same error, or the device is gone.
  private static final Set<Integer> LAST =
      Set.of(
          CUresult.CUDA_ERROR_NOT_INITIALIZED,
          CUresult.CUDA_ERROR_DEINITIALIZED,
          CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE,
          CUresult.CUDA_ERROR_NO_DEVICE,
          CUresult.CUDA_ERROR_INVALID_DEVICE,
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE,
          226, // CUDA_ERROR_CONTAINED
          CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
          CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
          CUresult.CUDA_ERROR_ASSERT,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
          CUresult.CUDA_ERROR_INVALID_PC,
          CUresult.CUDA_ERROR_LAUNCH_FAILED,
          721, // CUDA_ERROR_TENSOR_MEMORY_LEAK
          CUresult.CUDA_ERROR_UNKNOWN);

  CudaFailure(String message) {
    super(message);
  }

  /// For calls that need no context.
  ///
  /// @param what the call, with kernel and shapes where there are any
  static void check(int code, String what) {
    if (code != CUresult.CUDA_SUCCESS) {
      throw new CudaFailure(what + ": " + words(code));
    }
  }

  /// Whether nothing more can be done on a device after it.
  static boolean isLast(int code) {
    return LAST.contains(code);
  }

  static String words(int code) {
    var text = new String[1];
    JCudaDriver.cuGetErrorString(code, text);
    var name = CUresult.stringFor(code);
    return (name.startsWith("INVALID") ? "error " + code : name)
        + (text[0] == null ? "" : ", " + text[0]);
  }
}
