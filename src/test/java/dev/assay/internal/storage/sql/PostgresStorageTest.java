package dev.assay.internal.storage.sql;

import dev.assay.storage.Storage;
import dev.assay.storage.StorageContract;
import dev.assay.storage.sql.Storages;

class PostgresStorageTest extends StorageContract {
  private String url = "";

  @Override
  protected Storage empty() {
    url = PostgresServer.shared().url();
    return Storages.at(url);
  }

  @Override
  protected Storage reopened(Storage before) {
    before.close();
    return Storages.at(url);
  }
}
