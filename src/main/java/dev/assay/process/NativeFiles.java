package dev.assay.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Native libraries that jars carry have to be files for as long as it takes to load them: in a
/// directory that is gone afterwards. What a process left that was killed in between is removed by
/// the next.
public final class NativeFiles {
  private static final String PREFIX = "assay-natives-";

  private NativeFiles() {}

  /// Loads from a directory.
  public interface Loading {
    void run(Path directory) throws IOException;
  }

  /// Lets a library be unpacked and loaded. The directory, below `java.io.tmpdir`, is readable by
  /// this user only.
  ///
  /// @param name of the library, for those who find the directory
  /// @throws IOException when the directory cannot be made, or loading throws one
  public static void within(String name, Loading loading) throws IOException {
    var parent = Path.of(System.getProperty("java.io.tmpdir"));
    sweep(parent);
    var self = ProcessIdentity.current();
    var directory =
        Files.createTempDirectory(
            parent, PREFIX + place(self) + "-" + self.pid() + "-" + self.started() + "-" + name);
    try {
      loading.run(directory);
    } finally {
      remove(directory);
    }
  }

  private static void sweep(Path parent) {
    try (var left = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (var directory : left) {
        if (isAbandoned(directory.getFileName().toString())) {
          remove(directory);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // The directory that is made next will say what is wrong with the place.
    }
  }

  /// Ids of another container's processes mean nothing here.
  private static boolean isAbandoned(String name) {
    var words = name.substring(PREFIX.length()).split("-", 4);
    return words.length == 4
        && words[0].equals(place(ProcessIdentity.current()))
        && ProcessIdentity.parse(words[1] + " " + words[2]).map(p -> !p.isAlive()).orElse(false);
  }

  private static String place(ProcessIdentity process) {
    return Integer.toHexString(process.boot().hashCode());
  }

  /// A loaded library needs no file on Linux; where it does (Windows) it goes when this process
  /// ends, or with the next one.
  private static void remove(Path directory) {
    try {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (var file : files) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(directory);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      directory.toFile().deleteOnExit();
    }
  }
}
