package dev.assay.device.nvidia;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.KernelSource;
import dev.assay.kernel.NativeLibrary;
import dev.assay.problem.Problem;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// CUDA C++ to PTX: by NVRTC, which is a library and quick, or by nvcc.
final class Compiler {
  private static final List<String> LIBRARIES =
      List.of(
          "libnvrtc.so",
          "libnvrtc.so.13",
          "libnvrtc.so.12",
          "libnvrtc.so.11.2",
          "nvrtc64_130_0.dll",
          "nvrtc64_120_0.dll",
          "nvrtc64_112_0.dll");

  /// Of a compiler's words.
  private static final int MOST_LINES = 20;

  private final @Nullable NativeLibrary library =
      NativeLibrary.find(
              System.getProperty("assay.nvrtc.library") instanceof String named
                  ? List.of(named)
                  : LIBRARIES)
          .orElse(null);
  private final @Nullable String nvcc = nvcc();

  private static @Nullable String nvcc() {
    var named = System.getenv("NVCC");
    if (named != null && !named.isBlank()) {
      return named;
    }
    var home = System.getenv("CUDA_HOME");
    var path = System.getenv().getOrDefault("PATH", "");
    var directories = new ArrayList<>(List.of(path.split(File.pathSeparator)));
    directories.add((home == null ? "/usr/local/cuda" : home) + "/bin");
    for (var directory : directories) {
      for (var name : List.of("nvcc", "nvcc.exe")) {
        var file = new File(directory.isEmpty() ? "." : directory, name);
        if (file.isFile() && file.canExecute()) {
          return file.getPath();
        }
      }
    }
    return null;
  }

  /// @param capability of the device: 90
  /// @throws KernelFailure with the compiler's message
  /// @throws Problem where there is no compiler
  String ptx(KernelSource source, int capability) throws KernelFailure {
    if (source.file().toLowerCase(Locale.ROOT).endsWith(".ptx")) {
      return source.text();
    }
    var options = new ArrayList<String>();
    var directory = Path.of(source.file()).toAbsolutePath().getParent();
    if (directory != null) {
      options.add("-I" + directory);
    }
    options.addAll(source.options());
    if (library != null) {
      return byLibrary(library, source, capability, options);
    }
    if (nvcc != null) {
      return byProgram(nvcc, source, capability, options);
    }
    throw new Problem(
        "Nothing here compiles CUDA.",
        "neither libnvrtc nor nvcc was found",
        "Install the CUDA toolkit, or libnvrtc alone (pip install nvidia-cuda-nvrtc-cu12, and its"
            + " directory in LD_LIBRARY_PATH); or give the kernel as PTX.");
  }

  /// The program behind its macros. As options, these would be macros of CUDA's own headers too,
  /// which come first and have parameters named n and size.
  private static String defined(KernelSource source) {
    var text = new StringBuilder();
    source.defines().forEach((name, value) -> text.append("#define " + name + " " + value + "\n"));
    var file = source.file().replace("\\", "\\\\");
    return text.append("#line 1 \"" + file + "\"\n").append(source.text()).toString();
  }

  private static String byLibrary(
      NativeLibrary library, KernelSource source, int capability, List<String> options)
      throws KernelFailure {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(ADDRESS);
      check(
          library.code(
              "nvrtcCreateProgram",
              out,
              arena.allocateFrom(defined(source)),
              arena.allocateFrom(source.file()),
              0,
              MemorySegment.NULL,
              MemorySegment.NULL));
      var program = out.get(ADDRESS, 0);
      var all = new ArrayList<>(options);
      all.add("--gpu-architecture=compute_" + capability);
      var words = arena.allocate(ADDRESS, all.size());
      for (int i = 0; i < all.size(); i++) {
        words.setAtIndex(ADDRESS, i, arena.allocateFrom(all.get(i)));
      }
      try {
        if (library.code("nvrtcCompileProgram", program, all.size(), words) != 0) {
          throw new KernelFailure(
              Invalidity.COMPILE, cut(text(library, "nvrtcGetProgramLog", program, arena)));
        }
        return text(library, "nvrtcGetPTX", program, arena);
      } finally {
        check(library.code("nvrtcDestroyProgram", out));
      }
    }
  }

  private static String text(
      NativeLibrary library, String function, MemorySegment program, Arena arena) {
    var size = arena.allocate(JAVA_LONG);
    check(library.code(function + "Size", program, size));
    var text = arena.allocate(size.get(JAVA_LONG, 0) + 1);
    check(library.code(function, program, text));
    return new String(text.toArray(JAVA_BYTE), StandardCharsets.UTF_8).replace("\0", "");
  }

  private static void check(int code) {
    if (code != 0) {
      throw new IllegalStateException("NVRTC error " + code);
    }
  }

  private static String byProgram(
      String nvcc, KernelSource source, int capability, List<String> options) throws KernelFailure {
    try {
      var directory = Files.createTempDirectory("assay-nvcc-");
      try {
        return byProgram(nvcc, source, capability, options, directory);
      } finally {
        try (var files = Files.list(directory)) {
          for (var file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new Problem(
          "nvcc cannot be run.", nvcc + ": " + e.getMessage(), "Set NVCC to one that can.", e);
    }
  }

  private static String byProgram(
      String nvcc, KernelSource source, int capability, List<String> options, Path directory)
      throws KernelFailure, IOException {
    var input = directory.resolve("kernel.cu");
    var output = directory.resolve("kernel.ptx");
    var log = directory.resolve("log.txt");
    Files.writeString(input, defined(source));
    var command = new ArrayList<>(List.of(nvcc, "-ptx", "-arch=compute_" + capability));
    command.addAll(options);
    command.addAll(List.of("-o", output.toString(), input.toString()));
    int code;
    try {
      code =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start()
              .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (code != 0) {
      var said = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
      throw new KernelFailure(
          Invalidity.COMPILE, cut(said.replace(input.toString(), source.file())));
    }
    return Files.readString(output);
  }

  private static String cut(String text) {
    var lines = text.lines().filter(line -> !line.isBlank()).toList();
    return String.join("\n", lines.subList(0, Math.min(MOST_LINES, lines.size())));
  }
}
