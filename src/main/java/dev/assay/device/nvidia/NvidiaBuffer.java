package dev.assay.device.nvidia;

import dev.assay.kernel.DeviceBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The middle part of an allocation: what lies around it are the guards.
final class NvidiaBuffer implements DeviceBuffer {
  private final Driver driver;
  private final long bytes;
  private final long whole;

  /// @param whole address of an allocation with room for the guards; owned by this buffer
  NvidiaBuffer(Driver driver, long bytes, long whole) {
    this.driver = driver;
    this.bytes = bytes;
    this.whole = whole;
  }

  /// What a kernel is given.
  long address() {
    return whole + GUARD_BYTES;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void write(MemorySegment from) {
    if (bytes > 0) {
      driver.check("cuMemcpyHtoDAsync_v2", address(), from, bytes, MemorySegment.NULL);
    }
    try (var arena = Arena.ofConfined()) {
      var guard = arena.allocate(GUARD_BYTES);
      guard.fill(GUARD);
      driver.check("cuMemcpyHtoDAsync_v2", whole, guard, GUARD_BYTES, MemorySegment.NULL);
      driver.check(
          "cuMemcpyHtoDAsync_v2", address() + bytes, guard, GUARD_BYTES, MemorySegment.NULL);
      driver.check("cuStreamSynchronize", MemorySegment.NULL);
    }
  }

  @Override
  public void read(MemorySegment to) {
    if (bytes > 0) {
      driver.check("cuMemcpyDtoHAsync_v2", to, address(), bytes, MemorySegment.NULL);
      driver.check("cuStreamSynchronize", MemorySegment.NULL);
    }
  }

  @Override
  public void readGuards(MemorySegment to) {
    driver.check("cuMemcpyDtoHAsync_v2", to, whole, GUARD_BYTES, MemorySegment.NULL);
    driver.check(
        "cuMemcpyDtoHAsync_v2",
        to.asSlice(GUARD_BYTES),
        address() + bytes,
        GUARD_BYTES,
        MemorySegment.NULL);
    driver.check("cuStreamSynchronize", MemorySegment.NULL);
  }

  @Override
  public void close() {
    if (!driver.isLost()) {
      driver.check("cuMemFree_v2", whole);
    }
  }
}
