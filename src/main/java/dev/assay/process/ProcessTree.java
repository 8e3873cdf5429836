package dev.assay.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Everything that one program started: its session and process group, their descendants, and
/// whoever carries the program's marker in its environment, which those that left the session and
/// lost their parent still do.
public final class ProcessTree {
  /// After SIGKILL only a process in an uninterruptible wait is still there; it is left alone then.
  private static final Duration PATIENCE_AFTER_KILL = Duration.ofSeconds(5);

  private static final long SHORTEST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;

  private final ProcessTable table;
  private final ProcessIdentity leader;
  private final boolean ownSession;
  private final String variable;
  private final String value;

  /// @param leader the program
  /// @param ownSession whether it leads a session of its own
  /// @param variable the environment variable that marks what belongs to the program
  /// @param value its value, which no other program has
  public ProcessTree(ProcessIdentity leader, boolean ownSession, String variable, String value) {
    this(ProcessTable.system(), leader, ownSession, variable, value);
  }

  private ProcessTree(
      ProcessTable table,
      ProcessIdentity leader,
      boolean ownSession,
      String variable,
      String value) {
    this.table = table;
    this.leader = leader;
    this.ownSession = ownSession;
    this.variable = variable;
    this.value = value;
  }

  /// Whether anything of it lives.
  public boolean isEmpty() {
    return members().isEmpty();
  }

  private Collection<ProcessEntry> members() {
    var all = table.list(table.after(leader.pid()));
    all.remove(ProcessHandle.current().pid());
    var members = new HashMap<Long, ProcessEntry>();
    var first = all.get(leader.pid());
    // The system gives no id out again while a session or group has it: another process under the
    // leader's id means that session and group are gone.
    boolean reused = first != null && first.started() != leader.started();
    for (var entry : all.values()) {
      boolean inside =
          ownSession && (entry.session() == leader.pid() || entry.group() == leader.pid());
      if (!reused && (inside || entry == first)) {
        members.put(entry.pid(), entry);
      }
    }
    var others = new ArrayList<>(all.values());
    others.removeAll(members.values());
    table.marked(others, variable, value).forEach(entry -> members.put(entry.pid(), entry));
    addDescendants(all, members);
    return members.values();
  }

  private static void addDescendants(Map<Long, ProcessEntry> all, Map<Long, ProcessEntry> members) {
    boolean grown = !members.isEmpty();
    while (grown) {
      grown = false;
      for (var entry : all.values()) {
        if (members.containsKey(entry.parent())
            && members.putIfAbsent(entry.pid(), entry) == null) {
          grown = true;
        }
      }
    }
  }

  /// Asks everything to end (SIGTERM), and after the grace period makes it (SIGKILL).
  ///
  /// @param meanwhile called again and again while there is grace; true ends the grace at once
  /// @return whether nothing lives any more; false only for what even SIGKILL does not end
  public boolean end(Duration grace, BooleanSupplier meanwhile) {
    var members = members();
    if (members.isEmpty()) {
      return true;
    }
    signal(members, Signals.TERM);
    signal(members, Signals.CONT);
    long deadline = System.nanoTime() + grace.toNanos();
    long pause = SHORTEST_PAUSE_NANOS;
    while (System.nanoTime() < deadline && !meanwhile.getAsBoolean()) {
      sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      if (members().isEmpty()) {
        return true;
      }
    }
    return kill();
  }

  /// Ends everything at once.
  ///
  /// @return as [#end]
  public boolean kill() {
    long deadline = System.nanoTime() + PATIENCE_AFTER_KILL.toNanos();
    while (true) {
      // Looked for again each time: what is being killed may have started more.
      var members = members();
      if (members.isEmpty()) {
        return true;
      }
      if (System.nanoTime() > deadline) {
        return false;
      }
      signal(members, Signals.KILL);
      sleep(SHORTEST_PAUSE_NANOS);
    }
  }

  /// Sleeps whether or not the thread is interrupted, which stays noted: ending is not given up.
  private static void sleep(long nanos) {
    boolean interrupted = Thread.interrupted();
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void signal(Collection<ProcessEntry> members, int signal) {
    boolean group = ownSession && members.stream().anyMatch(entry -> entry.group() == leader.pid());
    if (group) { // in one call, so that nobody escapes by forking meanwhile
      Signals.sendToGroup(leader.pid(), signal);
    }
    for (var entry : members) {
      if (!group || !Signals.available() || entry.group() != leader.pid()) {
        Signals.sendTo(entry.pid(), signal);
      }
    }
  }

  /// Ends, at once, every process of this user's that carries a marker, whoever started it.
  ///
  /// @param value of the variable; ending in `/`: everything below that path
  /// @return how many were found
  public static int killMarked(String variable, String value) {
    var table = ProcessTable.system();
    int found = 0;
    long deadline = System.nanoTime() + PATIENCE_AFTER_KILL.toNanos();
    while (System.nanoTime() < deadline) {
      var all = table.list(pid -> pid != ProcessHandle.current().pid());
      var members = new HashMap<Long, ProcessEntry>();
      table.marked(all.values(), variable, value).forEach(e -> members.put(e.pid(), e));
      if (members.isEmpty()) {
        break;
      }
      addDescendants(all, members);
      found = Math.max(found, members.size());
      members.keySet().forEach(pid -> Signals.sendTo(pid, Signals.KILL));
      sleep(SHORTEST_PAUSE_NANOS);
    }
    return found;
  }
}
