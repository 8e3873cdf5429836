package dev.assay.device.opencl;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.assay.kernel.DeviceBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The middle part of a larger buffer: what lies around it are the guards.
final class OpenClBuffer implements DeviceBuffer {
  private static final int REGION = 0x1220;
  private static final int BLOCKING = 1;

  private final OpenClDevice device;
  private final long bytes;
  private final MemorySegment whole;
  private final MemorySegment part;

  /// @param whole with room for the guards; owned by this buffer
  OpenClBuffer(OpenClDevice device, long bytes, MemorySegment whole) {
    this.device = device;
    this.bytes = bytes;
    this.whole = whole;
    try (var arena = Arena.ofConfined()) {
      var region = arena.allocate(JAVA_LONG, 2); // cl_buffer_region: origin, size
      region.setAtIndex(JAVA_LONG, 0, GUARD_BYTES);
      region.setAtIndex(JAVA_LONG, 1, Math.max(1, bytes));
      part = device.library().make("clCreateSubBuffer", whole, 0L, REGION, region);
    }
  }

  /// What a kernel is given.
  MemorySegment handle() {
    return part;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void write(MemorySegment from) {
    if (bytes > 0) {
      transfer("clEnqueueWriteBuffer", GUARD_BYTES, from);
    }
    try (var arena = Arena.ofConfined()) {
      var guard = arena.allocate(GUARD_BYTES);
      guard.fill(GUARD);
      transfer("clEnqueueWriteBuffer", 0, guard);
      transfer("clEnqueueWriteBuffer", GUARD_BYTES + bytes, guard);
    }
  }

  @Override
  public void read(MemorySegment to) {
    if (bytes > 0) {
      transfer("clEnqueueReadBuffer", GUARD_BYTES, to);
    }
  }

  @Override
  public void readGuards(MemorySegment to) {
    transfer("clEnqueueReadBuffer", 0, to.asSlice(0, GUARD_BYTES));
    transfer("clEnqueueReadBuffer", GUARD_BYTES + bytes, to.asSlice(GUARD_BYTES, GUARD_BYTES));
  }

  private void transfer(String function, long offset, MemorySegment host) {
    if (!host.isNative()) {
      throw new IllegalArgumentException("memory of the heap has no address");
    }
    device
        .library()
        .check(
            function,
            device.queue(),
            whole,
            BLOCKING,
            offset,
            host.byteSize(),
            host,
            0,
            MemorySegment.NULL,
            MemorySegment.NULL);
  }

  @Override
  public void close() {
    device.library().check("clReleaseMemObject", part);
    device.library().check("clReleaseMemObject", whole);
  }
}
