package dev.assay.internal.storage.sql;

import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/// What was written since the database last said that its disk has everything.
///
/// Short trials do not wait for the disk of a server: one that is killed forgets its last moments,
/// though those who told it live on. They tell it again.
///
/// Guarded by the lock of the connection.
final class Recent {
  private final Deque<Entry> entries = new ArrayDeque<>();

  private sealed interface Entry {}

  private record Begun(long id, TrialRecord trial, long worker) implements Entry {}

  private record Reported(long id, Report report, long worker) implements Entry {}

  private record Ended(long id, TrialRecord trial, long worker) implements Entry {}

  void began(long id, TrialRecord trial, long worker) {
    entries.add(new Begun(id, trial, worker));
  }

  void reported(long id, Report report, long worker) {
    entries.add(new Reported(id, report, worker));
  }

  void ended(long id, TrialRecord trial, long worker) {
    entries.add(new Ended(id, trial, worker));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /// The disk has everything.
  void forget() {
    entries.clear();
  }

  /// Writes what is missing, in the same order; within a transaction.
  void writeAgain(Connection connection) throws SQLException {
    var dialect = SqlDialect.POSTGRESQL;
    try (var statements = new WriterStatements(connection, dialect)) {
      for (var entry : entries) {
        switch (entry) {
          case Begun(long id, var trial, long worker) -> {
            if (!isThere(connection, id, trial, worker)) {
              var texts = WriterStatements.Texts.ofBeginning(trial);
              int _ = statements.begin(id, trial, texts, worker);
            }
          }
          case Reported(long id, var report, long worker) -> report(connection, id, report, worker);
          case Ended(long id, var trial, long worker) -> {
            var texts = WriterStatements.Texts.ofEnd(trial, dialect);
            int _ = statements.end(id, trial, texts, null, worker);
          }
        }
      }
    }
  }

  /// Whether this very run of the trial is stored, or its end.
  private static boolean isThere(Connection connection, long id, TrialRecord trial, long worker)
      throws SQLException {
    try (var query =
        connection.prepareStatement(
            "SELECT 1 FROM trial WHERE id = ? AND worker = ? AND started_millis = ?")) {
      query.setLong(1, id);
      query.setLong(2, worker);
      query.setLong(3, trial.startedMillis());
      try (var rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static void report(Connection connection, long id, Report report, long worker)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(ReportRows.UNLESS_THERE.formatted("CAST(? AS json)"))) {
      ReportRows.setUnlessThere(insert, id, report, worker);
      insert.executeUpdate();
    }
  }
}
