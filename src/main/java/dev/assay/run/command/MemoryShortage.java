package dev.assay.run.command;

import java.util.regex.Pattern;

/// Recognises, in what a program printed before it failed, that memory ran out.
final class MemoryShortage {
  /// PyTorch, CUDA, cuBLAS, JAX and TensorFlow (XLA), CuPy; then the host: C++, Python, Java, libc.
  private static final Pattern WORDS =
      Pattern.compile(
          "CUDA out of memory|CUDA error: out of memory|cuda(?:Error)?MemoryAllocation"
              + "|CUDA_ERROR_OUT_OF_MEMORY|CUBLAS_STATUS_ALLOC_FAILED|OutOfMemoryError"
              + "|HIP out of memory|RESOURCE_EXHAUSTED: Out of memory|ResourceExhaustedError"
              + "|out of memory allocating|std::bad_alloc|^MemoryError|Cannot allocate memory",
          Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);

  private MemoryShortage() {}

  static boolean isIn(String output) {
    return WORDS.matcher(output).find();
  }
}
