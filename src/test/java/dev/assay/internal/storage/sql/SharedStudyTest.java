package dev.assay.internal.storage.sql;

import dev.assay.storage.Storage;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

class SharedStudyTest extends SharedStudyContract {
  @TempDir Path directory;

  @Override
  Storage storage() {
    return new SqliteStorage(directory.resolve("study.db"));
  }

  @Override
  void execute(String sql) throws SQLException {
    try (var connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("study.db"))) {
      SqlDatabase.execute(connection, sql);
    }
  }
}
