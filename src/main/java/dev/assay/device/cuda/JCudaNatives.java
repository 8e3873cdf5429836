package dev.assay.device.cuda;

import dev.assay.process.NativeFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Loads JCuda's native library from a directory that only this process writes.
///
/// JCuda unpacks it to a fixed name in `java.io.tmpdir` and loads whatever is there already: on a
/// shared machine another user's file. So that property points to a fresh private directory while
/// the class initialises.
final class JCudaNatives {
  private static @Nullable String failure;
  private static boolean loaded;

  private JCudaNatives() {}

  /// Whether JCuda and its natives for this platform are on the class path, without loading them.
  static boolean present() {
    var loader = JCudaNatives.class.getClassLoader();
    return loader.getResource("jcuda/driver/JCudaDriver.class") != null
        && loader.getResource(resource()) != null;
  }

  static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "");
    return (os.startsWith("windows") ? "windows" : os.startsWith("mac") ? "apple" : "linux")
        + "-"
        + (arch.equals("amd64") ? "x86_64" : arch);
  }

  private static String resource() {
    boolean windows = platform().startsWith("windows");
    return "lib/"
        + (windows ? "" : "lib")
        + "JCudaDriver-12.6.0-"
        + platform()
        + (windows ? ".dll" : ".so");
  }

  /// @return why it cannot be loaded, or null
  static synchronized @Nullable String load() {
    if (!loaded) {
      loaded = true;
      failure = initialise();
    }
    return failure;
  }

  private static @Nullable String initialise() {
    String before = System.getProperty("java.io.tmpdir");
    try {
      NativeFiles.within("jcuda", JCudaNatives::loadFrom);
      return null;
    } catch (IOException | LinkageError e) {
      var message = e.getMessage();
      return message == null ? e.toString() : message.lines().findFirst().orElse(message);
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
  }

  private static void loadFrom(Path directory) throws IOException {
    System.setProperty("java.io.tmpdir", directory.toString());
    try {
      Class.forName("jcuda.driver.JCudaDriver", true, JCudaNatives.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IOException(e.toString(), e);
    }
  }
}
