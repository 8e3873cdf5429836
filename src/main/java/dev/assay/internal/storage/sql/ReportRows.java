package dev.assay.internal.storage.sql;

import dev.assay.trial.Report;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Writes reports: one, or within a transaction many at once, which costs a third.
final class ReportRows implements AutoCloseable {
  /// Reports that are written at once.
  private static final int MANY = 64;

  /// Writes a report, unless it is there or the trial in others' hands; of one word for JSON.
  static final String UNLESS_THERE =
      """
      INSERT INTO report(trial, step, "values")
        SELECT id, CAST(? AS bigint), %s FROM trial WHERE id = ? AND worker = ?
      ON CONFLICT(trial, step) DO NOTHING\
      """;

  private final boolean fenced;
  private final PreparedStatement one;

  /// All of [#MANY] in one statement; null where they go as a batch, which a database elsewhere
  /// gets in one message.
  private final @Nullable PreparedStatement many;

  private final long[] trials = new long[MANY];
  private final long[] workers = new long[MANY];
  private final long[] steps = new long[MANY];
  private final String[] values = new String[MANY];

  /// Reports that are not written yet.
  private int waiting;

  ReportRows(Connection connection, SqlDialect dialect) throws SQLException {
    fenced = dialect.fencesReports();
    one = connection.prepareStatement(dialect.report());
    many =
        fenced
            ? null
            : connection.prepareStatement(dialect.report() + ", (?, ?, ?)".repeat(MANY - 1));
  }

  /// Sets the parameters of [#UNLESS_THERE].
  static void setUnlessThere(PreparedStatement insert, long trial, Report report, long worker)
      throws SQLException {
    insert.setLong(1, report.step());
    insert.setString(2, StoredJson.writeNumbers(report.values()));
    insert.setLong(3, trial);
    insert.setLong(4, worker);
  }

  /// Writes a report.
  ///
  /// @param trial its key
  /// @param worker whose hands the trial must be in
  /// @param json its values
  /// @return 0 when it is in others'
  int write(long trial, Report report, String json, long worker) throws SQLException {
    set(one, 0, trial, report.step(), json, worker);
    return one.executeUpdate();
  }

  /// Writes a report with others, at the latest by [#flush].
  void add(long trial, Report report, String json, long worker) throws SQLException {
    trials[waiting] = trial;
    workers[waiting] = worker;
    steps[waiting] = report.step();
    values[waiting] = json;
    if (++waiting == MANY) {
      if (many == null) {
        flush();
        return;
      }
      waiting = 0;
      for (int row = 0; row < MANY; row++) {
        set(many, row, trials[row], steps[row], values[row], workers[row]);
      }
      many.executeUpdate();
    }
  }

  /// Writes those that wait.
  void flush() throws SQLException {
    int count = waiting;
    waiting = 0;
    for (int row = 0; row < count; row++) {
      set(one, 0, trials[row], steps[row], values[row], workers[row]);
      if (fenced) {
        one.addBatch();
      } else {
        one.executeUpdate();
      }
    }
    if (fenced && count > 0) {
      one.executeBatch();
    }
  }

  /// @param row among those of the statement
  private void set(
      PreparedStatement insert, int row, long trial, long step, String json, long worker)
      throws SQLException {
    if (fenced) {
      insert.setLong(1, step);
      insert.setString(2, json);
      insert.setLong(3, trial);
      insert.setLong(4, worker);
    } else {
      insert.setLong(3 * row + 1, trial);
      insert.setLong(3 * row + 2, step);
      insert.setString(3 * row + 3, json);
    }
  }

  @Override
  public void close() throws SQLException {
    one.close();
    if (many != null) {
      many.close();
    }
  }
}
