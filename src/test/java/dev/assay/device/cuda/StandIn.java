package dev.assay.device.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// The driver without a GPU of `kernels/standin`: built once with g++, loaded into this JVM in the
/// place of the NVIDIA driver. Tests that use it bear the tag `standin`, and run in a JVM of their
/// own, so that no other test takes it for a device.
final class StandIn {
  private static final Path SOURCES = Path.of("../kernels");
  private static final Path OUTPUT = Path.of("target/standin");

  private static @Nullable SymbolLookup library;
  private static @Nullable String missing;

  private StandIn() {}

  /// Loads it; the test is skipped where g++ is missing.
  static synchronized void use() {
    if (library == null && missing == null) {
      load();
    }
    Assumptions.assumeTrue(library != null, missing == null ? "no stand-in" : missing);
  }

  private static void load() {
    if (!runs("g++", "--version")) {
      missing = "g++ is not installed: the stand-in driver cannot be built";
      return;
    }
    var file = OUTPUT.resolve("libcuda.so.1").toAbsolutePath();
    if (!upToDate(file)) {
      build();
    }
    System.load(file.toString());
    library = SymbolLookup.libraryLookup(file, Arena.global());
  }

  private static boolean runs(String... command) {
    try {
      var process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean upToDate(Path file) {
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      if (!Files.exists(file)) {
        return false;
      }
      var built = Files.getLastModifiedTime(file);
      for (var source : sources.filter(Files::isRegularFile).toList()) {
        if (!source.toString().endsWith(".ptx")
            && Files.getLastModifiedTime(source).compareTo(built) > 0) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void build() {
    try {
      var process =
          new ProcessBuilder(SOURCES.resolve("standin/build.sh").toString(), OUTPUT.toString())
              .redirectErrorStream(true)
              .start();
      var output = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the stand-in driver does not build:\n" + output);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Calls one of the functions that tests set or read it by.
  static long call(String name, Object... arguments) {
    use();
    var shapes =
        Arrays.stream(arguments)
            .map(a -> a instanceof Long ? ValueLayout.JAVA_LONG : ValueLayout.JAVA_INT)
            .toArray(java.lang.foreign.MemoryLayout[]::new);
    boolean reads = arguments.length == 0;
    var result = reads ? ValueLayout.JAVA_LONG : ValueLayout.JAVA_INT;
    try {
      var handle =
          Linker.nativeLinker()
              .downcallHandle(
                  java.util.Objects.requireNonNull(library).findOrThrow(name),
                  FunctionDescriptor.of(result, shapes));
      return ((Number) handle.invokeWithArguments(arguments)).longValue();
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }

  /// The one device.
  static CudaDevice device() {
    use();
    var failure = JCudaNatives.load();
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return Holder.DEVICE;
  }

  private static final class Holder {
    static final CudaDevice DEVICE = CudaDevice.all().getFirst();
  }
}
