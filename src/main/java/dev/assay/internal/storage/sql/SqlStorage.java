package dev.assay.internal.storage.sql;

import dev.assay.internal.problem.StorageProblems;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.storage.Storage;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import tools.jackson.core.JacksonException;

/// Keeps studies in tables of a database.
///
/// The writer is open only while a study is, so that a storage which nobody closes leaves nothing
/// open.
abstract class SqlStorage implements Storage {
  private static final Logger LOG = Log.of(SqlStorage.class);

  /// A trial that is taken back has the state that its other columns tell of.
  private static final String DISCARD =
      """
      UPDATE trial SET state = CASE WHEN CAST(? AS integer) = 1 THEN 'discarded'
        WHEN cause IS NOT NULL THEN 'failed' WHEN "values" IS NULL THEN 'pruned'
        ELSE 'complete' END
      WHERE id = ? AND ended IS NOT NULL\
      """;

  private final SqlDatabase database;
  private final Lease lease;
  private final Path unsaved;
  private @Nullable SqlWriter writer;

  /// Logs that are open and calls under way; the last one closes the writer.
  private int users;

  private boolean closed;
  private volatile Durability durability = Durability.AUTO;

  /// @param unsaved beside which ends of trials are kept while they cannot be written
  SqlStorage(SqlDatabase database, Lease lease, Path unsaved) {
    this.database = database;
    this.lease = lease;
    this.unsaved = unsaved;
  }

  /// Tables beside those that both kinds have, with a column `study`.
  List<String> furtherTables() {
    return List.of();
  }

  /// Whether there are tables to read.
  abstract boolean exists();

  /// Opens the database for writing, and makes or updates its tables.
  abstract SqlWriter openWriter();

  /// Comes before each look at the database, on the connection that looks.
  ///
  /// @return whether its tables are up to date
  abstract boolean isCurrent(Connection connection) throws SQLException;

  final void choose(Durability newDurability) {
    durability = newDurability;
  }

  /// A study's row.
  private record Found(long id, StudyDefinition definition) {}

  @Override
  public List<String> names() {
    if (!exists()) {
      return List.of();
    }
    return reading(SqlStorage::names);
  }

  @Override
  public Optional<StoredStudy> read(String name) {
    if (!exists()) {
      return Optional.empty();
    }
    return Optional.ofNullable(reading(connection -> find(connection, name, "")))
        .map(found -> new SqlStudy(database, found.id(), found.definition()));
  }

  /// The id of a study.
  final Optional<Long> id(String name) {
    return exists()
        ? Optional.ofNullable(reading(connection -> find(connection, name, ""))).map(Found::id)
        : Optional.empty();
  }

  @Override
  public Optional<StudyLog> open(String name) {
    if (!exists()) {
      return Optional.empty();
    }
    return using(writing -> {
      var found = writing.alone(connection -> find(connection, name, ""));
      return found == null ? Optional.empty() : Optional.of(log(found, writing));
    });
  }

  @Override
  public StudyLog create(StudyDefinition definition) {
    return using(writing -> log(writing.write(c -> insert(c, definition)), writing));
  }

  private Found insert(Connection connection, StudyDefinition definition) throws SQLException {
    if (find(connection, definition.name(), "") != null) {
      throw StorageProblems.taken(definition.name());
    }
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO study(name, definition, created_millis) VALUES(?, %s, %s)
            ON CONFLICT(name) DO NOTHING RETURNING id, name, definition\
            """
                .formatted(database.dialect().json(), database.dialect().nowMillis()))) {
      insert.setString(1, definition.name());
      insert.setString(2, StoredJson.write(definition.content()));
      try (var rows = insert.executeQuery()) {
        if (!rows.next()) {
          // Another process was faster.
          throw StorageProblems.taken(definition.name());
        }
        return found(rows);
      }
    }
  }

  @Override
  public void rename(String name, String newName) {
    int _ =
        using(
            writing -> writing.transaction(connection -> rename(connection, name, newName), true));
  }

  @Override
  public void replace(String name, String aside, String successor) {
    int _ =
        using(writing ->
            writing.transaction(
                connection -> rename(connection, name, aside) + rename(connection, successor, name),
                true));
  }

  @Override
  public void delete(String name) {
    int _ = using(writing -> writing.transaction(connection -> delete(connection, name), true));
  }

  private int delete(Connection connection, String name) throws SQLException {
    long id = idle(connection, name).id();
    for (var left : UnsavedFile.abandoned(unsaved, id, Set.of())) {
      left.remove(); // the next study may have the same id
    }
    long first = id << 32;
    long last = first + 0xffff_ffffL;
    int rows = 0;
    try (var statement = connection.createStatement()) {
      for (var table : furtherTables()) {
        rows += statement.executeUpdate("DELETE FROM " + table + " WHERE study = " + id);
      }
      for (var of : // what refers to others first
          List.of(
              "report WHERE trial BETWEEN " + first + " AND " + last,
              "trial WHERE id BETWEEN " + first + " AND " + last,
              "fact WHERE study = " + id,
              "worker WHERE study = " + id,
              "study WHERE id = " + id)) {
        rows += statement.executeUpdate("DELETE FROM " + of);
      }
    }
    return rows;
  }

  @Override
  public void putFact(String name, String key, Object value) {
    int _ =
        using(writing -> {
          long id = writing.alone(connection -> existing(connection, name).id());
          new TrialWriter(writing).putFact(id, key, value);
          writing.announce(id, 0);
          return 0;
        });
  }

  @Override
  public void discard(String name, int trial, boolean discarded) {
    long id =
        using(writing -> {
          long study = writing.write(c -> discard(c, name, trial, discarded));
          writing.announce(study, 0);
          return study;
        });
    if (id == 0) {
      throw StorageProblems.notEnded(name, trial);
    }
  }

  /// @return the study's id; 0 where no such trial has ended
  private long discard(Connection connection, String name, int trial, boolean discarded)
      throws SQLException {
    long id = existing(connection, name).id();
    try (var statement = connection.prepareStatement(DISCARD)) {
      statement.setInt(1, discarded ? 1 : 0);
      statement.setLong(2, id << 32 | trial);
      return trial < 0 || statement.executeUpdate() == 0 ? 0 : id;
    }
  }

  private Found existing(Connection connection, String name) throws SQLException {
    return existing(connection, name, "");
  }

  private Found existing(Connection connection, String name, String holding) throws SQLException {
    var found = find(connection, name, holding);
    if (found == null) {
      throw StorageProblems.absent(name, names(connection));
    }
    return found;
  }

  /// A study that nobody runs, nor begins to run before the transaction ends.
  private Found idle(Connection connection, String name) throws SQLException {
    var found = existing(connection, name, database.dialect().forUpdate());
    var others = SqlWorkers.living(connection, database.dialect(), found.id(), -1);
    if (!others.isEmpty()) {
      throw StorageProblems.claimed(name, SqlWorkers.pid(others));
    }
    return found;
  }

  private int rename(Connection connection, String name, String newName) throws SQLException {
    var found = idle(connection, name);
    if (find(connection, newName, "") != null) {
      throw StorageProblems.taken(newName);
    }
    try (var update = connection.prepareStatement("UPDATE study SET name = ? WHERE id = ?")) {
      update.setString(1, newName);
      update.setLong(2, found.id());
      return update.executeUpdate();
    }
  }

  private StudyLog log(Found found, SqlWriter writing) {
    var others =
        writing.alone(
            connection -> SqlWorkers.living(connection, database.dialect(), found.id(), -1));
    if (!others.isEmpty()) {
      LOG.warn(
          "Process {} runs the study \"{}\" too; this one joins in.",
          SqlWorkers.pid(others),
          found.definition().name());
    }
    acquire();
    try {
      return new SqlLog(
          found.id(), found.definition(), writing, lease, unsaved, durability, this::release);
    } catch (RuntimeException | Error e) {
      release();
      throw e;
    }
  }

  /// @param holding what holds the row until the transaction ends
  private @Nullable Found find(Connection connection, String name, String holding)
      throws SQLException {
    try (var query =
        connection.prepareStatement(
            "SELECT id, name, definition FROM study WHERE name = ?" + holding)) {
      query.setString(1, name);
      try (var rows = query.executeQuery()) {
        return rows.next() ? found(rows) : null;
      }
    }
  }

  private Found found(ResultSet row) throws SQLException {
    var name = row.getString(2);
    try {
      var content = StoredJson.readMap(row.getString(3).getBytes(StandardCharsets.UTF_8));
      return new Found(row.getLong(1), new StudyDefinition(name, content));
    } catch (JacksonException | IllegalArgumentException e) {
      throw database.unreadable("the definition of study \"" + name + "\"", e);
    }
  }

  private static List<String> names(Connection connection) throws SQLException {
    var names = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT name FROM study")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names.stream().sorted().toList();
  }

  private <T extends @Nullable Object> T reading(SqlDatabase.Work<T> work) {
    if (!database.read(this::isCurrent)) {
      using(_ -> true); // which brings the tables up to date
    }
    return database.read(work);
  }

  /// Has the writer do work.
  final <T extends @Nullable Object> T using(Function<SqlWriter, T> work) {
    var writing = acquire();
    try {
      return work.apply(writing);
    } finally {
      release();
    }
  }

  private synchronized SqlWriter acquire() {
    if (closed) {
      throw new Problem("The storage is closed.", database.place(), "Open it again.");
    }
    if (writer == null) {
      writer = openWriter();
    }
    users++;
    return writer;
  }

  private synchronized void release() {
    users--;
    if (users == 0) {
      closeWriter();
    }
  }

  private void closeWriter() {
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeWriter();
  }
}
