package dev.assay.run.command;

import java.util.Map;

/// How a process ended.
///
/// @param code its exit code; -1 where a signal ended it
/// @param signal the signal; 0 where it exited
record ExitStatus(int code, int signal) {
  /// Java, as shells do, adds this to a signal's number.
  private static final int SIGNALLED = 128;

  private static final int LARGEST_SIGNAL = 64;

  /// Those whose numbers are the same everywhere.
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(6, "SIGABRT"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"));

  /// @param value as [Process#exitValue] gives it
  static ExitStatus of(int value) {
    return value > SIGNALLED && value <= SIGNALLED + LARGEST_SIGNAL
        ? new ExitStatus(-1, value - SIGNALLED)
        : new ExitStatus(value, 0);
  }

  boolean isSuccess() {
    return code == 0;
  }

  /// `exit code 1`, `SIGKILL (9)`.
  String words() {
    return signal == 0
        ? "exit code " + code
        : NAMES.getOrDefault(signal, "signal") + " (" + signal + ")";
  }
}
