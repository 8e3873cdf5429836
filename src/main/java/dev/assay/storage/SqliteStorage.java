package dev.assay.storage;

import dev.assay.files.OwnerOnly;
import dev.assay.problem.Log;
import dev.assay.problem.Problem;
import dev.assay.study.Storage;
import dev.assay.study.StoredStudy;
import dev.assay.study.StudyDefinition;
import dev.assay.study.StudyLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import tools.jackson.core.JacksonException;

/// Keeps studies in one SQLite file, in tables that a person can read with the sqlite3 shell.
///
/// Writes go through one connection, in write-ahead mode: what returned survives the death of the
/// process, and nobody who reads waits. The file is made with the first study, its directory too;
/// it is held open only while a study is, so that a storage which nobody closes leaves nothing
/// open.
public final class SqliteStorage implements Storage {
  private static final Logger LOG = Log.of(SqliteStorage.class);

  /// How long a write waits for another process's.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// A trial that is taken back has the state that its other columns tell of.
  private static final String DISCARD =
      """
      UPDATE trial SET state = CASE WHEN ?1 THEN 'discarded' WHEN cause IS NOT NULL THEN 'failed'
        WHEN "values" IS NULL THEN 'pruned' ELSE 'complete' END
      WHERE id = ?2 AND ended IS NOT NULL\
      """;

  private final SqliteFile file;
  private final SqliteSchema schema;
  private @Nullable SqliteWriter writer;

  /// Logs that are open and calls under way; the last one closes the writer.
  private int users;

  private boolean closed;
  private volatile Durability durability = Durability.AUTO;

  public SqliteStorage(Path path) {
    this(new SqliteFile(path, PATIENCE), SqliteSchema.CURRENT);
  }

  SqliteStorage(SqliteFile file, SqliteSchema schema) {
    this.file = file;
    this.schema = schema;
  }

  /// Chooses what studies that are opened from now on wait for.
  public SqliteStorage durability(Durability newDurability) {
    durability = newDurability;
    return this;
  }

  /// A study's row.
  private record Found(long id, StudyDefinition definition) {}

  @Override
  public List<String> names() {
    if (!file.exists()) {
      return List.of();
    }
    return reading(connection -> {
      var names = new ArrayList<String>();
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("SELECT name FROM study")) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
      return names.stream().sorted().toList();
    });
  }

  @Override
  public Optional<StoredStudy> read(String name) {
    if (!file.exists()) {
      return Optional.empty();
    }
    return Optional.ofNullable(reading(connection -> find(connection, name)))
        .map(found -> new SqliteStudy(file, found.id(), found.definition()));
  }

  @Override
  public Optional<StudyLog> open(String name) {
    if (!file.exists()) {
      return Optional.empty();
    }
    return using(writing -> {
      var found = writing.alone(connection -> find(connection, name));
      return found == null ? Optional.empty() : Optional.of(log(found, writing));
    });
  }

  @Override
  public StudyLog create(StudyDefinition definition) {
    return using(writing -> log(writing.write(c -> insert(c, definition)), writing));
  }

  private Found insert(Connection connection, StudyDefinition definition) throws SQLException {
    if (find(connection, definition.name()) != null) {
      throw StorageProblems.taken(definition.name());
    }
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO study(name, definition, created_millis) VALUES(?, ?, ?)
            ON CONFLICT(name) DO NOTHING RETURNING id, name, definition\
            """)) {
      insert.setString(1, definition.name());
      insert.setString(2, StoredJson.write(definition.content()));
      insert.setLong(3, System.currentTimeMillis());
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
    int _ = using(writing -> writing.write(connection -> rename(connection, name, newName)));
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
    for (var unsaved : UnsavedFile.abandoned(file.path(), id, Set.of())) {
      unsaved.remove(); // the next study may have the same id
    }
    try (var statement = connection.createStatement()) {
      int rows = 0;
      for (var table : SqliteSchema.ROWS_OF_A_STUDY) {
        rows += statement.executeUpdate("DELETE FROM " + table.formatted(id));
      }
      return rows;
    }
  }

  @Override
  public void putFact(String name, String key, Object value) {
    var json = StoredJson.write(value);
    int _ = using(writing -> writing.write(connection -> putFact(connection, name, key, json)));
  }

  private int putFact(Connection connection, String name, String key, String json)
      throws SQLException {
    long id = existing(connection, name).id();
    try (var statement = connection.prepareStatement(WriterStatements.FACT)) {
      statement.setLong(1, id);
      statement.setString(2, key);
      statement.setString(3, json);
      return statement.executeUpdate();
    }
  }

  @Override
  public void discard(String name, int trial, boolean discarded) {
    int changed = using(writing -> writing.write(c -> discard(c, name, trial, discarded)));
    if (changed == 0) {
      throw StorageProblems.notEnded(name, trial);
    }
  }

  private int discard(Connection connection, String name, int trial, boolean discarded)
      throws SQLException {
    long id = existing(connection, name).id();
    try (var statement = connection.prepareStatement(DISCARD)) {
      statement.setBoolean(1, discarded);
      statement.setLong(2, id << 32 | trial);
      return trial < 0 ? 0 : statement.executeUpdate();
    }
  }

  private Found existing(Connection connection, String name) throws SQLException {
    var found = find(connection, name);
    if (found == null) {
      throw StorageProblems.absent(name, names());
    }
    return found;
  }

  /// A study that nobody runs.
  private Found idle(Connection connection, String name) throws SQLException {
    var found = existing(connection, name);
    var others = SqliteWorkers.living(connection, found.id(), -1);
    if (!others.isEmpty()) {
      throw StorageProblems.claimed(name, SqliteWorkers.pid(others));
    }
    return found;
  }

  private int rename(Connection connection, String name, String newName) throws SQLException {
    var found = idle(connection, name);
    if (find(connection, newName) != null) {
      throw StorageProblems.taken(newName);
    }
    try (var update = connection.prepareStatement("UPDATE study SET name = ? WHERE id = ?")) {
      update.setString(1, newName);
      update.setLong(2, found.id());
      return update.executeUpdate();
    }
  }

  private StudyLog log(Found found, SqliteWriter writing) {
    var others = writing.alone(connection -> SqliteWorkers.living(connection, found.id(), -1));
    if (!others.isEmpty()) {
      LOG.warn(
          "Process {} runs the study \"{}\" too; this one joins in.",
          SqliteWorkers.pid(others),
          found.definition().name());
    }
    acquire();
    try {
      return new SqliteLog(
          file, found.id(), found.definition(), writing, durability, this::release);
    } catch (RuntimeException | Error e) {
      release();
      throw e;
    }
  }

  private @Nullable Found find(Connection connection, String name) throws SQLException {
    try (var query =
        connection.prepareStatement("SELECT id, name, definition FROM study WHERE name = ?")) {
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
      throw SqliteProblems.unreadable(file.path(), "the definition of study \"" + name + "\"", e);
    }
  }

  private <T extends @Nullable Object> T reading(SqliteWriter.Work<T> work) {
    return file.call(() -> {
      try (var connection = file.connectForReading()) {
        file.requireWhole(connection);
        if (!schema.isCurrent(connection, file.path())) {
          using(_ -> true); // which brings the tables up to date
        }
        return work.run(connection);
      }
    });
  }

  private <T extends @Nullable Object> T using(Function<SqliteWriter, T> work) {
    var writing = acquire();
    try {
      return work.apply(writing);
    } finally {
      release();
    }
  }

  private synchronized SqliteWriter acquire() {
    if (closed) {
      throw new Problem("The storage is closed.", file.path().toString(), "Open it again.");
    }
    if (writer == null) {
      makeDirectory();
      NetworkFiles.refuse(file.path());
      writer = SqliteWriter.open(file, schema);
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

  private void makeDirectory() {
    var directory = file.path().toAbsolutePath().getParent();
    try {
      if (directory != null && !Files.isDirectory(directory)) {
        OwnerOnly.directories(directory);
      }
    } catch (IOException e) {
      throw new Problem(
          "The directory of the storage file cannot be made.",
          directory + ": " + e,
          "Choose another path, or make the directory writable.",
          e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeWriter();
  }
}
