package dev.assay.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// What the NVIDIA driver says of a device's memory: it counts what anybody holds there, this
/// process with all that its libraries keep included.
final class DriverMemory {
  private final MethodHandle info;

  private DriverMemory(MethodHandle info) {
    this.info = info;
  }

  /// @return null where there is no driver
  static @Nullable DriverMemory find() {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    try {
      var driver =
          SymbolLookup.libraryLookup(windows ? "nvcuda.dll" : "libcuda.so.1", Arena.global());
      var function = driver.find("cuMemGetInfo_v2").orElse(null);
      if (function == null) {
        return null;
      }
      var shape =
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
      return new DriverMemory(Linker.nativeLinker().downcallHandle(function, shape));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// Bytes in use on the device whose context is current on this thread.
  long used() {
    try (var arena = Arena.ofConfined()) {
      var free = arena.allocate(ValueLayout.JAVA_LONG);
      var total = arena.allocate(ValueLayout.JAVA_LONG);
      int code = (int) info.invokeExact(free, total);
      if (code != 0) {
        throw new IllegalStateException("cuMemGetInfo answered " + code);
      }
      return total.get(ValueLayout.JAVA_LONG, 0) - free.get(ValueLayout.JAVA_LONG, 0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) { // which invokeExact declares
      throw new IllegalStateException(e);
    }
  }
}
