package dev.assay.kernel;

import java.util.Map;
import java.util.OptionalDouble;

/// A device that compiles and runs kernels. Belongs to one thread.
public interface KernelDevice extends AutoCloseable {
  /// Who it is, as JSON values: `backend`, `device`, `driver`, and limits where they are known:
  /// `memory_bytes`, `shared_bytes`, `threads`, `compute_units`.
  Map<String, Object> facts();

  /// @throws KernelFailure with the compiler's message
  KernelModule compile(KernelSource source) throws KernelFailure;

  /// @throws KernelFailure when there is not as much memory
  DeviceBuffer allocate(long bytes) throws KernelFailure;

  /// Empties its caches, by writing more than they hold.
  void flushCaches() throws KernelFailure;

  /// Joules that it used so far, since whenever it began to count; empty where it does not tell.
  default OptionalDouble joules() {
    return OptionalDouble.empty();
  }

  /// Whether a fault of a kernel took the device away from this process for good.
  default boolean isLost() {
    return false;
  }

  @Override
  void close();
}
