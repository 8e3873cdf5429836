package dev.assay.cli;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.process.OwnSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a search needs later and what takes its time to start, begun on a thread of its own while
/// the study file is read. Nothing depends on it: what is not there yet is started where it is
/// needed, and what fails here fails there with its words.
final class HeadStart {
  private HeadStart() {}

  /// @param studyFile says what will be needed
  static void begin(Path studyFile) {
    Thread.ofPlatform().daemon().name("head start").start(() -> run(studyFile));
  }

  private static void run(Path studyFile) {
    try {
      SqliteStorage.prepare();
      if (Files.readString(studyFile).contains("command")) {
        OwnSession.prepare();
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      // Whoever needs it meets it again.
    }
  }
}
