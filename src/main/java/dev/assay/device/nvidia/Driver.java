package dev.assay.device.nvidia;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.NativeLibrary;
import dev.assay.problem.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/// The functions of the CUDA driver.
final class Driver {
  /// What only the stand-in of `kernels/standin` has.
  private static final String STAND_IN = "standin_launches";

  /// After these errors of a kernel the context takes no more calls: illegal address, misaligned
  /// address, illegal instruction, invalid program counter, launch failure and their like.
  private static final Set<Integer> LOSING = Set.of(700, 702, 714, 715, 716, 717, 718, 719);

  private final NativeLibrary library;
  private boolean lost;

  private Driver(NativeLibrary library) {
    this.library = library;
  }

  /// @throws Problem where there is no driver, or no device
  static Driver load() {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    var named = System.getProperty("assay.cuda.library");
    var name = named != null ? named : windows ? "nvcuda.dll" : "libcuda.so.1";
    var library =
        NativeLibrary.find(List.of(name))
            .orElseThrow(() ->
                new Problem(
                    "There is no NVIDIA driver here.",
                    name + " was not found",
                    "Install the driver, version 525 or newer; or write the kernel in OpenCL."));
    boolean allowed =
        "allowed".equals(System.getenv("ASSAY_STANDIN"))
            || "allowed".equals(System.getProperty("assay.standin"));
    if (library.has(STAND_IN) && !allowed) {
      throw new Problem(
          "What is installed as the NVIDIA driver is the stand-in of Assay's tests, whose times"
              + " mean nothing.",
          name,
          "Take its directory out of LD_LIBRARY_PATH; to try it, set ASSAY_STANDIN=allowed.");
    }
    var driver = new Driver(library);
    int code = library.code("cuInit", 0);
    if (code != 0) {
      throw new Problem(
          "The NVIDIA driver has no device for this process.",
          "cuInit: " + driver.words(code),
          "See nvidia-smi, and CUDA_VISIBLE_DEVICES.");
    }
    return driver;
  }

  boolean has(String function) {
    return library.has(function);
  }

  /// Whether the context is gone.
  boolean isLost() {
    return lost;
  }

  int code(String function, Object... arguments) {
    int code = library.code(function, arguments);
    lost |= LOSING.contains(code);
    return code;
  }

  /// A call that fails only where the driver is at fault, or an earlier kernel.
  void check(String function, Object... arguments) {
    int code = code(function, arguments);
    if (code != 0) {
      throw new IllegalStateException(function + ": " + words(code));
    }
  }

  /// A call that fails where the kernel is at fault.
  void run(String function, Object... arguments) throws KernelFailure {
    int code = code(function, arguments);
    if (code != 0) {
      throw new KernelFailure(Invalidity.RUNTIME, words(code) + " (" + function + ")");
    }
  }

  /// A number that a call writes to its first argument.
  int number(String function, Object... arguments) {
    try (var arena = Arena.ofConfined()) {
      var value = arena.allocate(JAVA_INT);
      return code(function, with(value, arguments)) == 0 ? value.get(JAVA_INT, 0) : 0;
    }
  }

  /// An address that a call writes to its first argument.
  MemorySegment handle(String function, Object... arguments) {
    try (var arena = Arena.ofConfined()) {
      var value = arena.allocate(ADDRESS);
      check(function, with(value, arguments));
      return value.get(ADDRESS, 0);
    }
  }

  private static Object[] with(Object first, Object[] arguments) {
    var all = new Object[arguments.length + 1];
    all[0] = first;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return all;
  }

  String words(int code) {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocate(ADDRESS);
      if (library.code("cuGetErrorString", code, text) == 0) {
        return text.get(ADDRESS, 0).reinterpret(256).getString(0) + ", CUDA error " + code;
      }
      return "CUDA error " + code;
    }
  }
}
