package dev.assay.internal.linalg;

import dev.assay.process.NativeFiles;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/// Finds the OpenBLAS natives on the class path and loads them.
///
/// The files are copied to a private temporary directory, loaded, and deleted at once: the mapping
/// outlives the name, so nothing is left behind however the process ends.
final class OpenBlasLibrary {
  private static final String PLACE = "/org/bytedeco/openblas/";

  /// In the order in which they need each other.
  private static final List<String> FILES =
      List.of("libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");

  sealed interface Probe {}

  record Loaded(SymbolLookup symbols) implements Probe {}

  /// @param reason half a sentence
  /// @param mend a sentence
  record Missing(String reason, String mend) implements Probe {}

  private static final Probe PROBE = load();

  private OpenBlasLibrary() {}

  static Probe probe() {
    return PROBE;
  }

  private static Probe load() {
    if (!OpenBlasLibrary.class.getModule().isNativeAccessEnabled()) {
      return new Missing(
          "native access is not enabled", "Start with --enable-native-access=ALL-UNNAMED.");
    }
    var platform = platform();
    var last = FILES.getLast();
    if (OpenBlasLibrary.class.getResource(PLACE + platform + "/" + last) == null) {
      return new Missing(
          "org.bytedeco:openblas has no natives for " + platform + " on the class path",
          "Add org.bytedeco:openblas with classifier " + platform + ".");
    }
    try {
      return new Loaded(extractAndOpen(PLACE + platform + "/"));
    } catch (IOException | IllegalArgumentException | UnsatisfiedLinkError e) {
      return new Missing(
          "OpenBLAS did not load (" + e.getMessage() + ")", "See that java.io.tmpdir is writable.");
    }
  }

  private static SymbolLookup extractAndOpen(String place) throws IOException {
    var lookup = new AtomicReference<>(SymbolLookup.loaderLookup());
    NativeFiles.within(
        "openblas",
        directory -> {
          for (var name : FILES) {
            try (InputStream in = OpenBlasLibrary.class.getResourceAsStream(place + name)) {
              if (in != null) { // some platforms need no Fortran run time
                Files.copy(in, directory.resolve(name));
              }
            }
          }
          for (var name : FILES) {
            if (Files.exists(directory.resolve(name))) {
              lookup.set(SymbolLookup.libraryLookup(directory.resolve(name), Arena.global()));
            }
          }
        });
    return lookup.get();
  }

  private static String platform() {
    var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var arch = System.getProperty("os.arch");
    return (os.startsWith("linux") ? "linux" : os.startsWith("mac") ? "macosx" : "windows")
        + "-"
        + switch (arch) {
          case "amd64" -> "x86_64";
          case "aarch64" -> "arm64";
          default -> arch;
        };
  }
}
