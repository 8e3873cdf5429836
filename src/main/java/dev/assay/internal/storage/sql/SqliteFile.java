package dev.assay.internal.storage.sql;

import dev.assay.files.OwnerOnly;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// One SQLite database file: connections to it, and its errors in words.
///
/// The file is never opened by other means than SQLite: closing any other handle of it would drop
/// the locks that this process holds (POSIX).
///
/// @param patience how long to wait for a lock of another process
record SqliteFile(Path path, Duration patience) implements SqlDatabase {
  private static final Logger LOG = Log.of(SqliteFile.class);

  /// How long to wait before what was refused is tried again.
  private static final Duration AGAIN = Duration.ofMillis(5);

  /// Work on a connection without a result.
  interface Action {
    void run() throws SQLException;
  }

  @Override
  public SqlDialect dialect() {
    return SqlDialect.SQLITE;
  }

  @Override
  public String place() {
    return path.toString();
  }

  @Override
  public boolean readsInParallel() {
    return true;
  }

  @Override
  public boolean mayPass(Problem problem) {
    return SqliteProblems.mayPass(problem);
  }

  @Override
  public Problem problem(SQLException error) {
    return SqliteProblems.of(path, error);
  }

  @Override
  public Problem unreadable(String place, Exception error) {
    return SqliteProblems.unreadable(path, place, error);
  }

  /// Tries again what SQLite refuses at once, however long its busy timeout is, while another
  /// process has a lock that it would raise its own to: a switch of the journal's mode, for one.
  void patiently(Action action) throws SQLException {
    var deadline = Instant.now().plus(patience);
    while (true) {
      try {
        action.run();
        return;
      } catch (SQLException e) {
        if (!SqliteProblems.isBusy(e) || Instant.now().isAfter(deadline)) {
          throw e;
        }
        LockSupport.parkNanos(AGAIN.toNanos());
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }

  /// On a connection of its own, or on that of the [OneLook] that this is part of.
  @Override
  public <T extends @Nullable Object> T read(SqlDatabase.Work<T> work) {
    return call(() -> {
      var look = OneLook.current();
      var kept = look == null ? null : look.take(path);
      var connection = kept == null ? connectForReading() : kept;
      boolean used = false;
      try {
        connection.setAutoCommit(false);
        var result = work.run(connection);
        connection.rollback();
        if (look != null) {
          look.keep(path, connection);
          used = true;
        }
        return result;
      } finally {
        if (!used) {
          connection.close();
        }
      }
    });
  }

  /// Whether there is anything in it: an empty file is what SQLite makes a database of.
  boolean exists() {
    return path.toFile().length() > 0;
  }

  /// A connection for writing; makes the file where there is none.
  Connection connect() {
    try {
      OwnerOnly.file(path); // where there is one it is not opened; SQLite's other files follow it
    } catch (IOException e) {
      LOG.debug("SQLite says what is wrong with {}.", path, e);
    }
    return connect("rwc");
  }

  /// @param mode as SQLite's URIs have it: `rwc` makes the file, `rw` does not
  private Connection connect(String mode) {
    return call(() -> {
      // As a URI: the driver reads settings out of plain paths that have a question mark.
      var connection =
          SqliteLibrary.connect("jdbc:sqlite:" + path.toAbsolutePath().toUri() + "?mode=" + mode);
      try {
        SqlDatabase.execute(connection, "PRAGMA busy_timeout = " + patience.toMillis());
        return connection;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    });
  }

  /// A connection that refuses to write, and never makes the file. (SQLite's mode `ro` would leave
  /// the files of the write-ahead log behind.)
  ///
  /// @throws Problem when there is no file, for one
  Connection connectForReading() {
    var directory = path.toAbsolutePath().getParent();
    return connectForReading(directory == null || Files.isWritable(directory));
  }

  /// @param writable whether files can be made beside it, as SQLite does even to read; on a disk
  ///   that is mounted read-only nobody writes, and it reads what is there
  Connection connectForReading(boolean writable) {
    if (!exists()) {
      throw SqliteProblems.gone(path);
    }
    var connection = connect(writable ? "rw" : isOpen() ? "ro" : "ro&immutable=1");
    try {
      SqlDatabase.execute(connection, "PRAGMA query_only = ON");
      return connection;
    } catch (SQLException e) {
      throw SqliteProblems.of(path, e);
    }
  }

  /// Whether somebody has it open, or left a log that belongs to it.
  private boolean isOpen() {
    return new File(path + "-shm").exists() || new File(path + "-wal").length() > 0;
  }

  /// Refuses a file whose end is missing, which SQLite does not always notice.
  void requireWhole(Connection connection) throws SQLException {
    long expected = wholeBytes(connection);
    // Another process may have written meanwhile: what is short now and then is short.
    if (isShort(expected) && isShort(wholeBytes(connection))) {
      throw SqliteProblems.cutShort(path, path.toFile().length(), expected);
    }
  }

  private static long wholeBytes(Connection connection) throws SQLException {
    return SqlDatabase.number(connection, "PRAGMA page_count")
        * SqlDatabase.number(connection, "PRAGMA page_size");
  }

  /// With pages in the write-ahead log the file may be shorter.
  private boolean isShort(long expected) {
    long bytes = path.toFile().length();
    return bytes < expected && new File(path + "-wal").length() == 0;
  }

  /// As [#call].
  void run(Action action) {
    try {
      action.run();
    } catch (SQLException e) {
      throw SqliteProblems.of(path, e);
    }
  }
}
