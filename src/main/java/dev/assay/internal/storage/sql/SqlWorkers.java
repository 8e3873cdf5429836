package dev.assay.internal.storage.sql;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.process.ProcessIdentity;
import dev.assay.storage.Runner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Who runs a study: one row for each log that is open, with its process and its heartbeat; whether
/// it is gone is [Liveness]'s to say.
///
/// Who was taken for gone has no row any more. It notices at its next heartbeat, and joins anew:
/// with another id, so that nothing it began before can be mistaken for its own.
final class SqlWorkers implements AutoCloseable {
  private static final Logger LOG = Log.of(SqlWorkers.class);

  /// Between two looks at the storage, and at what waits for it.
  private static final Duration PULSE = Duration.ofSeconds(1);

  private final SqlWriter writer;
  private final Path unsaved;
  private final long study;
  private final Lease lease;
  private final Liveness liveness;
  private volatile long id;

  /// What was noted last.
  private volatile @Nullable String standing;

  private @Nullable Thread heart;

  /// Joins those who run a study.
  ///
  /// @param unsaved beside which ends of trials are kept while they cannot be written
  SqlWorkers(SqlWriter writer, Path unsaved, long study, Lease lease) {
    this.writer = writer;
    this.unsaved = unsaved;
    this.study = study;
    this.lease = lease;
    liveness = new Liveness(System::nanoTime, lease);
    id = writer.write(this::insert);
  }

  /// What a log does on the heart's thread.
  interface Pulse {
    /// Does what waits for the storage. Comes every second.
    ///
    /// @return whether to go on
    boolean beat();

    /// The heartbeat was written, or why it was not.
    void written(@Nullable Problem problem);
  }

  /// A row of the table.
  ///
  /// @param seenMillis its heartbeat, and `nowMillis` the time of the look, by the database's clock
  record Worker(
      long id, ProcessIdentity process, long seenMillis, long nowMillis, long leaseMillis) {}

  private long insert(Connection connection) throws SQLException {
    boolean leases = writer.dialect() == SqlDialect.POSTGRESQL;
    var sql =
        "INSERT INTO worker(study, process, seen_millis%s) VALUES(?, ?, %s%s) RETURNING id"
            .formatted(
                leases ? ", lease_millis" : "",
                writer.dialect().nowMillis(),
                leases ? ", " + lease.silence().toMillis() : "");
    try (var insert = connection.prepareStatement(sql)) {
      insert.setLong(1, study);
      insert.setString(2, ProcessIdentity.current().toString());
      try (var rows = insert.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  long id() {
    return id;
  }

  /// Lets the heart beat until [#close].
  void start(Pulse pulse) {
    heart = Thread.ofPlatform().daemon().name("assay-heartbeat-" + id).start(() -> beat(pulse));
  }

  private void beat(Pulse pulse) {
    try {
      long beaten = System.nanoTime();
      boolean goesOn = true;
      while (goesOn) {
        Thread.sleep(PULSE.compareTo(lease.heartbeat()) < 0 ? PULSE : lease.heartbeat());
        goesOn = pulse.beat();
        boolean due = System.nanoTime() - beaten >= lease.heartbeat().toNanos();
        if (goesOn && due && wrote(pulse)) {
          beaten = System.nanoTime();
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /// A beat that fails is made up for at the next pulse.
  private boolean wrote(Pulse pulse) {
    try {
      boolean _ = renew();
      pulse.written(null);
      return true;
    } catch (Problem e) {
      liveness.notWritable();
      pulse.written(e);
      return false;
    }
  }

  /// Shows that this worker lives; joins anew where the others took it for gone.
  ///
  /// @return whether it had to
  synchronized boolean renew() {
    long before = id;
    long now =
        writer.writeNow(
            connection -> {
              try (var update =
                  connection.prepareStatement(
                      "UPDATE worker SET seen_millis = %s WHERE id = ?"
                          .formatted(writer.dialect().nowMillis()))) {
                update.setLong(1, before);
                return update.executeUpdate() > 0 ? before : insert(connection);
              }
            },
            true);
    if (now == before) {
      return false;
    }
    id = now;
    var said = standing;
    if (said != null) {
      stand(said);
    }
    LOG.warn(
        "The others took this process for gone, after {} s without a sign of it. Trials that it had"
            + " are lost to them; it goes on with others.",
        lease.silence().toSeconds());
    return true;
  }

  /// Notes how this worker stands.
  ///
  /// @param newStanding JSON
  void stand(String newStanding) {
    standing = newStanding;
    int _ =
        writer.write(connection -> {
          try (var update =
              connection.prepareStatement(
                  "UPDATE worker SET standing = %s WHERE id = ?"
                      .formatted(writer.dialect().json()))) {
            update.setString(1, newStanding);
            update.setLong(2, id);
            return update.executeUpdate();
          }
        });
  }

  /// All rows of a study, the oldest first. Their heartbeats are told by this machine's clock.
  static List<Runner> runners(Connection connection, SqlDialect dialect, long study)
      throws SQLException {
    var runners = new ArrayList<Runner>();
    try (var query =
        connection.prepareStatement(
            "SELECT id, process, %s - seen_millis, standing FROM worker WHERE study = ? ORDER BY id"
                .formatted(dialect.nowMillis()))) {
      query.setLong(1, study);
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          long seen = System.currentTimeMillis() - rows.getLong(3);
          var standing = StoredJson.readMap(rows.getBytes(4));
          runners.add(new Runner(rows.getLong(1), rows.getString(2), seen, standing));
        }
      }
    }
    return runners;
  }

  /// Those who run a study and live, except one.
  static List<Worker> living(Connection connection, SqlDialect dialect, long study, long except)
      throws SQLException {
    return all(connection, dialect, study).stream()
        .filter(worker ->
            worker.id() != except
                && !worker.process().isGone(worker.seenMillis(), worker.nowMillis()))
        .toList();
  }

  /// Whether nobody else has a study of this storage open.
  boolean areAlone() {
    return writer.alone(connection -> {
      try (var query = connection.prepareStatement("SELECT 1 FROM worker WHERE id <> ? LIMIT 1")) {
        query.setLong(1, id);
        try (var rows = query.executeQuery()) {
          return !rows.next();
        }
      }
    });
  }

  private static List<Worker> all(Connection connection, SqlDialect dialect, long study)
      throws SQLException {
    var workers = new ArrayList<Worker>();
    try (var query =
        connection.prepareStatement(
            "SELECT id, process, seen_millis, %s, %s FROM worker WHERE study = ? ORDER BY id"
                .formatted(dialect.nowMillis(), dialect.leaseMillis()))) {
      query.setLong(1, study);
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          var process =
              ProcessIdentity.parse(rows.getString(2))
                  .orElseGet(() -> new ProcessIdentity(0, 0, "unknown"));
          workers.add(
              new Worker(
                  rows.getLong(1), process, rows.getLong(3), rows.getLong(4), rows.getLong(5)));
        }
      }
    }
    return workers;
  }

  /// Removes those who are gone, and puts their trials back.
  ///
  /// @param restarts how often a trial may be started again
  /// @param detail of those that fail because they were started too often
  /// @param ending the next place in the order of ending; null where the database counts
  /// @return the keys of the trials
  List<Long> reclaim(int restarts, String detail, @Nullable Long ending) {
    var taken = new ArrayList<UnsavedFile>();
    List<Long> keys;
    try {
      keys =
          writer.transaction(
              connection -> {
                taken.clear();
                var living = removeGone(connection);
                taken.addAll(
                    Backlog.takeOver(connection, writer.dialect(), unsaved, study, living));
                return putBack(connection, restarts, detail, ending);
              },
              true);
    } catch (Problem e) {
      liveness.notWritable();
      throw e;
    }
    taken.forEach(UnsavedFile::remove);
    return keys;
  }

  /// Removes those who are gone, unless they give a sign at this moment.
  ///
  /// @return those who may have trials in their hands, this one too
  private Set<Long> removeGone(Connection connection) throws SQLException {
    var living = new HashSet<Long>();
    for (var worker : all(connection, writer.dialect(), study)) {
      boolean gone =
          worker.id() != id
              && liveness.isGone(
                  worker.id(),
                  worker.process(),
                  worker.seenMillis(),
                  worker.nowMillis(),
                  worker.leaseMillis());
      if (!gone || !isRemoved(connection, worker)) {
        living.add(worker.id());
      }
    }
    return living;
  }

  private static boolean isRemoved(Connection connection, Worker worker) throws SQLException {
    try (var delete =
        connection.prepareStatement("DELETE FROM worker WHERE id = ? AND seen_millis = ?")) {
      delete.setLong(1, worker.id());
      delete.setLong(2, worker.seenMillis());
      return delete.executeUpdate() > 0;
    }
  }

  private List<Long> putBack(
      Connection connection, int restarts, String detail, @Nullable Long ending)
      throws SQLException {
    var dialect = writer.dialect();
    try (var update =
        connection.prepareStatement(
            """
            UPDATE trial SET
              restarts = restarts + 1,
              worker = NULL,
              state = CASE WHEN restarts < ? THEN 'waiting' ELSE 'failed' END,
              started_millis = CASE WHEN restarts < ? THEN 0 ELSE started_millis END,
              cause = CASE WHEN restarts < ? THEN NULL ELSE 'lost' END,
              detail = CASE WHEN restarts < ? THEN NULL ELSE %s END,
              ended = CASE WHEN restarts < ? THEN NULL ELSE %s END
            WHERE id BETWEEN ? AND ? AND state = 'running'
              AND NOT EXISTS(SELECT 1 FROM worker WHERE worker.id = trial.worker)
            RETURNING id\
            """
                .formatted(dialect.json(), dialect.ending()))) {
      for (int i : new int[] {1, 2, 3, 4, 6}) {
        update.setInt(i, restarts);
      }
      update.setString(5, dialect.text(detail));
      if (ending == null) {
        update.setNull(7, java.sql.Types.BIGINT);
      } else {
        update.setLong(7, ending);
      }
      update.setLong(8, study << 32);
      update.setLong(9, study << 32 | Integer.MAX_VALUE);
      var keys = new ArrayList<Long>();
      try (var rows = update.executeQuery()) {
        while (rows.next()) {
          keys.add(rows.getLong(1));
        }
      }
      return keys;
    }
  }

  @Override
  public void close() {
    if (heart != null) {
      heart.interrupt();
    }
    SqlDatabase.Work<Integer> leave =
        connection -> {
          try (var delete = connection.prepareStatement("DELETE FROM worker WHERE id = ?")) {
            delete.setLong(1, id);
            return delete.executeUpdate();
          }
        };
    try { // whose time runs out need not wait for the storage
      int _ = lease.timeTells() ? writer.writeNow(leave, true) : writer.write(leave);
    } catch (Problem e) {
      LOG.debug("The worker stays noted; the next one finds it gone.", e);
    }
  }

  /// The process of a worker, for messages.
  static @Nullable Long pid(List<Worker> workers) {
    return workers.isEmpty() ? null : (Long) workers.getFirst().process().pid();
  }
}
