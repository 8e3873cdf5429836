package dev.assay.run.command;

import java.nio.file.Path;

/// Looks on while a program runs: `assay try` shows what it sees. Called on the trial's thread.
public interface TrialWatcher {
  /// Looks away.
  TrialWatcher NONE = new TrialWatcher() {};

  /// A program is about to start.
  ///
  /// @param command as a POSIX shell would take it
  /// @param directory where it starts
  /// @param own the trial's own directory
  default void starting(String command, Path directory, Path own) {}

  /// It printed something.
  default void printed(byte[] bytes, int count) {}

  /// It ended, and its values were looked for.
  default void ended(FoundValues found) {}
}
