package dev.assay.device.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.assay.kernel.NativeLibrary;
import dev.assay.problem.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The functions of the OpenCL library.
final class OpenCl {
  static final int DEVICE_NOT_FOUND = -1;
  static final int MEM_OBJECT_ALLOCATION_FAILURE = -4;
  static final int BUILD_PROGRAM_FAILURE = -11;
  static final int PLATFORM_NOT_FOUND = -1001;

  /// What the codes that people see mean.
  private static final Map<Integer, String> ERRORS =
      Map.ofEntries(
          Map.entry(-4, "memory could not be allocated"),
          Map.entry(-5, "out of resources"),
          Map.entry(-6, "out of memory of the host"),
          Map.entry(-14, "the kernel failed while it ran"),
          Map.entry(-46, "no such kernel in the program"),
          Map.entry(-48, "invalid kernel"),
          Map.entry(-49, "the kernel has fewer arguments"),
          Map.entry(-50, "an argument's value does not fit"),
          Map.entry(-51, "an argument has another size than the kernel's"),
          Map.entry(-52, "the kernel has more arguments"),
          Map.entry(-53, "invalid number of dimensions"),
          Map.entry(-54, "the device refuses blocks of this size"),
          Map.entry(-55, "the device refuses blocks of this shape"),
          Map.entry(-61, "a buffer of this size is refused"),
          Map.entry(-63, "the device refuses a grid of this size"));

  private final NativeLibrary library;

  private OpenCl(NativeLibrary library) {
    this.library = library;
  }

  /// @throws Problem where there is none
  static OpenCl load() {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    boolean mac = System.getProperty("os.name", "").startsWith("Mac");
    var name =
        windows
            ? "OpenCL.dll"
            : mac ? "/System/Library/Frameworks/OpenCL.framework/OpenCL" : "libOpenCL.so.1";
    return NativeLibrary.find(List.of(name))
        .map(OpenCl::new)
        .orElseThrow(() ->
            new Problem(
                "There is no OpenCL here.",
                name + " was not found",
                "Install the driver of your device; for the processor: apt-get install"
                    + " pocl-opencl-icd ocl-icd-libopencl1."));
  }

  /// A function that returns its error code.
  int code(String function, Object... arguments) {
    return library.code(function, arguments);
  }

  /// The same, where no error is expected.
  void check(String function, Object... arguments) {
    int code = code(function, arguments);
    if (code != 0) {
      throw new IllegalStateException(function + ": " + words(code));
    }
  }

  /// A function that returns an object, and writes an error code to its last argument.
  MemorySegment make(String function, int[] code, Object... arguments) {
    try (var arena = Arena.ofConfined()) {
      var error = arena.allocate(JAVA_INT);
      var all = Arrays.copyOf(arguments, arguments.length + 1);
      all[arguments.length] = error;
      var made = (MemorySegment) library.call(function, ADDRESS, all);
      code[0] = error.get(JAVA_INT, 0);
      return made;
    }
  }

  MemorySegment make(String function, Object... arguments) {
    var code = new int[1];
    var made = make(function, code, arguments);
    if (code[0] != 0) {
      throw new IllegalStateException(function + ": " + words(code[0]));
    }
    return made;
  }

  static String words(int code) {
    var meaning = ERRORS.get(code);
    return String.format(
        Locale.ROOT, "%sOpenCL error %d", meaning == null ? "" : meaning + ", ", code);
  }

  /// A text that the library gives by a function `clGet...Info`.
  String text(String function, Object... arguments) {
    try (var arena = Arena.ofConfined()) {
      var size = arena.allocate(JAVA_LONG);
      if (code(function, info(arguments, 0L, MemorySegment.NULL, size)) != 0) {
        return "";
      }
      long bytes = size.get(JAVA_LONG, 0);
      var text = arena.allocate(Math.max(1, bytes));
      check(function, info(arguments, bytes, text, MemorySegment.NULL));
      var raw = text.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
      return new String(raw, StandardCharsets.UTF_8).replace("\0", "").strip();
    }
  }

  /// A number of up to 8 bytes; 0 where the library does not know.
  long number(String function, Object... arguments) {
    try (var arena = Arena.ofConfined()) {
      var value = arena.allocate(8 * 8, 8);
      int code = code(function, info(arguments, value.byteSize(), value, MemorySegment.NULL));
      return code == 0 ? value.get(JAVA_LONG, 0) : 0;
    }
  }

  private static Object[] info(
      Object[] arguments, long bytes, MemorySegment to, MemorySegment size) {
    var all = Arrays.copyOf(arguments, arguments.length + 3);
    all[arguments.length] = bytes;
    all[arguments.length + 1] = to;
    all[arguments.length + 2] = size;
    return all;
  }
}
