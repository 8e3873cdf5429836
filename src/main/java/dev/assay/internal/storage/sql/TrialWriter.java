package dev.assay.internal.storage.sql;

import dev.assay.internal.problem.StorageProblems;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// What logs write of trials, and facts: each alone, or within a larger transaction of its
/// [SqlWriter].
final class TrialWriter {
  private final SqlWriter writer;

  TrialWriter(SqlWriter writer) {
    this.writer = writer;
  }

  /// @param worker in whose hands it is from now on, if it runs
  /// @param patiently as [SqlWriter#writeNow] has it
  /// @return false when another has the trial or its number, or the worker is taken for gone
  boolean begin(long id, TrialRecord trial, long worker, boolean patiently) {
    var texts = WriterStatements.Texts.ofBeginning(trial);
    return writer.writeNow(
        connection -> {
          choose(connection, false);
          if (trial.restarts() > 0) {
            writer
                .statements()
                .reports
                .flush(); // those of its earlier run are removed by what follows
          }
          boolean began = writer.statements().begin(id, trial, texts, worker) > 0;
          if (began && writer.commitsAlone()) {
            writer.began(id, trial, worker);
          }
          return began;
        },
        patiently);
  }

  /// @param ending larger than at every earlier end in the study; null where the database counts
  /// @param worker whose hands the trial must be in
  /// @param durably whether to wait until the disk has it
  /// @param patiently as [SqlWriter#writeNow] has it
  /// @return false when it is in others'
  boolean end(
      long id,
      TrialRecord trial,
      @Nullable Long ending,
      long worker,
      boolean durably,
      boolean patiently) {
    var texts = WriterStatements.Texts.ofEnd(trial, writer.dialect());
    int changed =
        writer.writeNow(
            connection -> {
              choose(connection, durably);
              if (writer.isTogether() && writer.dialect().fencesReports()) {
                writer.statements().reports.flush(); // while the trial still takes them
              }
              int rows = writer.statements().end(id, trial, texts, ending, worker);
              if (rows > 0 && writer.commitsAlone()) {
                writer.ended(id, trial, worker, durably);
              }
              return rows;
            },
            patiently);
    if (changed == 0 && !isInOtherHands(id, worker)) {
      throw StorageProblems.notBegun(trial.number());
    }
    return changed > 0;
  }

  /// Waits until the disk has what was written before: a commit that does brings it all there.
  ///
  /// @param patiently as [SqlWriter#writeNow] has it
  void harden(long worker, boolean patiently) {
    int _ =
        writer.writeNow(
            connection -> {
              choose(connection, true);
              int rows = writer.statements().touch(worker);
              if (writer.commitsAlone()) {
                writer.hardened();
              }
              return rows;
            },
            patiently);
  }

  private void choose(Connection connection, boolean durably) throws SQLException {
    if (writer.commitsAlone()) {
      writer.synchronous(connection, durably);
    }
  }

  private boolean isInOtherHands(long id, long worker) {
    return writer.alone(connection -> {
      try (var query =
          connection.prepareStatement(
              "SELECT 1 FROM trial WHERE id = ? AND (worker IS NULL OR worker <> ?)")) {
        query.setLong(1, id);
        query.setLong(2, worker);
        try (var rows = query.executeQuery()) {
          return rows.next();
        }
      }
    });
  }

  /// @param worker whose hands the trial must be in
  /// @param patiently as [SqlWriter#writeNow] has it
  /// @return false when it is known to be in others'
  boolean report(long id, Report newReport, long worker, boolean patiently) {
    var values = StoredJson.writeNumbers(newReport.values());
    return writer.writeNow(
        connection -> {
          if (writer.isTogether()) {
            writer.statements().reports.add(id, newReport, values, worker);
            return true;
          }
          choose(connection, false);
          boolean held = writer.statements().reports.write(id, newReport, values, worker) > 0;
          if (held && writer.commitsAlone()) {
            writer.reported(id, newReport, worker);
          }
          return held;
        },
        patiently);
  }

  /// @param patiently as [SqlWriter#writeNow] has it
  void putFact(long study, String key, Object value, boolean patiently) {
    var json = StoredJson.write(value);
    int _ = writer.writeNow(_ -> writer.statements().putFact(study, key, json), patiently);
  }

  /// As above, as soon as nothing that may pass is in the way.
  void putFact(long study, String key, Object value) {
    var json = StoredJson.write(value);
    int _ = writer.write(_ -> writer.statements().putFact(study, key, json));
  }
}
