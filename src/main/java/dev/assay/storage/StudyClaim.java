package dev.assay.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The right to run one study, held by one process at a time: an exclusive lock on an empty file
/// beside the database, which the operating system drops when the process dies.
///
/// The lock is taken through SQLite and not through a FileLock of Java's: POSIX drops a FileLock as
/// soon as any other handle of the file is closed within the process, which a second attempt to
/// lock would do. SQLite knows of all handles in the process.
final class StudyClaim implements AutoCloseable {
  private static final int BUSY = 5;

  private final Connection connection;

  private StudyClaim(Connection connection) {
    this.connection = connection;
  }

  /// @param database the storage's file
  /// @param study the study's id in it
  /// @return null when somebody else holds it
  static @Nullable StudyClaim tryTake(Path database, long study) {
    var path = database.resolveSibling(database.getFileName() + "-lock-" + study);
    var file = new SqliteFile(path, Duration.ZERO);
    var connection = file.connect();
    try {
      // In memory: a journal would be a second file, and there is nothing to write.
      SqliteFile.execute(connection, "PRAGMA journal_mode = MEMORY");
      SqliteFile.execute(connection, "BEGIN EXCLUSIVE");
      return new StudyClaim(connection);
    } catch (SQLException e) {
      file.run(connection::close);
      if ((e.getErrorCode() & 0xff) == BUSY) {
        return null;
      }
      throw SqliteProblems.of(path, e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
