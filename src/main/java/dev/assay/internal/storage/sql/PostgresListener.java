package dev.assay.internal.storage.sql;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;

/// Learns which studies others change, on a connection of its own, while anybody asks.
///
/// Where that connection breaks every study counts as changed each second: what was missed is
/// looked for.
final class PostgresListener implements AutoCloseable {
  private static final Logger LOG = Log.of(PostgresListener.class);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

  /// Between two looks at whether other studies are followed by now; costs nothing.
  private static final Duration LOOK = Duration.ofMillis(250);

  /// Between two questions that show whether the connection lives.
  private static final Duration QUESTION = Duration.ofSeconds(10);

  private final PostgresDatabase database;
  private final String prefix;

  /// By id of the study; guarded by this.
  private final Map<Long, Followed> studies = new HashMap<>();

  private @Nullable Thread thread;

  /// Guarded by this.
  private long notes;

  private static final class Followed {
    int users;

    /// Changes, and those by each worker.
    long changes;

    final Map<Long, Long> own = new HashMap<>();
  }

  PostgresListener(PostgresDatabase database) {
    this.database = database;
    // Channels are the database's, whatever the schema.
    prefix = "assay_%08x_".formatted(database.address().schema().hashCode());
  }

  /// Tells everybody who follows a study that it changed.
  void tell(Connection connection, long study, long worker) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      statement.setString(1, prefix + study);
      statement.setString(2, Long.toString(worker));
      statement.execute();
    }
  }

  /// Follows a study, until the result is closed.
  synchronized AutoCloseable follow(long study) {
    studies.computeIfAbsent(study, _ -> new Followed()).users++;
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("assay-listen").start(this::listen);
    }
    return () -> leave(study);
  }

  private synchronized void leave(long study) {
    var followed = studies.get(study);
    if (followed != null && --followed.users == 0) {
      studies.remove(study);
    }
    if (studies.isEmpty()) {
      close();
    }
  }

  /// Another number whenever a study that is followed was changed by anybody but the worker.
  synchronized long version(long study, long worker) {
    var followed = studies.get(study);
    return followed == null ? 0 : followed.changes - followed.own.getOrDefault(worker, 0L);
  }

  /// How many notes it has heard.
  synchronized long notes() {
    return notes;
  }

  private synchronized void heard(String channel, String worker) {
    notes++;
    var study = channel.startsWith(prefix) ? number(channel.substring(prefix.length())) : -1;
    var followed = studies.get(study);
    if (followed != null) {
      followed.changes++;
      followed.own.merge(number(worker), 1L, Long::sum);
    }
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }

  /// Something may have been missed.
  private synchronized void changed(Set<Long> some) {
    some.forEach(study ->
        studies.computeIfPresent(
            study,
            (_, followed) -> {
              followed.changes++;
              return followed;
            }));
  }

  private synchronized Set<Long> followed() {
    return Set.copyOf(studies.keySet());
  }

  private void listen() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try (var connection = database.connect()) {
          hear(connection);
        } catch (SQLException | Problem e) {
          LOG.debug("Changes are looked for each second.", e);
        }
        changed(followed());
        Thread.sleep(BETWEEN_ATTEMPTS);
      }
    } catch (InterruptedException e) {
      // Nobody asks any more.
    }
  }

  private void hear(Connection connection) throws SQLException {
    var heard = connection.unwrap(PGConnection.class);
    var known = new HashSet<Long>();
    long asked = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      var wanted = followed();
      var fresh = new HashSet<>(wanted);
      fresh.removeAll(known);
      for (long study : fresh) {
        SqlDatabase.execute(connection, "LISTEN " + prefix + study);
      }
      for (long study : known) {
        if (!wanted.contains(study)) {
          SqlDatabase.execute(connection, "UNLISTEN " + prefix + study);
        }
      }
      known.clear();
      known.addAll(wanted);
      changed(fresh);
      var notes = heard.getNotifications((int) LOOK.toMillis());
      for (var note : notes == null ? new org.postgresql.PGNotification[0] : notes) {
        heard(note.getName(), note.getParameter());
      }
      if (System.nanoTime() - asked > QUESTION.toNanos()) {
        asked = System.nanoTime();
        SqlDatabase.execute(connection, "SELECT 1");
      }
    }
  }

  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }
}
