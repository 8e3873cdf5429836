package dev.assay.storage;

import dev.assay.study.Storage;

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
