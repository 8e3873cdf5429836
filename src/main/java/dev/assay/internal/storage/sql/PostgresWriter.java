package dev.assay.internal.storage.sql;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The connection through which a storage writes into PostgreSQL.
///
/// That a study changed is told to the others as often as [NotePace] has it: every notification
/// makes commits wait for each other.
final class PostgresWriter extends SqlWriter {
  private static final Logger LOG = Log.of(PostgresWriter.class);

  private final PostgresDatabase database;
  private final PostgresListener listener;
  private final Recent recent = new Recent();

  /// The connection that is set up, and whether its commits wait for the disk.
  private @Nullable Connection current;

  private boolean isFull;
  private volatile boolean isClosed;

  private final Set<Word> words = ConcurrentHashMap.newKeySet();
  private final Semaphore spoken = new Semaphore(0);
  private final Thread speaker =
      Thread.ofPlatform().daemon().name("assay-notify").unstarted(this::speak);

  /// What others are told: the study, and who changed it.
  private record Word(long study, long worker) {}

  private PostgresWriter(PostgresDatabase database, PostgresListener listener) {
    super(database, database.lock());
    this.database = database;
    this.listener = listener;
  }

  /// Connects, makes or updates the tables.
  static PostgresWriter open(
      PostgresDatabase database, PostgresListener listener, PostgresSchema schema) {
    database.keep(true);
    try {
      var writer = new PostgresWriter(database, listener);
      writer.attempt(
          connection -> {
            schema.update(connection, database.address());
            return null;
          },
          true);
      writer.speaker.start();
      return writer;
    } catch (RuntimeException | Error e) {
      database.keep(false);
      throw e;
    }
  }

  @Override
  Connection ready(boolean patiently) throws SQLException {
    if (isClosed) {
      throw new SQLException("the storage is closed", "55000");
    }
    var connection = database.connection(patiently);
    if (connection != current) {
      SqlDatabase.execute(connection, "SET synchronous_commit = on");
      isFull = true;
      if (!recent.isEmpty()) {
        writeAgain(connection);
      }
      current = connection;
    }
    return connection;
  }

  private void writeAgain(Connection connection) throws SQLException {
    SqlDatabase.execute(connection, "BEGIN");
    try {
      recent.writeAgain(connection);
      SqlDatabase.execute(connection, "COMMIT");
    } catch (SQLException e) {
      database.failed(new SQLException(e.getMessage(), "08000", e)); // another one, from scratch
      throw e;
    }
    recent.forget();
  }

  @Override
  void failed(SQLException error) {
    database.failed(error);
  }

  @Override
  void synchronous(Connection connection, boolean full) throws SQLException {
    if (full != isFull) {
      SqlDatabase.execute(connection, "SET synchronous_commit = " + (full ? "on" : "off"));
      isFull = full;
    }
  }

  @Override
  void seldom(Connection connection) throws SQLException {
    synchronous(connection, true);
  }

  @Override
  void began(long id, TrialRecord trial, long worker) {
    recent.began(id, trial, worker);
  }

  @Override
  void reported(long id, Report report, long worker) {
    recent.reported(id, report, worker);
  }

  /// A commit that waited for the disk brought all before it there.
  @Override
  void ended(long id, TrialRecord trial, long worker, boolean durably) {
    if (durably) {
      recent.forget();
    } else {
      recent.ended(id, trial, worker);
    }
  }

  @Override
  void hardened() {
    recent.forget();
  }

  @Override
  String begin() {
    return "BEGIN";
  }

  /// One transaction, and one wait for the disk.
  @Override
  void together(Runnable work, boolean durably) {
    super.together(work, true);
  }

  @Override
  Duration patience() {
    return PostgresDatabase.PATIENCE;
  }

  @Override
  boolean triesAgain(Problem problem) {
    return database.mayPass(problem) && PostgresDatabase.pause();
  }

  /// Connects again where the connection broke, and has the disk take what it has not yet.
  @Override
  @Nullable Problem look() {
    database.mend();
    try {
      flush();
    } catch (Problem e) {
      LOG.debug("Later.", e);
    }
    return null;
  }

  private void flush() {
    attempt(
        connection -> {
          if (!isTogether() && !recent.isEmpty()) {
            synchronous(connection, true);
            // A commit without a change would not be written.
            SqlDatabase.execute(connection, "SELECT txid_current()");
            recent.forget();
          }
          return null;
        },
        false);
  }

  @Override
  long othersVersion(long study, long worker) {
    return listener.version(study, worker);
  }

  @Override
  AutoCloseable follow(long study) {
    return listener.follow(study);
  }

  @Override
  void announce(long study, long worker) {
    if (words.add(new Word(study, worker))) {
      spoken.release();
    }
  }

  private void speak() {
    var pace = new NotePace();
    long since = System.nanoTime();
    long heard = listener.notes();
    try {
      while (true) {
        spoken.acquire();
        say();
        long now = System.nanoTime();
        long all = listener.notes();
        Thread.sleep(pace.next(all - heard, Duration.ofNanos(now - since)));
        since = now;
        heard = all;
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void say() {
    for (var word : words) {
      words.remove(word);
      try {
        attempt(
            connection -> {
              listener.tell(connection, word.study(), word.worker());
              return null;
            },
            false);
      } catch (Problem e) {
        LOG.debug("Others find out by themselves.", e);
      }
    }
  }

  @Override
  public void close() {
    speaker.interrupt();
    say();
    try {
      flush();
    } catch (Problem e) {
      LOG.debug("The last moments may be told again by nobody.", e);
    }
    isClosed = true;
    database.keep(false);
  }
}
