package dev.assay.storage;

import dev.assay.study.Storage;

class InMemoryStorageTest extends StorageContract {
  @Override
  Storage empty() {
    return new InMemoryStorage();
  }

  /// Memory does not outlive its process: the next best thing is the same object.
  @Override
  Storage reopened(Storage before) {
    return before;
  }
}
