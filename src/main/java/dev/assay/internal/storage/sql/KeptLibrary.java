package dev.assay.internal.storage.sql;

import dev.assay.files.OwnerOnly;
import dev.assay.files.UserCache;
import java.io.IOException;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// SQLite's native library as a file that is kept from process to process, in the user's cache: to
/// unpack it, to compare the copy and to ask another program which system this is takes the driver
/// longer than most commands. On Linux, where the file's name tells the driver's build; elsewhere
/// the driver does as it does.
final class KeptLibrary {
  private static final String FILE = "libsqlitejdbc.so";

  private KeptLibrary() {}

  /// The directory with the library, which is unpacked there where it is missing.
  ///
  /// @param driver a class of the jar that has the library
  /// @return null where this is no system for it, or there is no place
  static @Nullable Path directory(Class<?> driver) {
    return System.getProperty("os.name", "").equals("Linux")
        ? directory(driver, UserCache.directory().resolve("natives"))
        : null;
  }

  static @Nullable Path directory(Class<?> driver, Path cache) {
    var processor =
        switch (System.getProperty("os.arch", "")) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64" -> "aarch64";
          default -> null;
        };
    if (processor == null) {
      return null;
    }
    try {
      var system = isMusl() ? "Linux-Musl" : "Linux";
      return unpacked(driver, "/org/sqlite/native/" + system + "/" + processor + "/" + FILE, cache);
    } catch (IOException | RuntimeException e) {
      return null; // the driver has ways of its own
    }
  }

  /// Whose C library this process has.
  private static boolean isMusl() throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains("/ld-musl-");
  }

  private static @Nullable Path unpacked(Class<?> driver, String resource, Path cache)
      throws IOException {
    var found = driver.getResource(resource);
    if (found == null || !(found.openConnection() instanceof JarURLConnection connection)) {
      return null;
    }
    connection.setUseCaches(false);
    try (var jar = connection.getJarFile()) {
      var entry = connection.getJarEntry();
      var name = "sqlite-" + Long.toHexString(entry.getCrc()) + "-" + entry.getSize();
      var directory = cache.resolve(name);
      var file = directory.resolve(FILE);
      if (file.toFile().length() != entry.getSize()) {
        OwnerOnly.directories(directory);
        // Whole from the first moment that it has its name.
        var partial = Files.createTempFile(directory, FILE, ".part");
        try (var bytes = jar.getInputStream(entry)) {
          Files.copy(bytes, partial, StandardCopyOption.REPLACE_EXISTING);
          Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(partial);
        }
      }
      return file.getParent();
    }
  }
}
