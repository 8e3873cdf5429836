package dev.assay.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Names a process for good: ids alone are given out again.
///
/// @param pid its id
/// @param started when it started, as [ProcessTable] has it; 0: it was gone before that was known
/// @param boot since when the machine runs, and in which name space of ids; empty: not known
public record ProcessIdentity(long pid, long started, String boot) {
  /// Without a sign of life for as long as this a process elsewhere is gone.
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(90);

  private static final String BOOT = readBoot();

  private static final ProcessIdentity CURRENT = of(ProcessHandle.current().pid());

  private static String readBoot() {
    try {
      var boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return boot + " " + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (java.io.IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /// A live process of this machine.
  public static ProcessIdentity of(long pid) {
    return new ProcessIdentity(pid, ProcessTable.system().started(pid), BOOT);
  }

  /// This very process.
  public static ProcessIdentity current() {
    return CURRENT;
  }

  /// Whether this machine, as it runs now, is where the process is or was.
  public boolean isHere() {
    return boot.equals(BOOT);
  }

  /// Whether the process lives; only asked where [#isHere].
  public boolean isAlive() {
    return started != 0 && ProcessTable.system().started(pid) == started;
  }

  /// Whether the process is gone: known of those of this machine, of others only after a long
  /// silence.
  ///
  /// @param seenMillis its last sign of life, milliseconds since 1970
  public boolean isGone(long seenMillis, long nowMillis) {
    return isHere() ? !isAlive() : nowMillis - seenMillis > LONGEST_SILENCE.toMillis();
  }

  /// One line: `pid start boot`.
  @Override
  public String toString() {
    return pid + " " + started + " " + boot;
  }

  /// The inverse of [#toString].
  public static Optional<ProcessIdentity> parse(String line) {
    var words = line.strip().split(" ", 3);
    try {
      return Optional.of(
          new ProcessIdentity(
              Long.parseLong(words[0]),
              words.length > 1 ? Long.parseLong(words[1]) : 0,
              words.length > 2 ? words[2] : ""));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
