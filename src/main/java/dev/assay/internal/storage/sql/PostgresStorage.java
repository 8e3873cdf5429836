package dev.assay.internal.storage.sql;

import dev.assay.storage.Letters;
import dev.assay.storage.Storage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps studies in a PostgreSQL database, for processes on any number of machines.
///
/// A process has two connections at most: one reads and writes, one hears what others do. A
/// connection that breaks is made anew; what ends meanwhile is kept as where a SQLite file is
/// locked, and nothing that was told is lost.
public final class PostgresStorage extends SqlStorage implements Durable {
  private final PostgresDatabase database;
  private final PostgresSchema schema;
  private final PostgresListener listener;
  private final Map<Long, AutoCloseable> watched = new HashMap<>();

  public PostgresStorage(PostgresAddress address) {
    this(new PostgresDatabase(address), PostgresSchema.CURRENT);
  }

  PostgresStorage(PostgresDatabase database, PostgresSchema schema) {
    super(database, Lease.of(database.address().lease()), unsaved(database.address()));
    this.database = database;
    this.schema = schema;
    listener = new PostgresListener(database);
  }

  /// Ends of trials that cannot be written are kept in the user's cache directory.
  private static Path unsaved(PostgresAddress address) {
    var name =
        "postgresql-%s-%d-%s-%s"
            .formatted(address.host(), address.port(), address.database(), address.schema());
    return UnsavedFile.cache().resolve(name.replaceAll("[^A-Za-z0-9._-]", "_"));
  }

  @Override
  public PostgresStorage durability(Durability newDurability) {
    choose(newDurability);
    return this;
  }

  @Override
  List<String> furtherTables() {
    return List.of("command", "file");
  }

  @Override
  boolean exists() {
    return database.read(connection -> schema.exists(connection, database.address()));
  }

  @Override
  SqlWriter openWriter() {
    return PostgresWriter.open(database, listener, schema);
  }

  @Override
  boolean isCurrent(Connection connection) throws SQLException {
    return schema.isCurrent(connection, database.address());
  }

  @Override
  public Optional<Letters> letters(String study) {
    return id(study).map(id -> new PostgresLetters(this, database, listener, id));
  }

  @Override
  public Optional<Storage.StoredFiles> files(String study) {
    return id(study).map(id -> new PostgresFiles(this, database, id));
  }

  /// Another number whenever a study may have changed; quick.
  public long version(String study) {
    return id(study).map(this::watch).orElse(0L);
  }

  private synchronized long watch(long id) {
    var _ = watched.computeIfAbsent(id, listener::follow);
    return listener.version(id, PostgresLetters.ANYBODY) + (id << 32);
  }

  @Override
  public synchronized void close() {
    watched.clear();
    listener.close();
    super.close();
  }
}
