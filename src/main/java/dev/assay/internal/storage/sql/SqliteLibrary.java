package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import dev.assay.process.NativeFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// SQLite's native library: the one that is kept ([KeptLibrary]), or one that its driver unpacks
/// into a file that is gone once it is loaded, so that processes which are killed leave none
/// behind.
final class SqliteLibrary {
  /// Where the driver unpacks to: a property of its.
  private static final String DIRECTORY = "org.sqlite.tmpdir";

  /// Where the driver looks before it unpacks anything: a property of its.
  private static final String LIBRARIES = "org.sqlite.lib.path";

  private static boolean loaded;

  private SqliteLibrary() {}

  /// @throws Problem when the driver is not there, or cannot load
  static synchronized void require() {
    if (loaded) {
      return;
    }
    Class<?> driver;
    try {
      driver = Class.forName("org.sqlite.JDBC");
    } catch (ClassNotFoundException | LinkageError e) {
      throw new Problem(
          "SQLite storage needs the SQLite driver.",
          "org.sqlite.JDBC is not on the class path",
          "Add the library org.xerial:sqlite-jdbc, or keep studies in memory.",
          e);
    }
    if (System.getProperty(LIBRARIES) != null || !loadsKept(driver)) {
      load();
    }
    loaded = true;
  }

  /// Where the driver cannot load what is kept, it unpacks its own, as ever.
  private static boolean loadsKept(Class<?> driver) {
    var kept = KeptLibrary.directory(driver);
    if (kept == null) {
      return false;
    }
    System.setProperty(LIBRARIES, kept.toString());
    try {
      return (boolean)
          Class.forName("org.sqlite.SQLiteJDBCLoader").getMethod("initialize").invoke(null);
    } catch (ReflectiveOperationException | LinkageError e) {
      return false;
    } finally {
      System.clearProperty(LIBRARIES);
    }
  }

  private static void load() {
    var before = System.getProperty(DIRECTORY);
    try {
      NativeFiles.within("sqlite", directory -> loadFrom(before == null ? directory : null));
    } catch (IOException e) {
      throw new Problem(
          "The SQLite driver cannot unpack its library.",
          e.toString(),
          "Make room in java.io.tmpdir, or set it to a directory that is writable.",
          e);
    } finally {
      if (before == null) {
        System.clearProperty(DIRECTORY);
      }
    }
  }

  /// @param directory where to unpack to; null: where the property says already
  private static void loadFrom(@Nullable Path directory) throws IOException {
    if (directory != null) {
      System.setProperty(DIRECTORY, directory.toString());
    }
    try (var _ = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      // Loaded.
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
