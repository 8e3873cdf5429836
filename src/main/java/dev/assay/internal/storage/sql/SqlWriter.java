package dev.assay.internal.storage.sql;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The one connection through which a storage writes, with its prepared statements and its
/// transactions. Every write is one of its own, but for those within [#together] and
/// [#transaction]. What is written of trials is [TrialWriter]'s.
abstract class SqlWriter implements AutoCloseable {
  private static final Logger LOG = Log.of(SqlWriter.class);

  private final SqlDatabase database;

  /// Held by whoever has the connection.
  private final ReentrantLock lock;

  private @Nullable WriterStatements statements;
  private @Nullable Connection prepared;

  private volatile long writes;

  /// Whether a transaction is under way that [#together] began, and whether a write of it failed.
  private volatile boolean isTogether;

  private @Nullable Connection together;
  private boolean isSpoilt;

  /// Whether [#transaction] has one under way.
  private boolean isWithin;

  SqlWriter(SqlDatabase database, ReentrantLock lock) {
    this.database = database;
    this.lock = lock;
  }

  /// The connection, ready for work; under the lock.
  ///
  /// @param patiently whether to wait a second for another's lock, or for the connection
  abstract Connection ready(boolean patiently) throws SQLException;

  /// Looks after an error of the connection's; under the lock.
  void failed(SQLException error) {}

  /// Comes before each write; under the lock.
  void writing(Connection connection) throws SQLException {}

  /// Chooses whether commits wait until the disk has them; under the lock, outside a transaction.
  abstract void synchronous(Connection connection, boolean full) throws SQLException;

  /// Comes before what is written seldom: a database elsewhere has it on its disk when it returns.
  void seldom(Connection connection) throws SQLException {}

  /// What begins a transaction that writes.
  abstract String begin();

  /// A trial was begun, or let wait, and perhaps no disk has it yet; under the lock, as the next
  /// two.
  void began(long id, TrialRecord trial, long worker) {}

  /// A report was added.
  void reported(long id, Report report, long worker) {}

  /// A trial was ended.
  void ended(long id, TrialRecord trial, long worker, boolean durably) {}

  /// The disk has all that was written.
  void hardened() {}

  /// How long [#alone] tries what may pass.
  abstract Duration patience();

  /// Whether [#alone] is to try again, at once, after a problem.
  abstract boolean triesAgain(Problem problem);

  /// Looks after the medium, now and then.
  ///
  /// @return what to tell when everything that is written from now on is lost; else null
  abstract @Nullable Problem look();

  /// Changes with every write to a study that is neither this connection's nor the worker's.
  abstract long othersVersion(long study, long worker);

  /// A worker wrote to a study: those who look at it are told.
  void announce(long study, long worker) {}

  /// Follows a study, until the result is closed.
  AutoCloseable follow(long study) {
    return () -> {};
  }

  final SqlDatabase database() {
    return database;
  }

  final SqlDialect dialect() {
    return database.dialect();
  }

  final ReentrantLock lock() {
    return lock;
  }

  /// Does work, as soon as nothing that may pass is in the way, for as long as the patience lasts.
  final <T extends @Nullable Object> T alone(SqlDatabase.Work<T> work) {
    long deadline = System.nanoTime() + patience().toNanos();
    while (true) {
      try {
        return attempt(work, true);
      } catch (Problem e) {
        if (isTogether
            || System.nanoTime() > deadline
            || Thread.currentThread().isInterrupted()
            || !triesAgain(e)) {
          throw e;
        }
      }
    }
  }

  /// Does work once.
  ///
  /// @param patiently as [#ready] has it
  final <T extends @Nullable Object> T attempt(SqlDatabase.Work<T> work, boolean patiently) {
    lock.lock();
    boolean interrupted = Thread.interrupted(); // which would close a virtual thread's sockets
    try {
      return database.call(() -> {
        try {
          var connection = ready(patiently);
          if (isTogether && connection != together) {
            throw new SQLException("the transaction is lost with its connection", "08007");
          }
          prepare(connection);
          return work.run(connection);
        } catch (SQLException e) {
          isSpoilt = true;
          forget();
          failed(e);
          throw e;
        }
      });
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// After an error the driver has closed the statement that had it: whoever made room on the disk
  /// can go on with new ones.
  private void prepare(Connection connection) throws SQLException {
    if (prepared != connection) {
      forget();
      statements = new WriterStatements(connection, dialect());
      prepared = connection;
    }
  }

  private void forget() {
    prepared = null;
    try {
      if (statements != null) {
        statements.close();
      }
    } catch (SQLException e) {
      LOG.debug("Statements of a connection that failed.", e);
    }
    statements = null;
  }

  /// Of the connection that work is being done on.
  final WriterStatements statements() {
    return Objects.requireNonNull(statements);
  }

  /// Makes one transaction of all that is written through this connection until `work` ends; no
  /// lock is held meanwhile. What was written before an error of the work's own is kept; after one
  /// of the storage's, nothing is.
  ///
  /// @param durably whether to wait until the disk has it
  void together(Runnable work, boolean durably) {
    attempt(
        connection -> {
          synchronous(connection, durably);
          SqlDatabase.execute(connection, begin());
          isTogether = true;
          together = connection;
          isSpoilt = false;
          return null;
        },
        true);
    try {
      work.run();
    } finally {
      finish();
    }
  }

  private void finish() {
    lock.lock();
    try {
      boolean spoilt = isSpoilt;
      attempt(
          connection -> {
            if (spoilt) {
              rollBack(connection);
            } else {
              commit(connection);
            }
            return null;
          },
          true);
    } finally {
      isTogether = false;
      together = null;
      lock.unlock();
    }
  }

  private void commit(Connection connection) throws SQLException {
    try {
      statements().reports.flush();
      SqlDatabase.execute(connection, "COMMIT");
    } catch (SQLException e) {
      rollBack(connection);
      throw e;
    }
  }

  private static void rollBack(Connection connection) {
    try {
      SqlDatabase.execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      LOG.debug("The database has rolled back by itself.", e);
    }
  }

  /// As [#writeNow], all or nothing.
  final <T extends @Nullable Object> T transaction(SqlDatabase.Work<T> work, boolean patiently) {
    return writeNow(
        connection -> {
          if (isTogether) {
            return work.run(connection);
          }
          seldom(connection);
          SqlDatabase.execute(connection, begin());
          isWithin = true;
          try {
            var result = work.run(connection);
            commit(connection);
            return result;
          } catch (SQLException | RuntimeException e) {
            rollBack(connection);
            throw e;
          } finally {
            isWithin = false;
          }
        },
        patiently);
  }

  /// How many writes went through this connection, by whichever log.
  final long writes() {
    return writes;
  }

  /// As [#alone], for work that writes.
  final <T extends @Nullable Object> T write(SqlDatabase.Work<T> work) {
    return alone(
        counted(connection -> {
          if (!isTogether) {
            seldom(connection);
          }
          return work.run(connection);
        }));
  }

  /// Writes, or fails soon.
  ///
  /// @param patiently whether to wait a second for another's lock, or for the connection
  final <T extends @Nullable Object> T writeNow(SqlDatabase.Work<T> work, boolean patiently) {
    return attempt(counted(work), patiently);
  }

  private <T extends @Nullable Object> SqlDatabase.Work<T> counted(SqlDatabase.Work<T> work) {
    return connection -> {
      writes++;
      writing(connection);
      return work.run(connection);
    };
  }

  /// Whether a transaction of [#together] is under way.
  final boolean isTogether() {
    return isTogether;
  }

  /// Whether what is written now has a transaction of its own; under the lock.
  final boolean commitsAlone() {
    return !isTogether && !isWithin;
  }

  @Override
  public abstract void close();
}
