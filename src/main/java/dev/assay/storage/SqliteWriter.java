package dev.assay.storage;

import dev.assay.problem.Log;
import dev.assay.problem.Problem;
import dev.assay.study.Report;
import dev.assay.study.TrialRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The one connection through which a storage writes, with its prepared statements. Every write is
/// a transaction of its own, but for those within [#together].
final class SqliteWriter implements AutoCloseable {
  private static final Logger LOG = Log.of(SqliteWriter.class);

  /// How long SQLite itself waits for a lock; the rest of the patience is [#alone]'s.
  private static final Duration BUSY = Duration.ofSeconds(1);

  private final SqliteFile file;
  private final Connection connection;
  private final FileWatch watch;
  private final WriteAheadLog log;
  private final ReentrantLock lock = new ReentrantLock();
  private WriterStatements statements;

  /// After an error the driver has closed the statement that had it.
  private boolean broken;

  private volatile long writes;
  private boolean isFull;
  private boolean isPatient;

  /// Whether a transaction is under way that [#together] began, and whether a write of it failed.
  private volatile boolean isTogether;

  private boolean isSpoilt;

  /// Set once the file is gone from its place.
  private volatile @Nullable Problem lost;

  private SqliteWriter(SqliteFile file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    log = WriteAheadLog.of(connection);
    statements = new WriterStatements(connection);
    watch = new FileWatch(file.path());
    setPatient(true);
  }

  /// Opens the file, makes or updates its tables.
  static SqliteWriter open(SqliteFile file, SqliteSchema schema) {
    var connection = file.connect();
    return file.call(() -> {
      try {
        schema.update(connection, file.path());
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
      SqliteFile.execute(connection, "PRAGMA busy_timeout = " + (patient ? most : 0));
      isPatient = patient;
    }
  }

  /// Work that has the connection for itself.
  interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  /// Does work, as soon as no lock of another process's is in the way, for as long as the file's
  /// patience lasts.
  <T extends @Nullable Object> T alone(Work<T> work) {
    long deadline = System.nanoTime() + file.patience().toNanos();
    while (true) {
      try {
        return attempt(work, true);
      } catch (Problem e) {
        boolean busy = e.getCause() instanceof SQLException error && SqliteProblems.isBusy(error);
        if (!busy
            || isTogether
            || System.nanoTime() > deadline
            || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }

  /// Does work once.
  ///
  /// @param patiently whether to wait a second for another process's lock
  private <T extends @Nullable Object> T attempt(Work<T> work, boolean patiently) {
    lock.lock();
    try {
      var gone = lost;
      if (gone != null) {
        throw gone;
      }
      return file.call(() -> {
        try {
          if (broken) { // whoever made room on the disk can go on
            statements.close();
            statements = new WriterStatements(connection);
            broken = false;
          }
          setPatient(patiently);
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

  /// Looks whether the file is still at its path. If not, what was written is saved elsewhere, and
  /// nothing can be written any more.
  ///
  /// @return what to tell then; null while all is well
  @Nullable Problem look() {
    if (lost == null && !watch.isThere()) {
      lock.lock();
      try {
        if (lost == null && !isTogether) {
          lost = watch.rescue(connection);
        }
      } finally {
        lock.unlock();
      }
    }
    return lost;
  }

  /// @param worker whose hands the trial is in
  /// @param patiently as [#writeNow] has it
  /// @return false when it is in others'
  boolean begin(long id, TrialRecord trial, long worker, boolean patiently) {
    var texts = WriterStatements.Texts.ofBeginning(trial);
    int changed =
        writeNow(
            _ -> {
              if (trial.restarts() > 0) {
                statements.reports.flush(); // those of its earlier run are removed by what follows
              }
              return statements.begin(id, trial, texts, worker);
            },
            patiently);
    return changed > 0;
  }

  /// @param ending larger than at every earlier end in the study
  /// @param worker whose hands the trial must be in
  /// @param durably whether to wait until the disk has it
  /// @param patiently as [#writeNow] has it
  /// @return false when it is in others'
  boolean end(
      long id, TrialRecord trial, long ending, long worker, boolean durably, boolean patiently) {
    var texts = WriterStatements.Texts.ofEnd(trial);
    int changed =
        writeNow(
            _ -> {
              synchronous(durably);
              return statements.end(id, trial, texts, ending, worker);
            },
            patiently);
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

  /// @param patiently as [#writeNow] has it
  void report(long id, Report newReport, boolean patiently) {
    var values = StoredJson.writeNumbers(newReport.values());
    writeNow(
        _ -> {
          if (isTogether) {
            statements.reports.add(id, newReport, values);
          } else {
            statements.reports.write(id, newReport, values);
          }
          return null;
        },
        patiently);
  }

  /// @param patiently as [#writeNow] has it
  void putFact(long study, String key, Object value, boolean patiently) {
    var json = StoredJson.write(value);
    int _ = writeNow(_ -> statements.putFact(study, key, json), patiently);
  }

  /// Changes with every write that is not this connection's.
  long othersVersion() {
    return attempt(_ -> statements.dataVersion(), false);
  }

  /// Makes one transaction of all that is written through this connection until `work` ends; no
  /// lock is held meanwhile. What was written before an error of the work's own is kept; after one
  /// of the storage's, nothing is.
  ///
  /// @param durably whether to wait until the disk has it
  void together(Runnable work, boolean durably) {
    attempt(
        connection -> {
          synchronous(durably);
          SqliteFile.execute(connection, "BEGIN IMMEDIATE");
          isTogether = true;
          isSpoilt = false;
          return null;
        },
        true);
    try {
      work.run();
    } finally {
      attempt(
          connection -> {
            isTogether = false;
            if (isSpoilt) {
              rollBack();
            } else {
              commit();
            }
            return null;
          },
          true);
    }
  }

  private void commit() throws SQLException {
    try {
      statements.reports.flush();
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

  /// As [#writeNow], all or nothing.
  <T extends @Nullable Object> T transaction(Work<T> work, boolean patiently) {
    return writeNow(
        connection -> {
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
        },
        patiently);
  }

  /// How many writes went through this connection, by whichever log.
  long writes() {
    return writes;
  }

  /// As [#alone], for work that writes.
  <T extends @Nullable Object> T write(Work<T> work) {
    return alone(counted(work));
  }

  /// Writes, or fails soon.
  ///
  /// @param patiently whether to wait a second for another process's lock
  <T extends @Nullable Object> T writeNow(Work<T> work, boolean patiently) {
    return attempt(counted(work), patiently);
  }

  private <T extends @Nullable Object> Work<T> counted(Work<T> work) {
    return connection -> {
      writes++;
      log.written(connection);
      return work.run(connection);
    };
  }

  /// Whether what is written now is part of a larger transaction.
  boolean isTogether() {
    return isTogether;
  }

  /// Where the file is gone, the connection stays open: SQLite would remove the log of whatever
  /// file is at the path now.
  @Override
  public void close() {
    lock.lock();
    try {
      if (lost == null) {
        file.run(connection::close);
      }
    } finally {
      lock.unlock();
    }
  }
}
