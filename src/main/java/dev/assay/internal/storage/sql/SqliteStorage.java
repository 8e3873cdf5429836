package dev.assay.internal.storage.sql;

import dev.assay.files.OwnerOnly;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Keeps studies in one SQLite file, in tables that a person can read with the sqlite3 shell.
///
/// Writes go through one connection, in write-ahead mode: what returned survives the death of the
/// process, and nobody who reads waits. The file is made with the first study, its directory too.
public final class SqliteStorage extends SqlStorage implements Durable {
  /// How long a write waits for another process's.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SqliteFile file;
  private final SqliteSchema schema;

  public SqliteStorage(Path path) {
    this(new SqliteFile(path, PATIENCE), SqliteSchema.CURRENT);
  }

  /// Loads SQLite, which the first connection would do.
  ///
  /// @throws Problem when it cannot be loaded
  public static void prepare() {
    SqliteLibrary.prepare();
  }

  /// What reading needs beside the library, and what takes as long: whoever has a thread to spare
  /// calls it while another one begins.
  public static void prepareReading() {
    SqliteLibrary.prepareSettings();
    var _ = StoredJson.read("{}");
  }

  /// The same for what writes.
  public static void prepareWriting() {
    var _ = StoredJson.write(Map.of("", List.of(0.5)));
  }

  SqliteStorage(SqliteFile file, SqliteSchema schema) {
    super(file, Lease.LOCAL, file.path());
    this.file = file;
    this.schema = schema;
  }

  @Override
  public SqliteStorage durability(Durability newDurability) {
    choose(newDurability);
    return this;
  }

  @Override
  boolean exists() {
    return file.exists();
  }

  @Override
  SqlWriter openWriter() {
    makeDirectory();
    NetworkFiles.refuse(file.path());
    return SqliteWriter.open(file, schema);
  }

  @Override
  boolean isCurrent(Connection connection) throws SQLException {
    file.requireWhole(connection);
    return schema.isCurrent(connection, file.path());
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
}
