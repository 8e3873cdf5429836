package dev.assay.storage;

import dev.assay.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One SQLite database file: connections to it, and its errors in words.
///
/// The file is never opened by other means than SQLite: closing any other handle of it would drop
/// the locks that this process holds (POSIX).
///
/// @param patience how long to wait for a lock of another process
record SqliteFile(Path path, Duration patience) {
  /// Work on a connection.
  interface Work<T extends @Nullable Object> {
    T run() throws SQLException;
  }

  /// Work on a connection without a result.
  interface Action {
    void run() throws SQLException;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /// A connection for writing; makes the file where there is none.
  Connection connect() {
    requireDriver();
    return call(() -> {
      // As a URI: the driver reads settings out of plain paths that have a question mark.
      var connection = DriverManager.getConnection("jdbc:sqlite:" + path.toAbsolutePath().toUri());
      try {
        execute(connection, "PRAGMA busy_timeout = " + patience.toMillis());
        return connection;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    });
  }

  /// A connection that refuses to write. (SQLite's mode `ro` would leave the files of the
  /// write-ahead log behind.)
  Connection connectForReading() {
    var connection = connect();
    try {
      execute(connection, "PRAGMA query_only = ON");
      return connection;
    } catch (SQLException e) {
      throw SqliteProblems.of(path, e);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Runs work; an error of SQLite's becomes a [Problem] about this file.
  <T extends @Nullable Object> T call(Work<T> work) {
    try {
      return work.run();
    } catch (SQLException e) {
      throw SqliteProblems.of(path, e);
    }
  }

  /// As [#call].
  void run(Action action) {
    try {
      action.run();
    } catch (SQLException e) {
      throw SqliteProblems.of(path, e);
    }
  }

  private static void requireDriver() {
    try {
      Class.forName("org.sqlite.JDBC");
    } catch (ClassNotFoundException | LinkageError e) {
      throw new Problem(
          "SQLite storage needs the SQLite driver.",
          "org.sqlite.JDBC is not on the class path",
          "Add the library org.xerial:sqlite-jdbc, or keep studies in memory.",
          e);
    }
  }
}
