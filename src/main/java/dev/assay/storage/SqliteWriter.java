package dev.assay.storage;

import dev.assay.study.Report;
import dev.assay.study.TrialRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one connection through which a storage writes, with its prepared statements. Every write is
/// a transaction of its own.
final class SqliteWriter implements AutoCloseable {
  /// Pages of the write-ahead log (4 KiB each) after which it is moved into the database. A larger
  /// log means fewer waits for the disk.
  private static final int CHECKPOINT_PAGES = 10_000;

  private static final String BEGIN =
      """
      INSERT INTO trial(id, state, params, notes, attributes, started_millis, restarts)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT(id) DO UPDATE SET state = ?2, params = ?3, notes = ?4, attributes = ?5,
        started_millis = ?6, restarts = ?7, "values" = NULL, cause = NULL, detail = NULL,
        seconds = NULL, ended = NULL\
      """;

  private static final String END =
      """
      UPDATE trial SET state = ?2, "values" = ?3, cause = ?4, detail = ?5, attributes = ?6,
        seconds = ?7, ended = ?8
      WHERE id = ?1 AND ended IS NULL\
      """;

  private static final String REPORT =
      "INSERT INTO report(trial, step, \"values\") VALUES(?, ?, ?)";

  private static final String FACT =
      """
      INSERT INTO fact(study, key, value) VALUES(?1, ?2, ?3)
      ON CONFLICT(study, key) DO UPDATE SET value = ?3\
      """;

  private final SqliteFile file;
  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock();
  private final PreparedStatement begin;
  private final PreparedStatement end;
  private final PreparedStatement report;
  private final PreparedStatement fact;

  private SqliteWriter(SqliteFile file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    begin = connection.prepareStatement(BEGIN);
    end = connection.prepareStatement(END);
    report = connection.prepareStatement(REPORT);
    fact = connection.prepareStatement(FACT);
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
      return file.call(() -> work.run(connection));
    } finally {
      lock.unlock();
    }
  }

  void begin(long id, TrialRecord trial) {
    // Made before the lock is taken.
    var params = StoredJson.write(trial.configuration().values());
    var notes = StoredJson.writeUnlessEmpty(trial.notes());
    var attributes = StoredJson.writeUnlessEmpty(trial.attributes());
    alone(_ -> {
      begin.setLong(1, id);
      begin.setString(2, trial.state().word());
      begin.setString(3, params);
      begin.setString(4, notes);
      begin.setString(5, attributes);
      begin.setLong(6, trial.startedMillis());
      begin.setInt(7, trial.restarts());
      return begin.executeUpdate();
    });
  }

  /// @param ending larger than at every earlier end in the study
  void end(long id, TrialRecord trial, long ending) {
    var values = trial.values().isEmpty() ? null : StoredJson.writeNumbers(trial.values());
    var attributes = StoredJson.writeUnlessEmpty(trial.attributes());
    int changed =
        alone(_ -> {
          end.setLong(1, id);
          end.setString(2, trial.state().word());
          end.setString(3, values);
          end.setString(4, trial.cause() == null ? null : trial.cause().word());
          end.setString(5, trial.detail().isEmpty() ? null : trial.detail());
          end.setString(6, attributes);
          end.setDouble(7, trial.seconds());
          end.setLong(8, ending);
          return end.executeUpdate();
        });
    if (changed == 0) {
      throw StorageProblems.notBegun(trial.number());
    }
  }

  void report(long id, Report newReport) {
    var values = StoredJson.writeNumbers(newReport.values());
    alone(_ -> {
      report.setLong(1, id);
      report.setLong(2, newReport.step());
      report.setString(3, values);
      return report.executeUpdate();
    });
  }

  void putFact(long study, String key, Object value) {
    var json = StoredJson.write(value);
    alone(_ -> {
      fact.setLong(1, study);
      fact.setString(2, key);
      fact.setString(3, json);
      return fact.executeUpdate();
    });
  }

  /// Notes which process runs a study; null: none.
  void putProcess(long study, @Nullable Long pid) {
    alone(connection -> {
      try (var update = connection.prepareStatement("UPDATE study SET pid = ? WHERE id = ?")) {
        if (pid == null) {
          update.setNull(1, Types.INTEGER);
        } else {
          update.setLong(1, pid);
        }
        update.setLong(2, study);
        return update.executeUpdate();
      }
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
