package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A database that holds a storage's tables: reading it, and its errors in words. Thread-safe.
interface SqlDatabase {
  /// Work on a connection.
  interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  SqlDialect dialect();

  /// How messages name it.
  String place();

  /// Does work that only reads, all of it as of one moment.
  ///
  /// @throws Problem when it cannot be read
  <T extends @Nullable Object> T read(Work<T> work);

  /// As [#read], without waiting for a database that cannot be reached now.
  default <T extends @Nullable Object> T readNow(Work<T> work) {
    return read(work);
  }

  /// Whether reading by several threads is faster than by one.
  boolean readsInParallel();

  /// Whether what failed may succeed later with nothing changed but the database's surroundings.
  boolean mayPass(Problem problem);

  /// An error in words.
  Problem problem(SQLException error);

  /// A stored text that is not the JSON that was written.
  Problem unreadable(String place, Exception error);

  /// Runs work; an error of the database's becomes a [Problem].
  default <T extends @Nullable Object> T call(Call<T> work) {
    try {
      return work.run();
    } catch (SQLException e) {
      throw problem(e);
    }
  }

  /// Work that brings its connection along.
  interface Call<T extends @Nullable Object> {
    T run() throws SQLException;
  }

  /// Runs a statement that gives nothing back.
  static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// The number that a query gives; 0 where it gives null or no row.
  static long number(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }
}
