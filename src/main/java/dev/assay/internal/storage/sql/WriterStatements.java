package dev.assay.internal.storage.sql;

import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/// The prepared statements of a [SqlWriter].
///
/// Each number is given out, and each trial taken, by one conditional statement: of several that
/// try at once one changes a row. Who was taken for gone has no row among the workers any more, and
/// the trials no longer name it: what it writes then changes nothing.
final class WriterStatements implements AutoCloseable {
  /// A waiting trial is taken by whoever would put the same parameters there, or starts it once
  /// more: those of a study that is defined by running it grew while it ran.
  private static final String BEGIN =
      """
      INSERT INTO trial(id, state, params, notes, attributes, started_millis, restarts, worker)
        SELECT CAST(? AS bigint), CAST(? AS text), %1$s, %1$s, %1$s, CAST(? AS bigint),
          CAST(? AS integer), CAST(? AS bigint)
        WHERE EXISTS(SELECT 1 FROM worker WHERE id = ?)
      ON CONFLICT(id) DO UPDATE SET state = excluded.state, params = excluded.params,
        notes = excluded.notes, attributes = excluded.attributes,
        started_millis = excluded.started_millis, restarts = excluded.restarts,
        worker = excluded.worker, "values" = NULL, cause = NULL, detail = NULL, seconds = NULL,
        ended = NULL
      WHERE trial.worker = ? OR (trial.state = 'waiting'
        AND (CAST(trial.params AS text) = CAST(excluded.params AS text)
          OR (trial.restarts = excluded.restarts AND excluded.restarts > 0)))\
      """;

  private static final String END =
      """
      UPDATE trial SET state = ?, "values" = %1$s, cause = ?, detail = %1$s, attributes = %1$s,
        seconds = ?, ended = %2$s
      WHERE id = ? AND ended IS NULL AND worker = ?\
      """;

  private static final String FACT =
      """
      INSERT INTO fact(study, key, value) VALUES(?, ?, %s)
      ON CONFLICT(study, key) DO UPDATE SET value = excluded.value\
      """;

  /// A change that is nothing but a sign of life.
  private static final String TOUCH = "UPDATE worker SET seen_millis = %s WHERE id = ?";

  final ReportRows reports;
  private final PreparedStatement begin;
  private final PreparedStatement end;
  private final PreparedStatement fact;
  private final PreparedStatement touch;

  WriterStatements(Connection connection, SqlDialect dialect) throws SQLException {
    begin = connection.prepareStatement(BEGIN.formatted(dialect.json()));
    end = connection.prepareStatement(END.formatted(dialect.json(), dialect.ending()));
    reports = new ReportRows(connection, dialect);
    fact = connection.prepareStatement(FACT.formatted(dialect.json()));
    touch = connection.prepareStatement(TOUCH.formatted(dialect.nowMillis()));
  }

  /// A trial's texts, made before the connection's lock is taken.
  record Texts(@Nullable String first, @Nullable String second, @Nullable String attributes) {
    static Texts ofBeginning(TrialRecord trial) {
      return new Texts(
          StoredJson.write(trial.configuration().values()),
          StoredJson.writeUnlessEmpty(trial.notes()),
          StoredJson.writeUnlessEmpty(trial.attributes()));
    }

    static Texts ofEnd(TrialRecord trial, SqlDialect dialect) {
      return new Texts(
          trial.values().isEmpty() ? null : StoredJson.writeNumbers(trial.values()),
          dialect.text(trial.detail()),
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
    if (trial.state() == TrialState.RUNNING) {
      begin.setLong(8, worker);
    } else {
      begin.setNull(8, Types.BIGINT);
    }
    begin.setLong(9, worker);
    begin.setLong(10, worker);
    return begin.executeUpdate();
  }

  /// @param ending null where the database counts
  int end(long id, TrialRecord trial, Texts texts, @Nullable Long ending, long worker)
      throws SQLException {
    var cause = trial.cause();
    end.setString(1, trial.state().word());
    end.setString(2, texts.first());
    end.setString(3, cause == null ? null : cause.word());
    end.setString(4, texts.second());
    end.setString(5, texts.attributes());
    end.setDouble(6, trial.seconds());
    if (ending == null) {
      end.setNull(7, Types.BIGINT);
    } else {
      end.setLong(7, ending);
    }
    end.setLong(8, id);
    end.setLong(9, worker);
    return end.executeUpdate();
  }

  int touch(long worker) throws SQLException {
    touch.setLong(1, worker);
    return touch.executeUpdate();
  }

  int putFact(long study, String key, String json) throws SQLException {
    fact.setLong(1, study);
    fact.setString(2, key);
    fact.setString(3, json);
    return fact.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    begin.close();
    end.close();
    fact.close();
    touch.close();
    reports.close();
  }
}
