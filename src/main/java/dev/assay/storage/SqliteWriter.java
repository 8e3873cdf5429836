package dev.assay.storage;

import dev.assay.study.Report;
import dev.assay.study.TrialRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one connection through which a storage writes, with its prepared statements. Every write is
/// a transaction of its own, but for those within [#together].
final class SqliteWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);

  /// Pages of the write-ahead log (4 KiB each) after which it is moved into the database. A larger
  /// log means fewer waits for the disk.
  private static final int CHECKPOINT_PAGES = 10_000;

  /// A waiting trial is taken by whoever would put the same parameters there, or starts it once
  /// more: those of a study that is defined by running it grew while it ran.
  private static final String BEGIN =
      """
      INSERT INTO trial(id, state, params, notes, attributes, started_millis, restarts, worker)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, iif(?2 = 'running', ?8, NULL))
      ON CONFLICT(id) DO UPDATE SET state = ?2, params = ?3, notes = ?4, attributes = ?5,
        started_millis = ?6, restarts = ?7, worker = excluded.worker, "values" = NULL, cause = NULL,
        detail = NULL, seconds = NULL, ended = NULL
      WHERE worker = ?8 OR (state = 'waiting' AND (params = ?3 OR (restarts = ?7 AND ?7 > 0)))\
      """;

  private static final String END =
      """
      UPDATE trial SET state = ?2, "values" = ?3, cause = ?4, detail = ?5, attributes = ?6,
        seconds = ?7, ended = ?8
      WHERE id = ?1 AND ended IS NULL AND worker = ?9\
      """;

  private static final String FACT =
      """
      INSERT INTO fact(study, key, value) VALUES(?1, ?2, ?3)
      ON CONFLICT(study, key) DO UPDATE SET value = ?3\
      """;

  private final SqliteFile file;
  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock();
  private PreparedStatement begin;
  private PreparedStatement end;
  private ReportRows reports;
  private PreparedStatement fact;
  private PreparedStatement dataVersion;

  /// After an error the driver has closed the statement that had it.
  private boolean broken;

  private volatile long writes;
  private boolean isFull;

  /// Whether a transaction is under way that [#together] began, and whether a write of it failed.
  private boolean isTogether;

  private boolean isSpoilt;

  private SqliteWriter(SqliteFile file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    begin = connection.prepareStatement(BEGIN);
    end = connection.prepareStatement(END);
    reports = new ReportRows(connection);
    fact = connection.prepareStatement(FACT);
    dataVersion = connection.prepareStatement("PRAGMA data_version");
  }

  /// Makes the statements anew: whoever made room on the disk can go on.
  private void prepareAgain() throws SQLException {
    for (var old : List.of(begin, end, fact, dataVersion)) {
      old.close();
    }
    reports.close();
    begin = connection.prepareStatement(BEGIN);
    end = connection.prepareStatement(END);
    reports = new ReportRows(connection);
    fact = connection.prepareStatement(FACT);
    dataVersion = connection.prepareStatement("PRAGMA data_version");
    broken = false;
  }

  /// Opens the file, makes or updates its tables.
  static SqliteWriter open(SqliteFile file, SqliteSchema schema) {
    var connection = file.connect();
    return file.call(() -> {
      try {
        schema.update(connection, file.path());
        // The log is written without waiting for the disk: a killed process loses nothing, a power
        // failure the last moments; the file is whole after either.
        SqliteFile.execute(connection, "PRAGMA synchronous = NORMAL");
        SqliteFile.execute(connection, "PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
        return new SqliteWriter(file, connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    });
  }

  /// Work that has the connection for itself.
  interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  <T extends @Nullable Object> T alone(Work<T> work) {
    lock.lock();
    try {
      return file.call(() -> {
        if (broken) {
          prepareAgain();
        }
        try {
          return work.run(connection);
        } catch (SQLException e) {
          broken = true;
          isSpoilt = true;
          throw e;
        }
      });
    } finally {
      lock.unlock();
    }
  }

  /// @param worker whose hands the trial is in
  /// @return false when it is in others'
  boolean begin(long id, TrialRecord trial, long worker) {
    // Made before the lock is taken.
    var params = StoredJson.write(trial.configuration().values());
    var notes = StoredJson.writeUnlessEmpty(trial.notes());
    var attributes = StoredJson.writeUnlessEmpty(trial.attributes());
    return write(_ -> {
      if (trial.restarts() > 0) {
        reports.flush(); // those of its earlier run are removed by what follows
      }
      begin.setLong(1, id);
      begin.setString(2, trial.state().word());
      begin.setString(3, params);
      begin.setString(4, notes);
      begin.setString(5, attributes);
      begin.setLong(6, trial.startedMillis());
      begin.setInt(7, trial.restarts());
      begin.setLong(8, worker);
      return begin.executeUpdate();
    })
        > 0;
  }

  /// @param ending larger than at every earlier end in the study
  /// @param worker whose hands the trial must be in
  /// @param durably whether to wait until the disk has it
  /// @return false when it is in others'
  boolean end(long id, TrialRecord trial, long ending, long worker, boolean durably) {
    var values = trial.values().isEmpty() ? null : StoredJson.writeNumbers(trial.values());
    var attributes = StoredJson.writeUnlessEmpty(trial.attributes());
    int changed =
        write(_ -> {
          end.setLong(1, id);
          end.setString(2, trial.state().word());
          end.setString(3, values);
          end.setString(4, trial.cause() == null ? null : trial.cause().word());
          end.setString(5, trial.detail().isEmpty() ? null : trial.detail());
          end.setString(6, attributes);
          end.setDouble(7, trial.seconds());
          end.setLong(8, ending);
          end.setLong(9, worker);
          synchronous(durably);
          return end.executeUpdate();
        });
    if (changed == 0 && !isInOtherHands(id, worker)) {
      throw StorageProblems.notBegun(trial.number());
    }
    return changed > 0;
  }

  /// With FULL a commit waits for the disk, and what was committed before is on it too. Within a
  /// transaction it stays as it is.
  private void synchronous(boolean full) throws SQLException {
    if (full != isFull && !isTogether) {
      SqliteFile.execute(connection, "PRAGMA synchronous = " + (full ? "FULL" : "NORMAL"));
      isFull = full;
    }
  }

  private boolean isInOtherHands(long id, long worker) {
    return alone(connection -> {
      try (var query =
          connection.prepareStatement("SELECT 1 FROM trial WHERE id = ? AND worker IS NOT ?")) {
        query.setLong(1, id);
        query.setLong(2, worker);
        try (var rows = query.executeQuery()) {
          return rows.next();
        }
      }
    });
  }

  void report(long id, Report newReport) {
    var values = StoredJson.writeNumbers(newReport.values());
    write(_ -> {
      if (isTogether) {
        reports.add(id, newReport, values);
      } else {
        reports.write(id, newReport, values);
      }
      return null;
    });
  }

  void putFact(long study, String key, Object value) {
    var json = StoredJson.write(value);
    write(_ -> {
      fact.setLong(1, study);
      fact.setString(2, key);
      fact.setString(3, json);
      return fact.executeUpdate();
    });
  }

  /// Changes with every write that is not this connection's.
  long othersVersion() {
    return alone(_ -> {
      try (var rows = dataVersion.executeQuery()) {
        return rows.getLong(1);
      }
    });
  }

  /// Makes one transaction of all that is written through this connection until `work` ends; no
  /// lock is held meanwhile. What was written before an error of the work's own is kept; after one
  /// of the storage's, nothing is.
  ///
  /// @param durably whether to wait until the disk has it
  void together(Runnable work, boolean durably) {
    alone(connection -> {
      synchronous(durably);
      SqliteFile.execute(connection, "BEGIN IMMEDIATE");
      isTogether = true;
      isSpoilt = false;
      return null;
    });
    try {
      work.run();
    } finally {
      alone(connection -> {
        isTogether = false;
        if (isSpoilt) {
          rollBack();
        } else {
          commit();
        }
        return null;
      });
    }
  }

  private void commit() throws SQLException {
    try {
      reports.flush();
      SqliteFile.execute(connection, "COMMIT");
    } catch (SQLException e) {
      rollBack();
      throw e;
    }
  }

  private void rollBack() {
    try {
      SqliteFile.execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      LOG.debug("SQLite has rolled back by itself.", e);
    }
  }

  /// As [#write], all or nothing.
  <T extends @Nullable Object> T transaction(Work<T> work) {
    return write(connection -> {
      if (isTogether) {
        return work.run(connection);
      }
      SqliteFile.execute(connection, "BEGIN IMMEDIATE");
      try {
        var result = work.run(connection);
        commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack();
        throw e;
      }
    });
  }

  /// How many writes went through this connection, by whichever log.
  long writes() {
    return writes;
  }

  /// As [#alone], for work that writes.
  <T extends @Nullable Object> T write(Work<T> work) {
    return alone(connection -> {
      writes++;
      return work.run(connection);
    });
  }

  @Override
  public void close() {
    alone(connection -> {
      connection.close();
      return null;
    });
  }
}
