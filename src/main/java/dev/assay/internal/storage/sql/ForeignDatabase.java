package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;

/// A SQLite file of another program's: to be read, and then never changed; or to be made for it.
public final class ForeignDatabase implements AutoCloseable {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  private final Path path;
  private final Connection connection;

  private ForeignDatabase(Path path, Connection connection) {
    this.path = path;
    this.connection = connection;
  }

  /// What is done with each row.
  public interface Row {
    void read(ResultSet row) throws SQLException;
  }

  /// What is done with a connection.
  public interface Work {
    void with(Connection connection) throws SQLException;
  }

  /// Whether a file begins as SQLite's do.
  ///
  /// @throws IOException when it cannot be read
  public static boolean isOne(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      return java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    }
  }

  /// Opens a file for reading.
  ///
  /// @throws Problem when it is no database, or a damaged one
  public static ForeignDatabase read(Path path) {
    try {
      var database = new ForeignDatabase(path, connect(path, "ro"));
      try {
        database.requireSound();
        return database;
      } catch (SQLException | RuntimeException e) {
        database.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unreadable(path, e);
    }
  }

  private static Connection connect(Path path, String mode) throws SQLException {
    return SqliteLibrary.connect("jdbc:sqlite:" + path.toAbsolutePath().toUri() + "?mode=" + mode);
  }

  private void requireSound() throws SQLException {
    long expected =
        SqlDatabase.number(connection, "PRAGMA page_count")
            * SqlDatabase.number(connection, "PRAGMA page_size");
    long bytes = path.toFile().length();
    if (bytes < expected
        && path.resolveSibling(path.getFileName() + "-wal").toFile().length() == 0) {
      throw new Problem(
          "The database is damaged: its end is missing.",
          path + ": " + bytes + " of " + expected + " bytes",
          "Copy it again, or save what is readable: sqlite3 FILE .recover | sqlite3 NEW.");
    }
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("PRAGMA quick_check(1)")) {
      var found = rows.next() ? rows.getString(1) : "nothing was checked";
      if (!found.equals("ok")) {
        throw damaged(path, found.lines().skip(1).findFirst().orElse(found), null);
      }
    }
  }

  private static Problem damaged(
      Path path, String detail, @org.jspecify.annotations.Nullable Exception cause) {
    return new Problem(
        "The database is damaged.",
        path + ": " + detail,
        "Copy it again, or save what is readable: sqlite3 FILE .recover | sqlite3 NEW.",
        cause);
  }

  private static Problem unreadable(Path path, SQLException error) {
    return switch (error.getErrorCode() & 0xff) {
      case 26 -> // NOTADB
          new Problem(
              "The file is no SQLite database.",
              path.toString(),
              "Name the database itself, as it was given to the tool that made it.",
              error);
      case 11 -> damaged(path, String.valueOf(error.getMessage()), error); // CORRUPT
      default ->
          new Problem(
              "The database cannot be read.",
              path + ": " + error.getMessage(),
              "Check the file and its rights; a copy of it will do.",
              error);
    };
  }

  /// The columns of a table; none where there is no such table.
  public Set<String> columns(String table) {
    var columns = new LinkedHashSet<String>();
    rows(
        "SELECT name FROM pragma_table_info('" + table + "')",
        row -> columns.add(row.getString(1)));
    return columns;
  }

  /// Hands over the rows of a query.
  public void rows(String query, Row row, Object... values) {
    try (var statement = connection.prepareStatement(query)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          row.read(rows);
        }
      }
    } catch (SQLException e) {
      throw unreadable(path, e);
    }
  }

  /// Makes a new file in one transaction. Nothing is left of it where that fails.
  ///
  /// @throws Problem when it cannot be written
  public static void make(Path path, Work work) {
    try (var connection = connect(path, "rwc")) {
      SqlDatabase.execute(connection, "PRAGMA synchronous = OFF"); // moved into place when whole
      connection.setAutoCommit(false);
      work.with(connection);
      connection.commit();
    } catch (SQLException e) {
      throw new Problem(
          "The database cannot be written.",
          path + ": " + e.getMessage(),
          "Make room, or name a file in a directory of yours.",
          e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw unreadable(path, e);
    }
  }
}
