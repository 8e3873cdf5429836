package dev.assay.storage;

import dev.assay.study.Report;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Writes reports: one, or within a transaction many with one statement, which costs a third.
final class ReportRows implements AutoCloseable {
  /// Reports that are written with one statement.
  private static final int MANY = 64;

  private static final String INSERT =
      "INSERT INTO report(trial, step, \"values\") VALUES(?, ?, ?)";

  private final PreparedStatement one;
  private final PreparedStatement many;
  private final long[] trials = new long[MANY];
  private final long[] steps = new long[MANY];
  private final String[] values = new String[MANY];

  /// Reports that are not written yet.
  private int waiting;

  ReportRows(Connection connection) throws SQLException {
    one = connection.prepareStatement(INSERT);
    many = connection.prepareStatement(INSERT + ", (?, ?, ?)".repeat(MANY - 1));
  }

  /// Writes a report.
  ///
  /// @param trial its key
  /// @param json its values
  int write(long trial, Report report, String json) throws SQLException {
    set(one, 0, trial, report.step(), json);
    return one.executeUpdate();
  }

  /// Writes a report with others, at the latest by [#flush].
  void add(long trial, Report report, String json) throws SQLException {
    trials[waiting] = trial;
    steps[waiting] = report.step();
    values[waiting] = json;
    if (++waiting == MANY) {
      waiting = 0;
      for (int row = 0; row < MANY; row++) {
        set(many, row, trials[row], steps[row], values[row]);
      }
      many.executeUpdate();
    }
  }

  /// Writes those that wait.
  void flush() throws SQLException {
    int count = waiting;
    waiting = 0;
    for (int row = 0; row < count; row++) {
      set(one, 0, trials[row], steps[row], values[row]);
      one.executeUpdate();
    }
  }

  private static void set(PreparedStatement insert, int row, long trial, long step, String json)
      throws SQLException {
    insert.setLong(3 * row + 1, trial);
    insert.setLong(3 * row + 2, step);
    insert.setString(3 * row + 3, json);
  }

  @Override
  public void close() throws SQLException {
    one.close();
    many.close();
  }
}
