package dev.assay.device.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Looks for a CUDA driver without JCuda, which can only be loaded where there is one, and which
/// ends the JVM where a symbol is missing from an old one.
final class DriverProbe {
  /// CUDA 12.0, which the natives of JCuda are built for; driver 525.
  static final int LEAST_VERSION = 12000;

  private static final String LINUX_NAME = "libcuda.so.1";
  private static final String WINDOWS_NAME = "nvcuda.dll";

  /// What only the stand-in of `kernels/standin` has.
  private static final String STAND_IN = "standin_launches";

  private static final String STAND_IN_ALLOWED = "ASSAY_STANDIN";

  private static final Pattern RELEASE =
      Pattern.compile("Kernel Module(?: for \\S+)?\\s+([0-9.]+)");

  private DriverProbe() {}

  /// What was found.
  sealed interface Finding {
    /// @param version as the driver gives it: 12060 for CUDA 12.6
    /// @param devices how many, at least one
    record Usable(int version, int devices) implements Finding {}

    /// @param reason one sentence
    /// @param mend one sentence
    record Unusable(String reason, String mend) implements Finding {}
  }

  static Finding look() {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    return look(windows ? WINDOWS_NAME : LINUX_NAME);
  }

  static Finding look(String library) {
    try (var arena = Arena.ofConfined()) {
      SymbolLookup driver;
      try {
        // The driver stays loaded: JCuda's own library needs it by the same name.
        driver = SymbolLookup.libraryLookup(library, Arena.global());
      } catch (IllegalArgumentException e) {
        return new Finding.Unusable(
            "No NVIDIA driver was found (" + library + ").",
            "Install the NVIDIA driver, version 525 or newer; no CUDA toolkit is needed.");
      }
      return ask(driver, arena);
    }
  }

  private static Finding ask(SymbolLookup driver, Arena arena) {
    var number = arena.allocate(ValueLayout.JAVA_INT);
    var takesAddress = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    var takesInt = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    try {
      if (driver.find(STAND_IN).isPresent() && !standInAllowed()) {
        return new Finding.Unusable(
            "What is installed as the NVIDIA driver is the stand-in of Assay's tests, which"
                + " calculates on the processor.",
            "Take its directory out of LD_LIBRARY_PATH; to try the stand-in itself, set "
                + STAND_IN_ALLOWED
                + "=allowed.");
      }
      int code = (int) handle(driver, "cuDriverGetVersion", takesAddress).invokeExact(number);
      int version = code == 0 ? number.get(ValueLayout.JAVA_INT, 0) : 0;
      if (version < LEAST_VERSION) {
        return new Finding.Unusable(
            "The NVIDIA driver is too old: it supports CUDA "
                + words(version)
                + ", and CUDA "
                + words(LEAST_VERSION)
                + " is needed.",
            "Update the NVIDIA driver to version 525 or newer.");
      }
      int started = (int) handle(driver, "cuInit", takesInt).invokeExact(0);
      if (started != 0) {
        return new Finding.Unusable(
            started == 100
                ? "The NVIDIA driver finds no device."
                : "The NVIDIA driver does not start: cuInit answers " + started + ".",
            "See whether `nvidia-smi` lists a device, whether "
                + visible()
                + " hides it, and whether a container was given it.");
      }
      int counted = (int) handle(driver, "cuDeviceGetCount", takesAddress).invokeExact(number);
      int devices = counted == 0 ? number.get(ValueLayout.JAVA_INT, 0) : 0;
      return devices == 0
          ? new Finding.Unusable(
              "The NVIDIA driver finds no device.",
              "See whether `nvidia-smi` lists a device, and whether " + visible() + " hides it.")
          : new Finding.Usable(version, devices);
    } catch (Throwable e) { // invokeExact says so; a driver without these symbols is no driver
      return new Finding.Unusable(
          "What is installed as the NVIDIA driver does not answer: " + e.getMessage() + ".",
          "Install the NVIDIA driver again, version 525 or newer.");
    }
  }

  private static MethodHandle handle(SymbolLookup driver, String name, FunctionDescriptor shape) {
    return Linker.nativeLinker().downcallHandle(driver.findOrThrow(name), shape);
  }

  private static String visible() {
    var value = System.getenv("CUDA_VISIBLE_DEVICES");
    return "CUDA_VISIBLE_DEVICES" + (value == null ? "" : " (" + value + ")");
  }

  /// By a property where the environment of the JVM cannot say it: in its tests.
  private static boolean standInAllowed() {
    return "allowed".equals(System.getProperty("assay.standin", System.getenv(STAND_IN_ALLOWED)));
  }

  /// The driver's own number, `580.65.06`, as Linux tells it; else `unknown`.
  static String release() {
    return release(Path.of("/proc/driver/nvidia/version"));
  }

  static String release(Path file) {
    try {
      var found = RELEASE.matcher(Files.readString(file));
      return found.find() ? found.group(1) : "unknown";
    } catch (IOException e) {
      return "unknown";
    }
  }

  /// 12060 as `12.6`.
  static String words(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }
}
