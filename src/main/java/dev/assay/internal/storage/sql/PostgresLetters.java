package dev.assay.internal.storage.sql;

import dev.assay.storage.Letters;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is left for those who run a study, as rows. A name is the row's id.
final class PostgresLetters implements Letters {
  /// A worker that there is none of.
  static final long ANYBODY = -1;

  private final PostgresStorage storage;
  private final PostgresDatabase database;
  private final PostgresListener listener;
  private final long study;
  private @Nullable List<String> known;
  private long knownVersion;

  PostgresLetters(
      PostgresStorage storage, PostgresDatabase database, PostgresListener listener, long study) {
    this.storage = storage;
    this.database = database;
    this.listener = listener;
    this.study = study;
  }

  @Override
  public void send(String text) {
    int _ =
        change(
            "INSERT INTO command(study, content) VALUES(?, ?)",
            insert -> {
              insert.setLong(1, study);
              insert.setString(2, text);
            });
  }

  /// Asked again and again: the database is, only when something happened to the study.
  @Override
  public synchronized List<String> names() {
    long version = listener.version(study, ANYBODY);
    var before = known;
    if (before == null || version == 0 || version != knownVersion) {
      before = names("claimed_by IS NULL");
      known = before;
      knownVersion = version;
    }
    return before;
  }

  @Override
  public List<String> claimed() {
    return names("claimed_by IS NOT NULL");
  }

  private List<String> names(String which) {
    return database.read(connection -> {
      try (var query =
          connection.prepareStatement(
              "SELECT id FROM command WHERE study = ? AND " + which + " ORDER BY id")) {
        query.setLong(1, study);
        var names = new ArrayList<String>();
        try (var rows = query.executeQuery()) {
          while (rows.next()) {
            names.add(rows.getString(1));
          }
        }
        return names;
      }
    });
  }

  @Override
  public @Nullable String read(String name) {
    return database.read(connection -> content(connection, name));
  }

  private @Nullable String content(Connection connection, String name) throws SQLException {
    try (var query = connection.prepareStatement("SELECT content FROM command WHERE id = ?")) {
      query.setLong(1, Long.parseLong(name));
      try (var rows = query.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }

  @Override
  public @Nullable String claim(String name, String by) {
    int claimed =
        change(
            "UPDATE command SET claimed_by = ? WHERE id = ? AND claimed_by IS NULL",
            update -> {
              update.setString(1, by);
              update.setLong(2, Long.parseLong(name));
            });
    return claimed > 0 ? name : null;
  }

  @Override
  public void putBack(String claimed) {
    int _ =
        change(
            "UPDATE command SET claimed_by = NULL WHERE id = ?",
            update -> update.setLong(1, Long.parseLong(claimed)));
  }

  @Override
  public void remove(String name) {
    int _ =
        change(
            "DELETE FROM command WHERE id = ?", delete -> delete.setLong(1, Long.parseLong(name)));
  }

  private interface Parameters {
    void set(PreparedStatement statement) throws SQLException;
  }

  private int change(String sql, Parameters parameters) {
    int changed =
        storage.using(writing -> {
          int rows =
              writing.write(connection -> {
                try (var statement = connection.prepareStatement(sql)) {
                  parameters.set(statement);
                  return statement.executeUpdate();
                }
              });
          writing.announce(study, 0);
          return rows;
        });
    synchronized (this) {
      known = null;
    }
    return changed;
  }
}
