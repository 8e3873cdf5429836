package dev.assay.cli;

import dev.assay.internal.storage.sql.SqliteStorage;
import java.math.BigDecimal;

/// What a command needs later and what takes its time to start, begun on threads of their own while
/// the command is read. Nothing depends on it: what is not there yet is started where it is needed,
/// and what fails here fails there with its words.
final class HeadStart {
  private HeadStart() {}

  /// For a command that looks into a study.
  static void looking() {
    start(SqliteStorage::prepareReading);
  }

  /// For a search.
  static void begin() {
    start(HeadStart::numbers);
    start(() -> {
      SqliteStorage.prepare();
      SqliteStorage.prepareReading();
      SqliteStorage.prepareWriting();
    });
  }

  /// Every parser of JSON and YAML refers to a number of this class, which calculates powers of
  /// five up to the 65,536th when it is first named.
  private static void numbers() {
    var _ = BigDecimal.ONE.signum();
  }

  private static void start(Runnable work) {
    Thread.ofPlatform()
        .daemon()
        .name("head start")
        .start(() -> {
          try {
            work.run();
          } catch (RuntimeException | LinkageError e) {
            // Whoever needs it meets it again.
          }
        });
  }
}
