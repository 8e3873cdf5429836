package dev.assay.device.nvidia;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.assay.kernel.Clocks;
import dev.assay.kernel.DeviceBuffer;
import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelDevice;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.KernelModule;
import dev.assay.kernel.KernelSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One device, with its primary context, which is current for the thread that opened it.
final class NvidiaDevice implements KernelDevice {
  private static final int MULTIPROCESSORS = 16;
  private static final int L2_CACHE_BYTES = 38;
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int SHARED_BYTES_OPT_IN = 97;
  private static final int THREADS_OF_BLOCK = 1;
  private static final int NAME_BYTES = 256;
  private static final int ERROR_LOG = 5;
  private static final int ERROR_LOG_BYTES = 6;
  private static final int LOG_BYTES = 1 << 14;
  private static final long LEAST_FLUSHED = 64L << 20;

  private final Driver driver;
  private final int device;
  private final Compiler compiler = new Compiler();
  private final @Nullable Management management;
  private long scratch;

  NvidiaDevice(Driver driver, int device) {
    this.driver = driver;
    this.device = device;
    var context = driver.handle("cuDevicePrimaryCtxRetain", device);
    driver.check("cuCtxSetCurrent", context);
    management = Management.of(driver, device);
  }

  static String name(Driver driver, int device) {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocate(NAME_BYTES);
      driver.check("cuDeviceGetName", text, NAME_BYTES, device);
      return text.getString(0);
    }
  }

  Driver driver() {
    return driver;
  }

  int attribute(int which) {
    return driver.number("cuDeviceGetAttribute", which, device);
  }

  long sharedBytes() {
    return attribute(SHARED_BYTES_OPT_IN);
  }

  @Override
  public boolean isLost() {
    return driver.isLost();
  }

  @Override
  public Map<String, Object> facts() {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("backend", "cuda");
    facts.put("device", name(driver, device));
    facts.put("driver", Integer.toString(driver.number("cuDriverGetVersion")));
    facts.put("capability", capability());
    facts.put("shared_bytes", sharedBytes());
    facts.put("threads", attribute(THREADS_OF_BLOCK));
    facts.put("compute_units", attribute(MULTIPROCESSORS));
    return facts;
  }

  @Override
  public OptionalDouble joules() {
    return management == null ? OptionalDouble.empty() : management.joules();
  }

  @Override
  public Map<String, Object> state() {
    return management == null ? Map.of() : management.state();
  }

  @Override
  public void set(Clocks clocks) throws KernelFailure {
    if (management == null) {
      KernelDevice.super.set(clocks);
    } else {
      management.set(clocks);
    }
  }

  @Override
  public void release(Set<String> names) {
    if (management != null) {
      management.release(names);
    }
  }

  private int capability() {
    return 10 * attribute(CAPABILITY_MAJOR) + attribute(CAPABILITY_MINOR);
  }

  @Override
  public KernelModule compile(KernelSource source) throws KernelFailure {
    var ptx = compiler.ptx(source, capability());
    try (var arena = Arena.ofConfined()) {
      var log = arena.allocate(LOG_BYTES);
      var options = arena.allocateFrom(JAVA_INT, ERROR_LOG, ERROR_LOG_BYTES);
      var values = arena.allocate(ADDRESS, 2);
      values.setAtIndex(ADDRESS, 0, log);
      values.setAtIndex(ADDRESS, 1, MemorySegment.ofAddress(LOG_BYTES));
      var out = arena.allocate(ADDRESS);
      int code =
          driver.code("cuModuleLoadDataEx", out, arena.allocateFrom(ptx), 2, options, values);
      if (code != 0) {
        throw new KernelFailure(
            Invalidity.COMPILE, (driver.words(code) + "\n" + log.getString(0)).strip());
      }
      var module = out.get(ADDRESS, 0);
      var entry = Entry.find(ptx, source.function());
      var name = entry.map(Entry::name).orElse(source.function());
      return new NvidiaModule(this, module, function(module, name, source), entry);
    }
  }

  private MemorySegment function(MemorySegment module, String name, KernelSource source)
      throws KernelFailure {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(ADDRESS);
      int code = driver.code("cuModuleGetFunction", out, module, arena.allocateFrom(name));
      if (code != 0) {
        driver.check("cuModuleUnload", module);
        throw new KernelFailure(
            Invalidity.COMPILE,
            source.file()
                + " has no kernel "
                + source.function()
                + " ("
                + driver.words(code)
                + ")");
      }
      return out.get(ADDRESS, 0);
    }
  }

  @Override
  public DeviceBuffer allocate(long bytes) throws KernelFailure {
    return new NvidiaBuffer(driver, bytes, memory(bytes + 2 * DeviceBuffer.GUARD_BYTES));
  }

  private long memory(long bytes) throws KernelFailure {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(JAVA_LONG);
      int code = driver.code("cuMemAlloc_v2", out, bytes);
      if (code != 0) {
        throw new KernelFailure(
            Invalidity.RUNTIME, "a buffer of " + bytes + " bytes: " + driver.words(code));
      }
      return out.get(JAVA_LONG, 0);
    }
  }

  @Override
  public void flushCaches() throws KernelFailure {
    long bytes = Math.max(LEAST_FLUSHED, 2L * attribute(L2_CACHE_BYTES));
    if (scratch == 0) {
      scratch = memory(bytes);
    }
    driver.check("cuMemsetD8Async", scratch, 1, bytes, MemorySegment.NULL);
    driver.check("cuStreamSynchronize", MemorySegment.NULL);
  }

  @Override
  public void close() {
    if (scratch != 0) {
      driver.check("cuMemFree_v2", scratch);
    }
    driver.check("cuDevicePrimaryCtxRelease_v2", device);
  }
}
