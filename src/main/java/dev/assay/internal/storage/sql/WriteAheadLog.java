package dev.assay.internal.storage.sql;

import java.sql.Connection;
import java.sql.SQLException;

/// How long a connection's write-ahead log grows before it is moved into the database. A longer one
/// means fewer waits for the disk, but takes room: as much as the database twice, from 2 to 40 MB.
final class WriteAheadLog {
  private static final int FEWEST_PAGES = 512;
  private static final int MOST_PAGES = 10_000;

  /// Writes between two looks at how large the database is.
  private static final int BETWEEN_LOOKS = 256;

  private long pages;
  private long writes;

  /// Sets the connection up.
  static WriteAheadLog of(Connection connection) throws SQLException {
    var log = new WriteAheadLog();
    // The log is written without waiting for the disk: a killed process loses nothing, a power
    // failure the last moments; the file is whole after either.
    SqlDatabase.execute(connection, "PRAGMA synchronous = NORMAL");
    log.adapt(connection);
    return log;
  }

  /// To be called before each write.
  void written(Connection connection) throws SQLException {
    if (++writes % BETWEEN_LOOKS == 0) {
      adapt(connection);
    }
  }

  private void adapt(Connection connection) throws SQLException {
    long database = SqlDatabase.number(connection, "PRAGMA page_count");
    long fitting = Math.clamp(2 * database, FEWEST_PAGES, MOST_PAGES);
    if (fitting != pages) {
      pages = fitting;
      SqlDatabase.execute(connection, "PRAGMA wal_autocheckpoint = " + pages);
      long bytes = pages * SqlDatabase.number(connection, "PRAGMA page_size");
      SqlDatabase.execute(connection, "PRAGMA journal_size_limit = " + bytes);
    }
  }
}
