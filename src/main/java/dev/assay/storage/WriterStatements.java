package dev.assay.storage;

import dev.assay.study.TrialRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// The prepared statements of a [SqliteWriter].
final class WriterStatements implements AutoCloseable {
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

  static final String FACT =
      """
      INSERT INTO fact(study, key, value) VALUES(?1, ?2, ?3)
      ON CONFLICT(study, key) DO UPDATE SET value = ?3\
      """;

  final ReportRows reports;
  private final PreparedStatement begin;
  private final PreparedStatement end;
  private final PreparedStatement fact;
  private final PreparedStatement dataVersion;

  WriterStatements(Connection connection) throws SQLException {
    begin = connection.prepareStatement(BEGIN);
    end = connection.prepareStatement(END);
    reports = new ReportRows(connection);
    fact = connection.prepareStatement(FACT);
    dataVersion = connection.prepareStatement("PRAGMA data_version");
  }

  /// A trial's texts, made before the connection's lock is taken.
  record Texts(@Nullable String first, @Nullable String second, @Nullable String attributes) {
    static Texts ofBeginning(TrialRecord trial) {
      return new Texts(
          StoredJson.write(trial.configuration().values()),
          StoredJson.writeUnlessEmpty(trial.notes()),
          StoredJson.writeUnlessEmpty(trial.attributes()));
    }

    static Texts ofEnd(TrialRecord trial) {
      return new Texts(
          trial.values().isEmpty() ? null : StoredJson.writeNumbers(trial.values()),
          trial.detail().isEmpty() ? null : trial.detail(),
          StoredJson.writeUnlessEmpty(trial.attributes()));
    }
  }

  int begin(long id, TrialRecord trial, Texts texts, long worker) throws SQLException {
    begin.setLong(1, id);
    begin.setString(2, trial.state().word());
    begin.setString(3, texts.first());
    begin.setString(4, texts.second());
    begin.setString(5, texts.attributes());
    begin.setLong(6, trial.startedMillis());
    begin.setInt(7, trial.restarts());
    begin.setLong(8, worker);
    return begin.executeUpdate();
  }

  int end(long id, TrialRecord trial, Texts texts, long ending, long worker) throws SQLException {
    var cause = trial.cause();
    end.setLong(1, id);
    end.setString(2, trial.state().word());
    end.setString(3, texts.first());
    end.setString(4, cause == null ? null : cause.word());
    end.setString(5, texts.second());
    end.setString(6, texts.attributes());
    end.setDouble(7, trial.seconds());
    end.setLong(8, ending);
    end.setLong(9, worker);
    return end.executeUpdate();
  }

  int putFact(long study, String key, String json) throws SQLException {
    fact.setLong(1, study);
    fact.setString(2, key);
    fact.setString(3, json);
    return fact.executeUpdate();
  }

  /// Changes with every write that is not this connection's.
  long dataVersion() throws SQLException {
    try (var rows = dataVersion.executeQuery()) {
      return rows.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    begin.close();
    end.close();
    fact.close();
    dataVersion.close();
    reports.close();
  }
}
