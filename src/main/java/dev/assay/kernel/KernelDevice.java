package dev.assay.kernel;

import dev.assay.problem.Problem;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

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

  /// What it does now, as JSON values: clocks, temperature, what slows it down; empty where it does
  /// not tell.
  default Map<String, Object> state() {
    return Map.of();
  }

  /// Holds it to clocks and a power limit.
  ///
  /// @throws KernelFailure for numbers that it does not take
  /// @throws Problem where it cannot be held to any
  default void set(Clocks clocks) throws KernelFailure {
    throw new Problem(
        "Clocks and power limits cannot be set here.",
        clocks.words() + ", " + facts().get("device"),
        "They are set on NVIDIA cards whose driver brings libnvidia-ml.so.1; otherwise leave out"
            + " clocks.");
  }

  /// Lets it do as it likes again, from any thread; afterwards nothing can be set.
  ///
  /// @param names of [Clocks] that may have been set
  default void release(Set<String> names) {}

  /// Whether a fault of a kernel took the device away from this process for good.
  default boolean isLost() {
    return false;
  }

  @Override
  void close();
}
