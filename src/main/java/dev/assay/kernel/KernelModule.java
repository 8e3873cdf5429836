package dev.assay.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A compiled kernel.
public interface KernelModule extends AutoCloseable {
  /// What is known of it once it is compiled: `registers` a thread, `shared_bytes` and
  /// `private_bytes` that it takes by itself, `occupancy` between 0 and 1, where the device tells.
  Map<String, Object> facts(Launch launch);

  /// Binds the arguments, in the kernel's order.
  ///
  /// @throws KernelFailure when they are not as the kernel wants them
  void bind(List<Bound> arguments) throws KernelFailure;

  /// Launches it and waits for its end.
  ///
  /// @return milliseconds by the device's own clock
  /// @throws KernelFailure when the device refuses the launch, or the kernel fails
  double run(Launch launch) throws KernelFailure;

  @Override
  void close();

  /// An argument as the device takes it: exactly one of the three is given.
  ///
  /// @param buffer memory on the device
  /// @param bytes a scalar's bytes
  /// @param localBytes of local memory; 0: it is none
  record Bound(@Nullable DeviceBuffer buffer, @Nullable MemorySegment bytes, long localBytes) {}
}
