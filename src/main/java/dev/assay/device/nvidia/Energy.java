package dev.assay.device.nvidia;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.assay.kernel.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// The energy that a card used since its driver was loaded, by NVIDIA's management library (NVML
/// API reference: nvmlDeviceGetTotalEnergyConsumption, of Volta and newer cards).
final class Energy {
  private static final List<String> LIBRARIES = List.of("libnvidia-ml.so.1", "nvml.dll");
  private static final int UUID_BYTES = 16;

  private final NativeLibrary library;
  private final MemorySegment card;

  private Energy(NativeLibrary library, MemorySegment card) {
    this.library = library;
    this.card = card;
  }

  /// @param device as the driver numbers it
  /// @return null where there is no library, or it does not know the card
  static @Nullable Energy of(Driver driver, int device) {
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
          ? new Energy(library, card.get(ADDRESS, 0))
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

  /// Joules; empty where the card does not count them.
  OptionalDouble joules() {
    try (var arena = Arena.ofConfined()) {
      var millijoules = arena.allocate(JAVA_LONG);
      return library.code("nvmlDeviceGetTotalEnergyConsumption", card, millijoules) == 0
          ? OptionalDouble.of(millijoules.get(JAVA_LONG, 0) * 1e-3)
          : OptionalDouble.empty();
    }
  }
}
