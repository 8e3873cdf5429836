package dev.assay.kernel;

import java.lang.foreign.MemorySegment;

/// Memory on a device, with guards before and behind it that no kernel may write.
public interface DeviceBuffer extends AutoCloseable {
  /// Bytes before and behind what a kernel may use.
  long GUARD_BYTES = 4096;

  /// What guards are filled with.
  byte GUARD = (byte) 0xA5;

  /// Without the guards.
  long bytes();

  /// Fills the buffer, and its guards anew.
  void write(MemorySegment from);

  void read(MemorySegment to);

  /// The guards' bytes: those before the buffer, then those behind it.
  void readGuards(MemorySegment to);

  @Override
  void close();
}
