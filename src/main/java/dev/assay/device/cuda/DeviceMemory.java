package dev.assay.device.cuda;

import dev.assay.device.DeviceTooSmall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;

/// The memory of one device. Pieces that were given back are kept, by size, for whoever asks next:
/// a suggestion then costs no call of the allocator. Thread-safe.
///
/// The system property `assay.cuda.exactMemory` (`true`) is for memory checkers such as
/// compute-sanitizer, which know arrays by the driver's allocations: each array is one of just its
/// size, and freed as soon as it is given back.
final class DeviceMemory {
  private static final boolean EXACT = Boolean.getBoolean("assay.cuda.exactMemory");

  private final CudaDevice device;
  private final Map<Long, Deque<CUdeviceptr>> free = new HashMap<>();
  private final AtomicLong inUse = new AtomicLong();
  private long held; // in use and free

  DeviceMemory(CudaDevice device) {
    this.device = device;
  }

  /// Bytes that arenas hold now: 0 when every session is closed.
  long inUse() {
    return inUse.get();
  }

  /// Bytes that were asked of the driver and not given back to it.
  synchronized long held() {
    return held;
  }

  /// Memory that is freed together.
  Arena arena() {
    return new Arena();
  }

  /// Rounded up, so that sizes recur: to a quarter of a power of two, at least 256 bytes.
  private static long rounded(long bytes) {
    if (EXACT) {
      return bytes;
    }
    if (bytes <= 256) {
      return 256;
    }
    long step = Long.highestOneBit(bytes - 1) / 4;
    return (bytes + step - 1) / step * step;
  }

  private synchronized CUdeviceptr take(long size) {
    var same = free.get(size);
    if (same != null && !same.isEmpty()) {
      return same.pop();
    }
    var pointer = new CUdeviceptr();
    int code = device.call(() -> JCudaDriver.cuMemAlloc(pointer, size));
    if (code == CudaFailure.OUT_OF_MEMORY && trim() > 0) {
      code = device.call(() -> JCudaDriver.cuMemAlloc(pointer, size));
    }
    if (code == CudaFailure.OUT_OF_MEMORY) {
      throw DeviceTooSmall.memory(device.name(), figures(size));
    }
    if (code != 0) {
      throw device.failure(code, "cuMemAlloc of " + size + " bytes");
    }
    held += size;
    return pointer;
  }

  private String figures(long size) {
    var left = new long[1];
    var total = new long[1];
    device.call(() -> JCudaDriver.cuMemGetInfo(left, total));
    return "needs "
        + words(size)
        + " more, has "
        + words(left[0])
        + " of "
        + words(total[0])
        + " free";
  }

  /// Also where a few bytes are missing: `needs 0.0 MB` explains nothing.
  private static String words(long bytes) {
    return bytes < 100_000 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f MB", bytes * 1e-6);
  }

  /// Bytes that this process could have in all: what the driver has free, and what is held here.
  /// None once the device is lost.
  long obtainable() {
    var left = new long[1];
    if (device.lost() != null
        || device.call(() -> JCudaDriver.cuMemGetInfo(left, new long[1])) != 0) {
      return 0;
    }
    return left[0] + held();
  }

  private synchronized void give(CUdeviceptr pointer, long size) {
    free.computeIfAbsent(size, _ -> new ArrayDeque<>()).push(pointer);
    if (EXACT) {
      trim();
    }
  }

  /// Returns to the driver what no arena holds.
  ///
  /// @return how many bytes
  synchronized long trim() {
    if (device.lost() != null) {
      return 0;
    }
    long bytes = 0;
    for (var entry : free.entrySet()) {
      for (var pointer : entry.getValue()) {
        device.check("cuMemFree", () -> JCudaDriver.cuMemFree(pointer));
        bytes += entry.getKey();
      }
    }
    free.clear();
    held -= bytes;
    return bytes;
  }

  /// What one session holds. Belongs to one thread at a time.
  final class Arena implements AutoCloseable {
    private final List<DeviceArray> arrays = new ArrayList<>();

    /// Memory for so many bytes (at least one), of any content.
    ///
    /// @throws DeviceTooSmall with what is needed and what is there
    DeviceArray bytes(long bytes) {
      long size = rounded(Math.max(bytes, 1));
      var array = new DeviceArray(take(size), size);
      arrays.add(array);
      inUse.addAndGet(size);
      return array;
    }

    DeviceArray doubles(long count) {
      return bytes(Math.multiplyExact(8, count));
    }

    DeviceArray ints(long count) {
      return bytes(Math.multiplyExact(4, count));
    }

    DeviceArray floats(long count) {
      return bytes(Math.multiplyExact(4, count));
    }

    /// An array of at least that many numbers: the old one where it is large enough, else a new one
    /// of half as many again, of any content.
    DeviceArray grown(DeviceArray old, long count) {
      if (old.bytes() >= 8 * count && old.bytes() > 0) {
        return old;
      }
      free(old);
      return doubles(count + count / 2);
    }

    /// Frees one array early. No work that uses it may be under way.
    void free(DeviceArray array) {
      if (arrays.remove(array)) {
        inUse.addAndGet(-array.bytes());
        give(array.pointer(), array.bytes());
      }
    }

    @Override
    public void close() {
      for (var array : arrays) {
        inUse.addAndGet(-array.bytes());
        give(array.pointer(), array.bytes());
      }
      arrays.clear();
    }
  }
}
