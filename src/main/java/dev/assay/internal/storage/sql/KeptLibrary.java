package dev.assay.internal.storage.sql;

import dev.assay.files.OwnerOnly;
import dev.assay.files.UserCache;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// SQLite's native library as a file that is kept from process to process, in the user's cache: to
/// unpack it, to compare the copy and to ask another program which system this is takes the driver
/// longer than most commands. On Linux, where the file's name tells the driver's build; elsewhere
/// the driver does as it does.
///
/// The file stands in `sqlite-PROCESSOR-JAR-BYTES`, with the size and time of the driver's jar and
/// its own length: the jar, and all before it on the class path, need not be opened for it.
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
    var source = driver.getProtectionDomain().getCodeSource();
    if (processor == null || source == null) {
      return null;
    }
    try {
      var jar = Path.of(source.getLocation().toURI()).toFile();
      if (!jar.isFile()) {
        return null;
      }
      var start =
          "sqlite-"
              + processor
              + "-"
              + Long.toHexString(jar.length())
              + Long.toHexString(jar.lastModified())
              + "-";
      var kept = kept(cache.toFile(), start);
      return kept != null ? kept : unpacked(jar, processor, cache, start);
    } catch (IOException | URISyntaxException | RuntimeException e) {
      return null; // the driver has ways of its own
    }
  }

  /// A whole one of this build.
  private static @Nullable Path kept(File cache, String start) {
    var names = cache.list();
    if (names != null) {
      for (var name : names) {
        if (name.startsWith(start)
            && new File(new File(cache, name), FILE).length()
                == Long.parseLong(name.substring(start.length()), 16)) {
          return cache.toPath().resolve(name);
        }
      }
    }
    return null;
  }

  /// Whose C library this process has.
  private static boolean isMusl() throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains("/ld-musl-");
  }

  private static @Nullable Path unpacked(File jar, String processor, Path cache, String start)
      throws IOException {
    try (var zip = new ZipFile(jar)) {
      var system = isMusl() ? "Linux-Musl" : "Linux";
      var entry = zip.getEntry("org/sqlite/native/" + system + "/" + processor + "/" + FILE);
      if (entry == null) {
        return null;
      }
      var directory = cache.resolve(start + Long.toHexString(entry.getSize()));
      OwnerOnly.directories(directory);
      // Whole from the first moment that it has its name.
      var partial = Files.createTempFile(directory, FILE, ".part");
      try (var bytes = zip.getInputStream(entry)) {
        Files.copy(bytes, partial, StandardCopyOption.REPLACE_EXISTING);
        Files.move(partial, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
      return directory;
    }
  }
}
