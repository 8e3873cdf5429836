package dev.assay.process;

import java.util.Collection;
import java.util.Map;
import java.util.function.LongPredicate;

/// The processes of this machine: `/proc` on Linux, what Java knows elsewhere.
sealed interface ProcessTable permits LinuxProcesses, JavaProcesses {
  /// The table of the system that this is.
  static ProcessTable system() {
    return LinuxProcesses.present() ? new LinuxProcesses() : new JavaProcesses();
  }

  /// The live processes among those that a predicate on the id lets through. Those that ended and
  /// were not fetched by their parents (zombies) are dead.
  Map<Long, ProcessEntry> list(LongPredicate wanted);

  /// Those of some processes whose environment has a variable of that value (a path: without the
  /// end, so that everything below it counts too, when the value ends in `/`).
  Collection<ProcessEntry> marked(
      Collection<ProcessEntry> processes, String variable, String value);

  /// A predicate for ids that were given out after a process got its own.
  LongPredicate after(long pid);

  /// When a live process started; 0 when there is none of that id.
  default long started(long pid) {
    var entry = list(other -> other == pid).get(pid);
    return entry == null ? 0 : entry.started();
  }
}
