package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/// Whether the files at a storage's path are still those that are open: somebody may remove, move
/// or replace them, and everything written from then on would be lost with the last handle.
///
/// Never opens them, see [SqliteFile].
final class FileWatch {
  private static final Path HANDLES = Path.of("/proc/self/fd");

  private final Path path;
  private final Path log;
  private final @Nullable Object file;
  private final @Nullable Object logFile;

  /// Watches what is there now.
  FileWatch(Path path) {
    this.path = path;
    log = path.resolveSibling(path.getFileName() + "-wal");
    file = key(path);
    logFile = key(log);
  }

  /// What tells a file from every other, whatever its name; null where there is none, or the system
  /// has no such thing.
  private static @Nullable Object key(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  boolean isThere() {
    return file == null
        || Objects.equals(file, key(path)) && (logFile == null || logFile.equals(key(log)));
  }

  /// Saves what the connection knows, and tells where it is.
  ///
  /// @return what to tell
  Problem rescue(Connection connection) {
    var now = placeNow();
    if (now.isPresent() && !now.get().equals(path.toAbsolutePath())) {
      return moved(connection, now.get());
    }
    var what = what();
    var failures = new StringBuilder();
    for (var copy : new Path[] {beside(path), beside(Path.of(temporary()).resolve(name()))}) {
      try {
        save(connection, copy);
        return new Problem(
            what,
            path.toString(),
            "All that was told is in "
                + copy
                + ": move it there, then go on with the same command.");
      } catch (SQLException e) {
        failures.append(" ").append(copy).append(": ").append(e.getMessage()).append('.');
      }
    }
    return new Problem(
        what,
        path.toString() + failures,
        "What was told could not be saved elsewhere: the study begins anew, or from a copy of"
            + " yours.");
  }

  private String what() {
    if (!Files.exists(path)) {
      return "The storage file was removed while the study ran.";
    }
    return Objects.equals(file, key(path))
        ? "The write-ahead log of the storage file was removed while the study ran."
        : "The storage file was replaced by another one while the study ran.";
  }

  /// SQLite's backup reads through the handles that are open, the log's too.
  private static void save(Connection connection, Path copy) throws SQLException {
    int code =
        connection
            .unwrap(SQLiteConnection.class)
            .getDatabase()
            .backup("main", copy.toString(), null);
    if (code != 0) {
      throw new SQLException("SQLite's error code " + code, null, code);
    }
  }

  private Problem moved(Connection connection, Path now) {
    try { // the rest of the log stays behind
      SqlDatabase.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      return new Problem(
          "The storage file was moved while the study ran.",
          path + " to " + now + ": " + e.getMessage(),
          "Its last part may be missing there: move " + log + " beside it, then go on.");
    }
    return new Problem(
        "The storage file was moved while the study ran.",
        path + " to " + now,
        "All that was told is there: move it back, or go on with --storage sqlite:" + now + ".");
  }

  private String name() {
    return String.valueOf(path.getFileName());
  }

  private static String temporary() {
    return System.getProperty("java.io.tmpdir", ".");
  }

  /// A name that is free.
  private static Path beside(Path path) {
    for (int i = 1; ; i++) {
      var free = path.toAbsolutePath().resolveSibling(path.getFileName() + "-rescued-" + i);
      if (!Files.exists(free)) {
        return free;
      }
    }
  }

  /// Where the open file is now, where the system tells (Linux).
  private Optional<Path> placeNow() {
    if (file == null || !Files.isDirectory(HANDLES)) {
      return Optional.empty();
    }
    try (var handles = Files.newDirectoryStream(HANDLES)) {
      for (var handle : handles) {
        if (file.equals(key(handle))) {
          var place = Files.readSymbolicLink(handle);
          return file.equals(key(place)) ? Optional.of(place) : Optional.empty();
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
