package dev.assay.storage.sql;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.internal.storage.sql.StorageUrl;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Storage;
import java.nio.file.Path;

/// The storages.
public final class Storages {
  private Storages() {}

  /// This process's memory, for as long as the storage lives.
  public static Storage memory() {
    return new InMemoryStorage();
  }

  /// One SQLite file, made with its first study. Needs the library org.xerial:sqlite-jdbc.
  public static Storage sqlite(Path file) {
    return new SqliteStorage(file);
  }

  /// The storage of a URL: `sqlite:PATH`, `memory:`, or `postgresql://USER@HOST:PORT/DATABASE`,
  /// which needs the library org.postgresql:postgresql.
  ///
  /// @throws dev.assay.problem.Problem for a URL of another form
  public static Storage at(String url) {
    return StorageUrl.parse(url).open();
  }
}
