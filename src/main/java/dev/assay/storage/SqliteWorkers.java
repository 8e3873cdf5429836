package dev.assay.storage;

import dev.assay.problem.Log;
import dev.assay.problem.Problem;
import dev.assay.process.ProcessIdentity;
import dev.assay.study.Runner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Who runs a study: one row for each log that is open, with its process and its heartbeat; whether
/// it is gone is [Liveness]'s to say.
final class SqliteWorkers implements AutoCloseable {
  private static final Logger LOG = Log.of(SqliteWorkers.class);

  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /// Between two looks at the file, and at what waits for it.
  private static final Duration PULSE = Duration.ofSeconds(1);

  private final SqliteWriter writer;
  private final Path file;
  private final long study;
  private final long id;
  private final Liveness liveness = new Liveness(System::nanoTime);
  private @Nullable Thread heart;

  private SqliteWorkers(SqliteWriter writer, Path file, long study, long id) {
    this.writer = writer;
    this.file = file;
    this.study = study;
    this.id = id;
  }

  /// What a log does on the heart's thread.
  interface Pulse {
    /// Does what waits for the file. Comes every second.
    ///
    /// @return whether to go on
    boolean beat();

    /// The heartbeat was written, or why it was not.
    void written(@Nullable Problem problem);
  }

  /// A row of the table.
  record Worker(long id, ProcessIdentity process, long seenMillis) {}

  /// Joins those who run a study.
  static SqliteWorkers join(SqliteWriter writer, Path file, long study) {
    long id =
        writer.write(connection -> {
          try (var insert =
              connection.prepareStatement(
                  "INSERT INTO worker(study, process, seen_millis) VALUES(?, ?, ?) RETURNING id")) {
            insert.setLong(1, study);
            insert.setString(2, ProcessIdentity.current().toString());
            insert.setLong(3, System.currentTimeMillis());
            try (var rows = insert.executeQuery()) {
              return rows.getLong(1);
            }
          }
        });
    return new SqliteWorkers(writer, file, study, id);
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
        Thread.sleep(PULSE);
        goesOn = pulse.beat();
        if (goesOn && System.nanoTime() - beaten >= HEARTBEAT.toNanos() && wrote(pulse)) {
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
      int _ =
          writer.writeNow(
              connection -> {
                try (var update =
                    connection.prepareStatement("UPDATE worker SET seen_millis = ? WHERE id = ?")) {
                  update.setLong(1, System.currentTimeMillis());
                  update.setLong(2, id);
                  return update.executeUpdate();
                }
              },
              true);
      pulse.written(null);
      return true;
    } catch (Problem e) {
      liveness.notWritable();
      pulse.written(e);
      return false;
    }
  }

  /// Notes how this worker stands.
  ///
  /// @param standing JSON
  void stand(String standing) {
    int _ =
        writer.write(connection -> {
          try (var update =
              connection.prepareStatement("UPDATE worker SET standing = ? WHERE id = ?")) {
            update.setString(1, standing);
            update.setLong(2, id);
            return update.executeUpdate();
          }
        });
  }

  /// All rows of a study, the oldest first.
  static List<Runner> runners(Connection connection, long study) throws SQLException {
    var runners = new ArrayList<Runner>();
    try (var query =
        connection.prepareStatement(
            "SELECT id, process, seen_millis, standing FROM worker WHERE study = ? ORDER BY id")) {
      query.setLong(1, study);
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          var standing = StoredJson.readMap(rows.getBytes(4));
          runners.add(new Runner(rows.getLong(1), rows.getString(2), rows.getLong(3), standing));
        }
      }
    }
    return runners;
  }

  /// Those who run a study and live, except one.
  static List<Worker> living(Connection connection, long study, long except) throws SQLException {
    long now = System.currentTimeMillis();
    return all(connection, study).stream()
        .filter(
            worker -> worker.id() != except && !worker.process().isGone(worker.seenMillis(), now))
        .toList();
  }

  /// Whether nobody else has a study of this file open.
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

  private static List<Worker> all(Connection connection, long study) throws SQLException {
    var workers = new ArrayList<Worker>();
    try (var query =
        connection.prepareStatement(
            "SELECT id, process, seen_millis FROM worker WHERE study = ?")) {
      query.setLong(1, study);
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          long id = rows.getLong(1);
          long seen = rows.getLong(3);
          var process = ProcessIdentity.parse(rows.getString(2));
          process.ifPresent(identity -> workers.add(new Worker(id, identity, seen)));
        }
      }
    }
    return workers;
  }

  /// Removes those who are gone, and puts their trials back.
  ///
  /// @param restarts how often a trial may be started again
  /// @param detail of those that fail because they were started too often
  /// @param ending the next place in the order of ending
  /// @return the keys of the trials
  List<Long> reclaim(int restarts, String detail, long ending) {
    var taken = new ArrayList<UnsavedFile>();
    List<Long> keys;
    try {
      keys =
          writer.transaction(
              connection -> {
                var living = living(connection);
                taken.addAll(Backlog.takeOver(connection, file, study, living));
                var keep = living.stream().map(Object::toString).collect(Collectors.joining(","));
                SqliteFile.execute(
                    connection,
                    "DELETE FROM worker WHERE study = " + study + " AND id NOT IN (" + keep + ")");
                return putBack(connection, keep, restarts, detail, ending);
              },
              true);
    } catch (Problem e) {
      liveness.notWritable();
      throw e;
    }
    taken.forEach(UnsavedFile::remove);
    return keys;
  }

  /// Those who may have trials in their hands, this one too.
  private Set<Long> living(Connection connection) throws SQLException {
    long now = System.currentTimeMillis();
    return all(connection, study).stream()
        .filter(worker ->
            worker.id() == id
                || !liveness.isGone(worker.id(), worker.process(), worker.seenMillis(), now))
        .map(Worker::id)
        .collect(Collectors.toSet());
  }

  private List<Long> putBack(
      Connection connection, String keep, int restarts, String detail, long ending)
      throws SQLException {
    try (var update =
        connection.prepareStatement(
            """
            UPDATE trial SET
              restarts = restarts + 1,
              worker = NULL,
              state = iif(restarts < ?3, 'waiting', 'failed'),
              started_millis = iif(restarts < ?3, 0, started_millis),
              cause = iif(restarts < ?3, NULL, 'lost'),
              detail = iif(restarts < ?3, NULL, ?4),
              ended = iif(restarts < ?3, NULL, ?5)
            WHERE id BETWEEN ?1 AND ?2 AND state = 'running'
              AND (worker IS NULL OR worker NOT IN (%s))
            RETURNING id\
            """
                .formatted(keep))) {
      update.setLong(1, study << 32);
      update.setLong(2, study << 32 | Integer.MAX_VALUE);
      update.setInt(3, restarts);
      update.setString(4, detail);
      update.setLong(5, ending);
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
    try {
      int _ =
          writer.write(connection -> {
            try (var delete = connection.prepareStatement("DELETE FROM worker WHERE id = ?")) {
              delete.setLong(1, id);
              return delete.executeUpdate();
            }
          });
    } catch (Problem e) {
      LOG.debug("The worker stays noted; the next one finds it gone.", e);
    }
  }

  /// The process of a worker, for messages.
  static @Nullable Long pid(List<Worker> workers) {
    return workers.isEmpty() ? null : (Long) workers.getFirst().process().pid();
  }
}
