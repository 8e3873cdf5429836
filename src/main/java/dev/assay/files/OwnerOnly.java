package dev.assay.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Makes files and directories that nobody but their owner can read, whatever the umask: what a
/// study holds is its owner's business. What is there already keeps its permissions, which somebody
/// may have chosen. Where there are no POSIX permissions, the directory's rules count.
public final class OwnerOnly {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private OwnerOnly() {}

  private static FileAttribute<?>[] permissions(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /// Makes a directory, and those above it, where they are missing.
  ///
  /// @return the directory
  public static Path directories(Path directory) throws IOException {
    // Each trial asks, and the JDK answers with an exception where one is there.
    return Files.isDirectory(directory)
        ? directory
        : Files.createDirectories(directory, permissions("rwx------"));
  }

  /// Makes an empty file where there is none.
  ///
  /// @return the file
  public static Path file(Path file) throws IOException {
    if (Files.exists(file)) {
      return file;
    }
    try {
      Files.createFile(file, permissions("rw-------"));
    } catch (FileAlreadyExistsException e) {
      return file; // somebody else's, or an older one
    }
    return file;
  }

  /// Puts a text in the place of a file once all of it is written, in `NAME.part` beside it: a
  /// reader never sees half of it. Of one that cannot be written, as on a full disk, nothing is
  /// left.
  public static void replace(Path file, String text) throws IOException {
    var part = file.resolveSibling(file.getFileName() + ".part");
    try {
      write(part, text);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      removeAfter(e, part);
      throw e;
    }
  }

  /// Removes what was being written when something failed.
  public static void removeAfter(Exception failure, Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /// Writes a text, in place of what the file had.
  public static void write(Path file, String text) throws IOException {
    var options =
        Set.<OpenOption>of(
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try (var channel = Files.newByteChannel(file, options, permissions("rw-------"))) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
