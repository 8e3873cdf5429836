package dev.assay.device.nvidia;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.KernelModule;
import dev.assay.kernel.Launch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A kernel of a loaded module.
final class NvidiaModule implements KernelModule {
  private static final int STATIC_SHARED_BYTES = 1;
  private static final int LOCAL_BYTES = 3;
  private static final int REGISTERS = 4;
  private static final int SET_DYNAMIC_SHARED_BYTES = 8;
  private static final int THREADS_OF_MULTIPROCESSOR = 39;

  /// More needs the kernel's leave.
  private static final int SHARED_BYTES_UNASKED = 48 << 10;

  private final NvidiaDevice device;
  private final Driver driver;
  private final MemorySegment module;
  private final MemorySegment function;
  private final Optional<Entry> entry;
  private final MemorySegment start;
  private final MemorySegment end;

  /// Addresses of the arguments; they and what they point to live as long as this does.
  private MemorySegment parameters = MemorySegment.NULL;

  NvidiaModule(
      NvidiaDevice device, MemorySegment module, MemorySegment function, Optional<Entry> entry) {
    this.device = device;
    driver = device.driver();
    this.module = module;
    this.function = function;
    this.entry = entry;
    start = driver.handle("cuEventCreate", 0);
    end = driver.handle("cuEventCreate", 0);
  }

  @Override
  public Map<String, Object> facts(Launch launch) {
    var facts = new LinkedHashMap<String, Object>();
    if (driver.has("cuFuncGetAttribute")) {
      facts.put("registers", driver.number("cuFuncGetAttribute", REGISTERS, function));
      facts.put("shared_bytes", driver.number("cuFuncGetAttribute", STATIC_SHARED_BYTES, function));
      facts.put("private_bytes", driver.number("cuFuncGetAttribute", LOCAL_BYTES, function));
    }
    int most = device.attribute(THREADS_OF_MULTIPROCESSOR);
    if (most > 0 && driver.has("cuOccupancyMaxActiveBlocksPerMultiprocessor")) {
      int blocks =
          driver.number(
              "cuOccupancyMaxActiveBlocksPerMultiprocessor",
              function,
              (int) launch.threads(),
              launch.sharedBytes());
      facts.put("occupancy", (double) blocks * launch.threads() / most);
    }
    return facts;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // the next binding closes it, or the module's end
  public void bind(List<Bound> arguments) throws KernelFailure {
    if (entry.isPresent()) {
      check(entry.get().parameters(), arguments);
    }
    var arena = Arena.ofAuto();
    parameters = arena.allocate(ADDRESS, Math.max(1, arguments.size()));
    for (int i = 0; i < arguments.size(); i++) {
      var argument = arguments.get(i);
      var value = arena.allocate(JAVA_LONG);
      if (argument.buffer() instanceof NvidiaBuffer buffer) {
        value.set(JAVA_LONG, 0, buffer.address());
      } else if (argument.bytes() instanceof MemorySegment bytes) {
        value.copyFrom(bytes);
      } else {
        throw new KernelFailure(
            Invalidity.RUNTIME, "argument " + i + ": CUDA has no local arguments");
      }
      parameters.setAtIndex(ADDRESS, i, value);
    }
  }

  private static void check(List<Integer> wanted, List<Bound> arguments) throws KernelFailure {
    if (wanted.size() != arguments.size()) {
      throw new KernelFailure(
          Invalidity.RUNTIME,
          "the kernel has " + wanted.size() + " arguments, and " + arguments.size() + " are given");
    }
    for (int i = 0; i < wanted.size(); i++) {
      long given = arguments.get(i).bytes() instanceof MemorySegment s ? s.byteSize() : Long.BYTES;
      if (given != wanted.get(i)) {
        throw new KernelFailure(
            Invalidity.RUNTIME,
            "argument " + i + " has " + wanted.get(i) + " bytes, and " + given + " are given");
      }
    }
  }

  @Override
  public double run(Launch launch) throws KernelFailure {
    if (launch.sharedBytes() > device.sharedBytes()) {
      throw new KernelFailure(
          Invalidity.RUNTIME,
          "a block needs "
              + launch.sharedBytes()
              + " bytes of shared memory; the device has "
              + device.sharedBytes());
    }
    if (launch.sharedBytes() > SHARED_BYTES_UNASKED) {
      driver.run(
          "cuFuncSetAttribute", function, SET_DYNAMIC_SHARED_BYTES, (int) launch.sharedBytes());
    }
    driver.check("cuEventRecord", start, MemorySegment.NULL);
    driver.run(
        "cuLaunchKernel",
        function,
        along(launch.grid(), 0),
        along(launch.grid(), 1),
        along(launch.grid(), 2),
        along(launch.block(), 0),
        along(launch.block(), 1),
        along(launch.block(), 2),
        (int) launch.sharedBytes(),
        MemorySegment.NULL,
        parameters,
        MemorySegment.NULL);
    driver.check("cuEventRecord", end, MemorySegment.NULL);
    driver.run("cuStreamSynchronize", MemorySegment.NULL);
    try (var own = Arena.ofConfined()) {
      var milliseconds = own.allocate(JAVA_FLOAT);
      driver.run("cuEventElapsedTime", milliseconds, start, end);
      return milliseconds.get(JAVA_FLOAT, 0);
    }
  }

  private static int along(List<Long> sizes, int dimension) throws KernelFailure {
    long size = dimension < sizes.size() ? sizes.get(dimension) : 1;
    if (size > Integer.MAX_VALUE) {
      throw new KernelFailure(Invalidity.RUNTIME, "a launch of " + size + " along a dimension");
    }
    return (int) size;
  }

  @Override
  public void close() {
    if (!driver.isLost()) {
      driver.check("cuEventDestroy_v2", start);
      driver.check("cuEventDestroy_v2", end);
      driver.check("cuModuleUnload", module);
    }
  }
}
