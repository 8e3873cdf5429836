package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import dev.assay.process.NativeFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteJDBCLoader;

/// SQLite's driver, and its native library: the one that is kept ([KeptLibrary]), or one that the
/// driver unpacks into a file that is gone once it is loaded, so that processes which are killed
/// leave none behind.
final class SqliteLibrary {
  /// Where the driver unpacks to: a property of its.
  private static final String DIRECTORY = "org.sqlite.tmpdir";

  /// Where the driver looks before it unpacks anything: a property of its.
  private static final String LIBRARIES = "org.sqlite.lib.path";

  private static final String MEMORY = "jdbc:sqlite::memory:";

  private static @Nullable Driver loaded;

  private SqliteLibrary() {}

  /// A connection to a URL of the driver's. It is asked itself: who asks the JVM's manager of
  /// drivers has it look through all jars for others, and start them.
  ///
  /// @throws Problem when the driver is not there, or cannot load
  static Connection connect(String url) throws SQLException {
    return connect(require(), url);
  }

  /// Loads it now.
  static void prepare() {
    var _ = require();
  }

  /// The driver's settings have formats of dates, for which the JVM reads its calendars.
  static void prepareSettings() {
    var _ = new SQLiteConfig();
  }

  private static Connection connect(Driver driver, String url) throws SQLException {
    var made = driver.connect(url, new Properties());
    if (made == null) {
      throw new SQLException("the driver does not take " + url);
    }
    return made;
  }

  private static synchronized Driver require() {
    if (loaded != null) {
      return loaded;
    }
    Driver driver;
    try {
      driver = new JDBC();
    } catch (LinkageError e) {
      throw new Problem(
          "SQLite storage needs the SQLite driver.",
          "org.sqlite.JDBC is not on the class path",
          "Add the library org.xerial:sqlite-jdbc, or keep studies in memory.",
          e);
    }
    if (System.getProperty(LIBRARIES) != null || !loadsKept(driver)) {
      load(driver);
    }
    loaded = driver;
    return driver;
  }

  /// Where the driver cannot load what is kept, it unpacks its own, as ever.
  private static boolean loadsKept(Driver driver) {
    var kept = KeptLibrary.directory(driver.getClass());
    if (kept == null) {
      return false;
    }
    System.setProperty(LIBRARIES, kept.toString());
    try {
      return SQLiteJDBCLoader.initialize();
    } catch (Exception | LinkageError e) {
      return false;
    } finally {
      System.clearProperty(LIBRARIES);
    }
  }

  private static void load(Driver driver) {
    var before = System.getProperty(DIRECTORY);
    try {
      NativeFiles.within("sqlite", directory -> load(driver, before == null ? directory : null));
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
  private static void load(Driver driver, @Nullable Path directory) throws IOException {
    if (directory != null) {
      System.setProperty(DIRECTORY, directory.toString());
    }
    try (var _ = connect(driver, MEMORY)) {
      // Loaded.
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
