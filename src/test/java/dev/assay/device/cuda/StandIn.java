package dev.assay.device.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// The driver without a GPU of `kernels/standin`: built once, loaded into this JVM in the place of
/// the NVIDIA driver. It runs the PTX that it is handed. Tests that use it bear the tag `standin`,
/// and run in a JVM of their own, so that no other test takes it for a device.
///
/// System properties: `assay.standin.checks` (`memcheck`, `initcheck`, `racecheck`, separated by
/// commas, or `all`), `assay.standin.seed` (of the order in which threads run),
/// `assay.standin.device` (`true`: approximate instructions and what is not a number are as on a
/// card).
public final class StandIn {
  private static final Path SOURCES = Path.of("../kernels");
  private static final Path OUTPUT = Path.of("target/standin");
  private static final Path TRANSLATOR = Path.of("test/java/dev/assay/ptx");

  private static final String DEVICES = "ASSAY_STANDIN_DEVICES";

  static final int MEMCHECK = 1;
  static final int INITCHECK = 2;
  static final int RACECHECK = 4;

  private static @Nullable SymbolLookup library;
  private static @Nullable String missing;

  private StandIn() {}

  /// Loads it; the test is skipped where g++ is missing.
  public static synchronized void use() {
    System.setProperty("assay.standin", "allowed");
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
    try {
      Files.createDirectories(OUTPUT);
      try (var channel =
              FileChannel.open(
                  OUTPUT.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = channel.lock()) { // of the JVMs that test, one builds
        loadAlone();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void loadAlone() {
    var file = OUTPUT.resolve("libcuda.so.1").toAbsolutePath();
    if (!upToDate(file)) {
      build();
    }
    System.load(file.toString());
    library = SymbolLookup.libraryLookup(file, Arena.global());
    if (checks() != 0) {
      System.setProperty("assay.cuda.exactMemory", "true"); // arrays are known by allocations
    }
    call("standin_checks", checks());
    call("standin_as_device", Boolean.getBoolean("assay.standin.device") ? 1 : 0);
    call("standin_set_seed", (long) Long.getLong("assay.standin.seed", 0));
    compile();
  }

  /// As the driver numbers them.
  private static int checks() {
    int which = 0;
    for (var word : System.getProperty("assay.standin.checks", "").split(",")) {
      which |=
          switch (word) {
            case "" -> 0;
            case "memcheck" -> MEMCHECK;
            case "initcheck" -> MEMCHECK | INITCHECK;
            case "racecheck" -> MEMCHECK | RACECHECK;
            case "all" -> MEMCHECK | INITCHECK | RACECHECK;
            default -> throw new IllegalArgumentException("assay.standin.checks: " + word);
          };
    }
    return which;
  }

  /// All modules at once: faster than each when it is first used.
  private static void compile() {
    var ptx = SOURCES.resolve("ptx");
    try (Stream<Path> all = Files.list(ptx);
        Stream<Path> tensor = Files.list(ptx.resolve("compute_80"))) {
      var files =
          Stream.concat(all, tensor)
              .map(Path::toString)
              .filter(name -> name.endsWith(".ptx"))
              .sorted()
              .collect(Collectors.joining("\n"));
      if (call("standin_compile", files) != 0) {
        throw new IllegalStateException("the PTX does not compile: " + refusal());
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
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
    try {
      return Files.exists(file)
          && olderThan(file, SOURCES.resolve("standin"))
          && olderThan(file, TRANSLATOR);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean olderThan(Path file, Path directory) throws IOException {
    var built = Files.getLastModifiedTime(file);
    try (Stream<Path> sources = Files.list(directory)) {
      for (var source : sources.filter(f -> !f.toString().endsWith("Test.java")).toList()) {
        if (Files.getLastModifiedTime(source).compareTo(built) > 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static void build() {
    try {
      var command =
          new ProcessBuilder(SOURCES.resolve("standin/build.sh").toString(), OUTPUT.toString())
              .redirectErrorStream(true);
      command.environment().put("JAVA_HOME", System.getProperty("java.home"));
      var process = command.start();
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

  /// Calls one of the functions that tests set or read it by. Texts are handed as C's.
  public static long call(String name, Object... arguments) {
    boolean reads = arguments.length == 0;
    try (var arena = Arena.ofConfined()) {
      var shapes = new MemoryLayout[arguments.length];
      var values = new Object[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        shapes[i] =
            switch (arguments[i]) {
              case Long _ -> ValueLayout.JAVA_LONG;
              case String _ -> ValueLayout.ADDRESS;
              default -> ValueLayout.JAVA_INT;
            };
        values[i] = arguments[i] instanceof String text ? arena.allocateFrom(text) : arguments[i];
      }
      var result = reads ? ValueLayout.JAVA_LONG : ValueLayout.JAVA_INT;
      var handle =
          Linker.nativeLinker().downcallHandle(symbol(name), FunctionDescriptor.of(result, shapes));
      return ((Number) handle.invokeWithArguments(values)).longValue();
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }

  /// Sets a variable of its environment (`kernels/standin/scene.h`), which it reads anew.
  ///
  /// @param value null: takes it away
  public static void set(String name, @Nullable String value) {
    use();
    var linker = Linker.nativeLinker();
    var one = ValueLayout.ADDRESS;
    try (var arena = Arena.ofConfined()) {
      if (value == null) {
        linker
            .downcallHandle(
                linker.defaultLookup().findOrThrow("unsetenv"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, one))
            .invokeWithArguments(arena.allocateFrom(name));
      } else {
        linker
            .downcallHandle(
                linker.defaultLookup().findOrThrow("setenv"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, one, one, ValueLayout.JAVA_INT))
            .invokeWithArguments(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
    call("standin_read");
  }

  private static MemorySegment symbol(String name) {
    if (library == null) {
      use();
    }
    return java.util.Objects.requireNonNull(library).findOrThrow(name);
  }

  private static String text(String name) {
    return MemorySegment.ofAddress(call(name)).reinterpret(1 << 20).getString(0);
  }

  /// Does something with these checks made, whatever the build's are.
  static void checking(int which, Runnable work) {
    call("standin_checks", which);
    try {
      work.run();
    } finally {
      call("standin_checks", checks());
    }
  }

  /// Whether the build asks for some check.
  static boolean checks(int which) {
    return (checks() & which) == which;
  }

  /// Why the last module was refused.
  static String refusal() {
    return text("standin_refusal");
  }

  /// Arrays that are still allocated, one a line; known where memory is checked.
  static String leaks() {
    return text("standin_leaks");
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

  /// A device of other properties, until they are taken away again.
  ///
  /// @param properties as `ASSAY_STANDIN_DEVICES` says them (`kernels/standin/scene.h`)
  static CudaDevice card(String properties) {
    set(DEVICES, properties);
    return CudaDevice.all().getFirst();
  }

  /// Takes such properties away.
  static void plainCard() {
    set(DEVICES, null);
  }

  private static final class Holder {
    static final CudaDevice DEVICE = CudaDevice.all().getFirst();
  }
}
