package dev.assay.internal.desk;

import dev.assay.storage.StudyLog;
import dev.assay.trial.SearchTask;
import java.util.concurrent.locks.ReentrantLock;

/// The one lock of a study. Whoever takes it gets what it guards, which nobody gets otherwise:
///
/// ```java
/// try (var books = lock.take()) {
///   return books.ledger.all();
/// }
/// ```
final class DeskLock {
  private final ReentrantLock lock = new ReentrantLock();
  private final Books books;

  DeskLock(Terms terms, SearchTask task, StudyLog log) {
    books = new Books(lock, terms, task, log);
  }

  /// Waits for the lock, which is held until what is returned is closed.
  Books take() {
    lock.lock();
    return books;
  }

  /// As [#take], unless the thread is interrupted.
  Books takeInterruptibly() throws InterruptedException {
    lock.lockInterruptibly();
    return books;
  }
}
