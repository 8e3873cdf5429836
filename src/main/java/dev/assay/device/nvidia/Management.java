package dev.assay.device.nvidia;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.assay.kernel.Clocks;
import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.NativeLibrary;
import dev.assay.problem.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A card through NVIDIA's management library (NVML API reference): what it uses, what slows it
/// down, and what it is held to. Thread-safe.
final class Management {
  private static final List<String> LIBRARIES = List.of("libnvidia-ml.so.1", "nvml.dll");
  private static final int UUID_BYTES = 16;

  private static final int INVALID_ARGUMENT = 2;

  private static final int SM_CLOCK = 1;
  private static final int MEMORY_CLOCK = 2;
  private static final int GPU_TEMPERATURE = 0;

  /// Bits of `nvmlClocksThrottleReasons` that say that a kernel was slowed down.
  private static final Map<Long, String> THROTTLES =
      Map.of(
          0x04L, "power limit",
          0x08L, "hardware slowdown",
          0x20L, "heat, by the driver",
          0x40L, "heat, by the card",
          0x80L, "power brake");

  private final NativeLibrary library;
  private final MemorySegment card;
  private boolean released;

  private Management(NativeLibrary library, MemorySegment card) {
    this.library = library;
    this.card = card;
  }

  /// @param device as the driver numbers it
  /// @return null where there is no library, or it does not know the card
  static @Nullable Management of(Driver driver, int device) {
    var named = System.getProperty("assay.nvml.library");
    var library = NativeLibrary.find(named == null ? LIBRARIES : List.of(named)).orElse(null);
    if (library == null || library.code("nvmlInit_v2") != 0) {
      return null;
    }
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocate(UUID_BYTES);
      if (driver.code("cuDeviceGetUuid", bytes, device) != 0) {
        return null;
      }
      var card = arena.allocate(ADDRESS);
      var uuid = arena.allocateFrom(words(bytes.toArray(JAVA_BYTE)));
      return library.code("nvmlDeviceGetHandleByUUID", uuid, card) == 0
          ? new Management(library, card.get(ADDRESS, 0))
          : null;
    }
  }

  /// As NVML writes it: `GPU-8e4cbd8a-...`.
  private static String words(byte[] uuid) {
    var hex = HexFormat.of().formatHex(uuid);
    return "GPU-"
        + String.join(
            "-",
            hex.substring(0, 8),
            hex.substring(8, 12),
            hex.substring(12, 16),
            hex.substring(16, 20),
            hex.substring(20));
  }

  /// Joules since the driver was loaded, of Volta and newer cards; empty where the card does not
  /// count them.
  OptionalDouble joules() {
    try (var arena = Arena.ofConfined()) {
      var millijoules = arena.allocate(JAVA_LONG);
      return library.code("nvmlDeviceGetTotalEnergyConsumption", card, millijoules) == 0
          ? OptionalDouble.of(millijoules.get(JAVA_LONG, 0) * 1e-3)
          : OptionalDouble.empty();
    }
  }

  /// What it does now, as far as it tells.
  Map<String, Object> state() {
    var state = new LinkedHashMap<String, Object>();
    put(state, "sm_mhz", "nvmlDeviceGetClockInfo", SM_CLOCK);
    put(state, "memory_mhz", "nvmlDeviceGetClockInfo", MEMORY_CLOCK);
    put(state, "celsius", "nvmlDeviceGetTemperature", GPU_TEMPERATURE);
    if (library.has("nvmlDeviceGetCurrentClocksThrottleReasons")) {
      try (var arena = Arena.ofConfined()) {
        var bits = arena.allocate(JAVA_LONG);
        if (library.code("nvmlDeviceGetCurrentClocksThrottleReasons", card, bits) == 0) {
          var reasons = new ArrayList<String>();
          THROTTLES.forEach((bit, words) -> {
            if ((bits.get(JAVA_LONG, 0) & bit) != 0) {
              reasons.add(words);
            }
          });
          state.put("throttled", reasons.stream().sorted().toList());
        }
      }
    }
    return state;
  }

  private void put(Map<String, Object> state, String key, String function, int which) {
    if (library.has(function)) {
      try (var arena = Arena.ofConfined()) {
        var number = arena.allocate(JAVA_INT);
        if (library.code(function, card, which, number) == 0) {
          state.put(key, number.get(JAVA_INT, 0));
        }
      }
    }
  }

  /// @throws KernelFailure for numbers that the card does not take
  /// @throws Problem where it may not be held to anything by this user, or at all
  synchronized void set(Clocks clocks) throws KernelFailure {
    if (released) {
      return;
    }
    lock(Clocks.GRAPHICS, "nvmlDeviceSetGpuLockedClocks", clocks.graphicsMhz());
    lock(Clocks.MEMORY, "nvmlDeviceSetMemoryLockedClocks", clocks.memoryMhz());
    if (clocks.watts() > 0) {
      int milliwatts = Math.toIntExact(Math.min(Integer.MAX_VALUE, 1000 * clocks.watts()));
      check(
          Clocks.POWER,
          clocks.watts(),
          library.has("nvmlDeviceSetPowerManagementLimit")
              ? library.code("nvmlDeviceSetPowerManagementLimit", card, milliwatts)
              : -1,
          limits());
    }
  }

  private void lock(String name, String function, long megahertz) throws KernelFailure {
    if (megahertz > 0) {
      int exactly = Math.toIntExact(Math.min(Integer.MAX_VALUE, megahertz));
      check(
          name,
          megahertz,
          library.has(function) ? library.code(function, card, exactly, exactly) : -1,
          "; nvidia-smi -q -d SUPPORTED_CLOCKS lists what it takes");
    }
  }

  private String limits() {
    try (var arena = Arena.ofConfined()) {
      var least = arena.allocate(JAVA_INT);
      var most = arena.allocate(JAVA_INT);
      var function = "nvmlDeviceGetPowerManagementLimitConstraints";
      return library.has(function) && library.code(function, card, least, most) == 0
          ? "; it takes "
              + least.get(JAVA_INT, 0) / 1000
              + " to "
              + most.get(JAVA_INT, 0) / 1000
              + " W"
          : "";
    }
  }

  private void check(String name, long value, int code, String allowed) throws KernelFailure {
    if (code == INVALID_ARGUMENT) {
      throw new KernelFailure(
          Invalidity.RUNTIME, "the card does not take " + name + " " + value + allowed);
    }
    if (code != 0) {
      throw new Problem(
          "Clocks and power limits cannot be set here.",
          name + " " + value + ": " + (code < 0 ? "the driver is too old" : words(code)),
          "Setting them takes root's rights and a card that allows it; see nvidia-smi -lgc."
              + " Otherwise leave out clocks.");
    }
  }

  private String words(int code) {
    if (library.call("nvmlErrorString", ADDRESS, code) instanceof MemorySegment text) {
      return text.reinterpret(256).getString(0) + ", NVML error " + code;
    }
    return "NVML error " + code;
  }

  /// Lets the card do as it likes again; nothing can be set afterwards.
  ///
  /// @param names of [Clocks] that may have been set
  synchronized void release(Set<String> names) {
    released = true;
    if (names.contains(Clocks.GRAPHICS) && library.has("nvmlDeviceResetGpuLockedClocks")) {
      library.code("nvmlDeviceResetGpuLockedClocks", card);
    }
    if (names.contains(Clocks.MEMORY) && library.has("nvmlDeviceResetMemoryLockedClocks")) {
      library.code("nvmlDeviceResetMemoryLockedClocks", card);
    }
    if (names.contains(Clocks.POWER) && library.has("nvmlDeviceGetPowerManagementDefaultLimit")) {
      try (var arena = Arena.ofConfined()) {
        var usual = arena.allocate(JAVA_INT);
        if (library.code("nvmlDeviceGetPowerManagementDefaultLimit", card, usual) == 0) {
          library.code("nvmlDeviceSetPowerManagementLimit", card, usual.get(JAVA_INT, 0));
        }
      }
    }
  }
}
