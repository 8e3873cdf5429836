package dev.assay.internal.storage.sql;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;

/// A PostgreSQL database, and the one connection through which a storage reads and writes.
///
/// While somebody writes the connection is kept, and made anew where it breaks; who only reads has
/// one for as long as one read follows the other.
final class PostgresDatabase implements SqlDatabase {
  private static final Logger LOG = Log.of(PostgresDatabase.class);

  /// Why nothing was tried: another thread makes the connection anew.
  private static final String NOT_CONNECTED = "08003";

  /// How long who reads or writes waits for a database that does not answer.
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final PostgresAddress address;

  /// Held by whoever has the connection.
  private final ReentrantLock lock = new ReentrantLock();

  private volatile @Nullable Connection connection;
  private volatile boolean isKept;
  private long usedNanos;

  PostgresDatabase(PostgresAddress address) {
    this.address = address;
  }

  @Override
  public SqlDialect dialect() {
    return SqlDialect.POSTGRESQL;
  }

  PostgresAddress address() {
    return address;
  }

  ReentrantLock lock() {
    return lock;
  }

  @Override
  public String place() {
    return address.place();
  }

  @Override
  public boolean readsInParallel() {
    return false;
  }

  @Override
  public boolean mayPass(Problem problem) {
    return PostgresProblems.mayPass(problem);
  }

  @Override
  public Problem problem(SQLException error) {
    return PostgresProblems.of(address, error);
  }

  @Override
  public Problem unreadable(String place, Exception error) {
    return new Problem(
        "What PostgreSQL holds cannot be read.",
        place() + ", " + place + ": " + error.getMessage(),
        "Somebody changed it: restore a copy, or mend the row.",
        error);
  }

  /// A new connection, which the caller closes.
  Connection connect() throws SQLException {
    requireDriver();
    var made = DriverManager.getConnection(address.driverUrl(), address.properties());
    try {
      // A process that is stopped in the middle of a transaction keeps nobody waiting for long.
      SqlDatabase.execute(made, "SET idle_in_transaction_session_timeout = 60000");
      SqlDatabase.execute(made, "SET client_min_messages = warning");
      return made;
    } catch (SQLException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private static void requireDriver() {
    try {
      Class.forName("org.postgresql.Driver");
    } catch (ClassNotFoundException | LinkageError e) {
      throw new Problem(
          "A PostgreSQL storage needs the PostgreSQL driver.",
          "org.postgresql.Driver is not on the class path",
          "Add the library org.postgresql:postgresql, or keep the study in a file: sqlite:PATH.",
          e);
    }
  }

  /// The connection, under the lock.
  ///
  /// @param connects whether to make one where there is none, which takes seconds where the network
  ///   is silent
  Connection connection(boolean connects) throws SQLException {
    var there = connection;
    if (there == null) {
      if (!connects) {
        throw new SQLException("the connection is broken", NOT_CONNECTED);
      }
      there = connect();
      connection = there;
    }
    usedNanos = System.nanoTime();
    return there;
  }

  /// Makes the connection anew where it is broken; nobody is kept waiting meanwhile.
  void mend() {
    if (connection != null || !isKept) {
      return;
    }
    try {
      var made = connect();
      lock.lock();
      try {
        if (connection == null && isKept) {
          connection = made;
          return;
        }
      } finally {
        lock.unlock();
      }
      made.close();
    } catch (SQLException e) {
      LOG.debug("PostgreSQL is not reached yet.", e);
    }
  }

  /// Lets go of a connection that broke; under the lock.
  void failed(SQLException error) {
    if (PostgresProblems.breaksConnection(error)) {
      drop();
    }
  }

  private void drop() {
    var broken = connection;
    connection = null;
    if (broken != null) {
      try {
        broken.close();
      } catch (SQLException e) {
        LOG.debug("The connection broke.", e);
      }
    }
  }

  /// Keeps the connection from now on, or not any more.
  void keep(boolean kept) {
    lock.lock();
    try {
      isKept = kept;
      if (!kept) {
        drop();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public <T extends @Nullable Object> T read(Work<T> work) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return attempt(work, true);
      } catch (Problem e) {
        if (!isKept || !mayPass(e) || System.nanoTime() > deadline || !pause()) {
          throw e;
        }
      }
    }
  }

  @Override
  public <T extends @Nullable Object> T readNow(Work<T> work) {
    return attempt(work, !isKept);
  }

  /// Waits a moment before the next attempt.
  ///
  /// @return false when the thread is interrupted
  static boolean pause() {
    try {
      Thread.sleep(BETWEEN_ATTEMPTS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private <T extends @Nullable Object> T attempt(Work<T> work, boolean connects) {
    lock.lock();
    boolean interrupted = Thread.interrupted(); // which would close a virtual thread's sockets
    try {
      return call(() -> {
        try {
          return asOfOneMoment(connection(connects), work);
        } catch (SQLException e) {
          failed(e);
          throw e;
        }
      });
    } finally {
      if (!isKept) {
        closeWhenIdle();
      }
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static <T extends @Nullable Object> T asOfOneMoment(Connection there, Work<T> work)
      throws SQLException {
    if (there.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE) {
      return work.run(there); // within a larger transaction
    }
    SqlDatabase.execute(there, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    try {
      return work.run(there);
    } finally {
      if (!there.isClosed()) {
        SqlDatabase.execute(there, "ROLLBACK");
      }
    }
  }

  private void closeWhenIdle() {
    var used = connection;
    if (used == null) {
      return;
    }
    long since = System.nanoTime();
    usedNanos = since;
    Thread.ofVirtual()
        .name("assay-idle")
        .start(() -> {
          try {
            Thread.sleep(IDLE);
          } catch (InterruptedException e) {
            return;
          }
          lock.lock();
          try {
            if (!isKept && usedNanos == since) {
              drop();
            }
          } finally {
            lock.unlock();
          }
        });
  }
}
