package dev.assay.storage;

import dev.assay.study.Storage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteStorageTest extends StorageContract {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("a new directory").resolve("we?ird#na%41me ü.db");
  }

  @Override
  Storage empty() {
    return new SqliteStorage(file());
  }

  @Override
  Storage reopened(Storage before) {
    before.close();
    return new SqliteStorage(file());
  }
}
