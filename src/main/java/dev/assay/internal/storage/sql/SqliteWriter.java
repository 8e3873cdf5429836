package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connection through which a storage writes into a SQLite file.
final class SqliteWriter extends SqlWriter {
  /// How long SQLite itself waits for a lock; the rest of the patience is [#alone]'s.
  private static final Duration BUSY = Duration.ofSeconds(1);

  private final SqliteFile file;
  private final Connection connection;
  private final FileWatch watch;
  private final WriteAheadLog log;
  private @Nullable PreparedStatement dataVersion;
  private boolean isFull;
  private boolean isPatient;

  /// Set once the file is gone from its place.
  private volatile @Nullable Problem lost;

  private SqliteWriter(SqliteFile file, Connection connection) throws SQLException {
    super(file, new ReentrantLock());
    this.file = file;
    this.connection = connection;
    log = WriteAheadLog.of(connection);
    watch = new FileWatch(file.path());
    setPatient(true);
  }

  /// Opens the file, makes or updates its tables.
  static SqliteWriter open(SqliteFile file, SqliteSchema schema) {
    var connection = file.connect();
    return file.call(() -> {
      try {
        schema.update(connection, file);
        file.requireWhole(connection);
        return new SqliteWriter(file, connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    });
  }

  private void setPatient(boolean patient) throws SQLException {
    if (patient != isPatient) {
      long most = Math.min(BUSY.toMillis(), file.patience().toMillis());
      SqlDatabase.execute(connection, "PRAGMA busy_timeout = " + (patient ? most : 0));
      isPatient = patient;
    }
  }

  @Override
  Connection ready(boolean patiently) throws SQLException {
    var gone = lost;
    if (gone != null) {
      throw gone;
    }
    setPatient(patiently);
    return connection;
  }

  @Override
  void failed(SQLException error) {
    dataVersion = null;
  }

  @Override
  void writing(Connection itself) throws SQLException {
    log.written(itself);
  }

  /// With FULL a commit waits for the disk, and what was committed before is on it too.
  @Override
  void synchronous(Connection itself, boolean full) throws SQLException {
    if (full != isFull) {
      SqlDatabase.execute(itself, "PRAGMA synchronous = " + (full ? "FULL" : "NORMAL"));
      isFull = full;
    }
  }

  @Override
  String begin() {
    return "BEGIN IMMEDIATE";
  }

  @Override
  Duration patience() {
    return file.patience();
  }

  /// SQLite has waited itself.
  @Override
  boolean triesAgain(Problem problem) {
    return problem.getCause() instanceof SQLException error && SqliteProblems.isBusy(error);
  }

  /// Looks whether the file is still at its path. If not, what was written is saved elsewhere, and
  /// nothing can be written any more.
  ///
  /// @return what to tell then; null while all is well
  @Override
  @Nullable Problem look() {
    if (lost == null && !watch.isThere()) {
      lock().lock();
      try {
        if (lost == null && !isTogether()) {
          lost = watch.rescue(connection);
        }
      } finally {
        lock().unlock();
      }
    }
    return lost;
  }

  /// Changes with every write that is not this connection's.
  @Override
  long othersVersion(long study, long worker) {
    return attempt(
        itself -> {
          var query =
              dataVersion == null ? itself.prepareStatement("PRAGMA data_version") : dataVersion;
          dataVersion = query;
          try (var rows = query.executeQuery()) {
            return rows.getLong(1);
          }
        },
        false);
  }

  /// Where the file is gone, the connection stays open: SQLite would remove the log of whatever
  /// file is at the path now.
  @Override
  public void close() {
    lock().lock();
    try {
      if (lost == null) {
        file.run(connection::close);
      }
    } finally {
      lock().unlock();
    }
  }
}
