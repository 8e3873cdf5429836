package dev.assay.device.tornado;

import dev.assay.device.Availability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Whether this JVM runs with a TornadoVM SDK of the right version, seen before any class of it is
/// touched.
final class SdkProbe {
  private static final String HOME = "TORNADOVM_HOME";
  private static final String INSTALL =
      "Install TornadoVM 5.2 for JDK 25 (sdk install tornadovm) and set "
          + HOME
          + " to where it is.";

  private SdkProbe() {}

  /// What is wrong, or null.
  ///
  /// @param home what TORNADOVM_HOME says
  /// @param started whether the JVM was started with the SDK's argfile
  static Availability.@Nullable Unavailable look(@Nullable String home, boolean started) {
    if (home == null || home.isBlank()) {
      return new Availability.Unavailable(HOME + " is not set.", INSTALL);
    }
    var release = Path.of(home).resolve("etc").resolve("tornado.release");
    var backends = Path.of(home).resolve("etc").resolve("tornado.backend");
    if (!Files.isRegularFile(release) || !Files.isRegularFile(backends)) {
      return new Availability.Unavailable(
          "There is no TornadoVM SDK in " + home + ", which " + HOME + " names.", INSTALL);
    }
    var version = version(release);
    if (!version.matches("5\\.([2-9]|\\d\\d).*jdk25.*")) {
      return new Availability.Unavailable(
          "The SDK in " + home + " is version " + version + "; 5.2 for JDK 25 is needed.", INSTALL);
    }
    return started
        ? null
        : new Availability.Unavailable(
            "This JVM was started without the SDK.",
            "Start it by the launcher (assay ... --backend tornado), or with java"
                + " @$TORNADOVM_HOME/tornado-argfile.");
  }

  private static String version(Path release) {
    var properties = new Properties();
    try (var in = Files.newBufferedReader(release)) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      return "unknown";
    }
    return properties.getProperty("version", "unknown");
  }

  /// Whether the JVM was started with the SDK's argfile.
  static boolean started() {
    return System.getProperty("tornado.load.runtime.implementation") != null;
  }

  /// What TornadoVM must be told before its classes load, unless the user says otherwise: exact
  /// functions, no mathematics that is fast and wrong, kernels in one piece, and that a kernel
  /// which cannot be compiled is an error (its own answer is to run the kernel on one thread of the
  /// host, where a loop over threads never ends).
  static void configure() {
    set("tornado.enable.nativeFunctions", "False");
    set("tornado.opencl.compiler.flags", "-w");
    set("tornado.compiler.fullInlining", "True");
    set("tornado.recover.bailout", "False");
  }

  private static void set(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
