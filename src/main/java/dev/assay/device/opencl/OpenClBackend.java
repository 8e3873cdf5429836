package dev.assay.device.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.assay.kernel.KernelBackend;
import dev.assay.kernel.KernelDevice;
import dev.assay.problem.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The devices of all OpenCL platforms.
public final class OpenClBackend implements KernelBackend {
  private static final long ALL_DEVICES = 0xFFFFFFFFL;
  private static final int DEVICE_NAME = 0x102B;

  @Override
  public String id() {
    return "opencl";
  }

  @Override
  public List<String> devices() {
    var library = OpenCl.load();
    return devices(library).stream()
        .map(device -> library.text("clGetDeviceInfo", device, DEVICE_NAME))
        .toList();
  }

  @Override
  public KernelDevice open(int index) {
    var library = OpenCl.load();
    return new OpenClDevice(library, devices(library).get(index));
  }

  private static List<MemorySegment> devices(OpenCl library) {
    var devices = new ArrayList<MemorySegment>();
    for (var platform : handles(library, "clGetPlatformIDs")) {
      devices.addAll(handles(library, "clGetDeviceIDs", platform, ALL_DEVICES));
    }
    if (devices.isEmpty()) {
      throw new Problem(
          "OpenCL has no device here.",
          "libOpenCL lists no platform with a device",
          "Install the driver of your device; for the processor: apt-get install"
              + " pocl-opencl-icd.");
    }
    return devices;
  }

  /// What `clGet...IDs(arguments, room, handles, count)` lists.
  private static List<MemorySegment> handles(OpenCl library, String function, Object... arguments) {
    try (var arena = Arena.ofConfined()) {
      var count = arena.allocate(JAVA_INT);
      int code = library.code(function, list(arguments, 0, MemorySegment.NULL, count));
      if (code == OpenCl.PLATFORM_NOT_FOUND || code == OpenCl.DEVICE_NOT_FOUND) {
        return List.of();
      }
      int n = count.get(JAVA_INT, 0);
      if (code != 0 || n == 0) {
        return List.of();
      }
      var room = arena.allocate(ADDRESS, n);
      library.check(function, list(arguments, n, room, MemorySegment.NULL));
      var handles = new ArrayList<MemorySegment>();
      for (int i = 0; i < n; i++) {
        handles.add(room.getAtIndex(ADDRESS, i));
      }
      return handles;
    }
  }

  private static Object[] list(
      Object[] arguments, int room, MemorySegment to, MemorySegment count) {
    var all = java.util.Arrays.copyOf(arguments, arguments.length + 3);
    all[arguments.length] = room;
    all[arguments.length + 1] = to;
    all[arguments.length + 2] = count;
    return all;
  }
}
