package dev.assay.run.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.assay.internal.words.Log;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// NVIDIA's management library, which comes with the driver. Functions and structures: NVML API
/// reference, device queries. Every function returns 0 for success.
public final class NvmlMonitor implements GpuMonitor {
  private static final Logger LOG = Log.of(NvmlMonitor.class);

  private static final String LIBRARY = "libnvidia-ml.so.1";
  private static final int NAME_BYTES = 96;

  /// nvmlProcessInfo_t: pid, used memory (bytes, all ones where unknown), two instance ids.
  private static final MemoryLayout PROCESS =
      MemoryLayout.structLayout(
          JAVA_INT, MemoryLayout.paddingLayout(4), JAVA_LONG, JAVA_INT, JAVA_INT);

  private static final int MOST_PROCESSES = 256;

  private final MethodHandle count;
  private final MethodHandle byIndex;
  private final MethodHandle name;
  private final @Nullable MethodHandle uuid;
  private final MethodHandle memory;
  private final MethodHandle utilization;
  private final @Nullable MethodHandle processes;
  private final MethodHandle shutdown;
  private final List<Gpu> gpus = new ArrayList<>();

  private NvmlMonitor(SymbolLookup symbols) throws Throwable {
    var unsignedOut = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    var deviceAndOut = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
    check(
        (int) bind(symbols, "nvmlInit_v2", FunctionDescriptor.of(JAVA_INT)).invokeExact(),
        "nvmlInit_v2");
    count = bind(symbols, "nvmlDeviceGetCount_v2", unsignedOut);
    byIndex =
        bind(
            symbols,
            "nvmlDeviceGetHandleByIndex_v2",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    var text = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    name = bind(symbols, "nvmlDeviceGetName", text);
    uuid =
        symbols
            .find("nvmlDeviceGetUUID")
            .map(symbol -> Linker.nativeLinker().downcallHandle(symbol, text))
            .orElse(null);
    memory = bind(symbols, "nvmlDeviceGetMemoryInfo", deviceAndOut);
    utilization = bind(symbols, "nvmlDeviceGetUtilizationRates", deviceAndOut);
    var listing = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    processes =
        symbols
            .find("nvmlDeviceGetComputeRunningProcesses_v3")
            .or(() -> symbols.find("nvmlDeviceGetComputeRunningProcesses_v2"))
            .map(symbol -> Linker.nativeLinker().downcallHandle(symbol, listing))
            .orElse(null);
    shutdown = bind(symbols, "nvmlShutdown", FunctionDescriptor.of(JAVA_INT));
    list();
  }

  private static MethodHandle bind(SymbolLookup symbols, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type);
  }

  private static void check(int result, String function) {
    if (result != 0) {
      throw new IllegalStateException(function + " returned " + result);
    }
  }

  /// The driver's monitor; empty where there is no NVIDIA driver.
  public static Optional<GpuMonitor> open() {
    if (!NvmlMonitor.class.getModule().isNativeAccessEnabled()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new NvmlMonitor(SymbolLookup.libraryLookup(LIBRARY, Arena.global())));
    } catch (IllegalArgumentException e) {
      LOG.debug("There is no {}: no NVIDIA driver.", LIBRARY);
      return Optional.empty();
    } catch (Throwable e) {
      LOG.warn("The NVIDIA driver does not say which GPUs there are: {}", e.toString());
      return Optional.empty();
    }
  }

  private void list() throws Throwable {
    try (var arena = Arena.ofConfined()) {
      var number = arena.allocate(JAVA_INT);
      check((int) count.invokeExact(number), "nvmlDeviceGetCount_v2");
      for (int i = 0; i < number.get(JAVA_INT, 0); i++) {
        var device = device(arena, i);
        var text = arena.allocate(NAME_BYTES);
        boolean named = (int) name.invokeExact(device, text, NAME_BYTES) == 0;
        var bytes = arena.allocate(JAVA_LONG, 3); // total, free, used
        check((int) memory.invokeExact(device, bytes), "nvmlDeviceGetMemoryInfo");
        gpus.add(
            new Gpu(
                Integer.toString(i),
                i,
                uuid(arena, device),
                named ? text.getString(0) : "",
                bytes.get(JAVA_LONG, 0)));
      }
    }
  }

  private String uuid(Arena arena, MemorySegment device) throws Throwable {
    var text = arena.allocate(NAME_BYTES);
    return uuid != null && (int) uuid.invokeExact(device, text, NAME_BYTES) == 0
        ? text.getString(0)
        : "";
  }

  private MemorySegment device(Arena arena, int index) throws Throwable {
    var handle = arena.allocate(ADDRESS);
    check((int) byIndex.invokeExact(index, handle), "nvmlDeviceGetHandleByIndex_v2");
    return handle.get(ADDRESS, 0);
  }

  @Override
  public List<Gpu> gpus() {
    return List.copyOf(gpus);
  }

  @Override
  public @Nullable Sample sample(int index) {
    try (var arena = Arena.ofConfined()) {
      var device = device(arena, index);
      var bytes = arena.allocate(JAVA_LONG, 3);
      check((int) memory.invokeExact(device, bytes), "nvmlDeviceGetMemoryInfo");
      var rates = arena.allocate(JAVA_INT, 2); // per cent: GPU, memory
      boolean known = (int) utilization.invokeExact(device, rates) == 0;
      return new Sample(
          known ? rates.get(JAVA_INT, 0) / 100.0 : 0,
          bytes.get(JAVA_LONG, 16),
          occupants(arena, device));
    } catch (Throwable e) {
      LOG.debug("GPU {} cannot be sampled.", index, e);
      return null;
    }
  }

  private List<Occupant> occupants(Arena arena, MemorySegment device) throws Throwable {
    var list = new ArrayList<Occupant>();
    if (processes == null) {
      return list;
    }
    var number = arena.allocate(JAVA_INT);
    number.set(JAVA_INT, 0, MOST_PROCESSES);
    var infos = arena.allocate(PROCESS, MOST_PROCESSES);
    if ((int) processes.invokeExact(device, number, infos) != 0) {
      return list;
    }
    for (int i = 0; i < number.get(JAVA_INT, 0); i++) {
      long at = i * PROCESS.byteSize();
      long used = infos.get(JAVA_LONG, at + 8);
      list.add(new Occupant(infos.get(JAVA_INT, at), Math.max(0, used)));
    }
    return list;
  }

  @Override
  public void close() {
    try {
      int _ = (int) shutdown.invokeExact();
    } catch (Throwable e) {
      LOG.debug("nvmlShutdown failed.", e);
    }
  }
}
