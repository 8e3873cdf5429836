package dev.assay.internal.storage.sql;

import dev.assay.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Contents of files as rows, in parts of at most a mebibyte. The last part is empty: what was cut
/// off in the middle has none, and counts as not there.
final class PostgresFiles implements Storage.StoredFiles {
  private static final int PART = 1 << 20;

  private final PostgresStorage storage;
  private final PostgresDatabase database;
  private final long study;

  PostgresFiles(PostgresStorage storage, PostgresDatabase database, long study) {
    this.storage = storage;
    this.database = database;
    this.study = study;
  }

  @Override
  public boolean has(String sha256) {
    return database.read(connection -> {
      try (var query =
          connection.prepareStatement(
              "SELECT 1 FROM file WHERE study = ? AND sha256 = ? AND length(data) = 0")) {
        query.setLong(1, study);
        query.setString(2, sha256);
        try (var rows = query.executeQuery()) {
          return rows.next();
        }
      }
    });
  }

  @Override
  public void put(String sha256, Path file) throws IOException {
    if (has(sha256)) {
      return;
    }
    try (var in = Files.newInputStream(file)) {
      byte[] part;
      int number = 0;
      do {
        part = in.readNBytes(PART);
        if (part.length > 0) {
          put(sha256, number++, part);
        }
      } while (part.length > 0);
      put(sha256, number, part);
    }
  }

  private void put(String sha256, int number, byte[] part) {
    int _ =
        storage.using(writing ->
            writing.write(connection -> {
              try (var insert =
                  connection.prepareStatement(
                      """
                      INSERT INTO file(study, sha256, part, data) VALUES(?, ?, ?, ?)
                      ON CONFLICT (study, sha256, part) DO UPDATE SET data = excluded.data\
                      """)) {
                insert.setLong(1, study);
                insert.setString(2, sha256);
                insert.setInt(3, number);
                insert.setBytes(4, part);
                return insert.executeUpdate();
              }
            }));
  }

  @Override
  public void get(String sha256, Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      for (int number = 0; ; number++) {
        var part = part(sha256, number);
        if (part == null) {
          throw new IOException("the storage has no such content: " + sha256);
        }
        if (part.length == 0) {
          return;
        }
        out.write(part);
      }
    }
  }

  private byte @Nullable [] part(String sha256, int number) {
    return database.read(connection -> {
      try (var query =
          connection.prepareStatement(
              "SELECT data FROM file WHERE study = ? AND sha256 = ? AND part = ?")) {
        query.setLong(1, study);
        query.setString(2, sha256);
        query.setInt(3, number);
        try (var rows = query.executeQuery()) {
          return rows.next() ? rows.getBytes(1) : null;
        }
      }
    });
  }
}
