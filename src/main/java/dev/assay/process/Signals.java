package dev.assay.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Sends signals: `kill(2)`, which Java itself has for single processes only.
final class Signals {
  static final int KILL = 9;
  static final int TERM = 15;

  /// Continues a stopped process, which otherwise would not see SIGTERM. Its number differs.
  static final int CONT = System.getProperty("os.name").startsWith("Mac") ? 19 : 18;

  private static final @Nullable MethodHandle CALL = find();

  private Signals() {}

  private static @Nullable MethodHandle find() {
    if (!Signals.class.getModule().isNativeAccessEnabled()) {
      return null;
    }
    var linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("kill")
        .map(symbol ->
            linker.downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT)))
        .orElse(null);
  }

  /// Whether process groups can be signalled.
  static boolean available() {
    return CALL != null;
  }

  /// Sends a signal to every member of a process group, as far as there are any.
  static void sendToGroup(long group, int signal) {
    if (group > 1) { // kill(-1) would mean every process there is
      send(-group, signal);
    }
  }

  /// Sends a signal to one process, if it is there.
  static void sendTo(long pid, int signal) {
    if (pid <= 1) {
      return;
    }
    if (available()) {
      send(pid, signal);
    } else if (signal != CONT) {
      ProcessHandle.of(pid)
          .ifPresent(process -> {
            if (signal == KILL) {
              process.destroyForcibly();
            } else {
              process.destroy();
            }
          });
    }
  }

  private static void send(long target, int signal) {
    if (CALL == null) {
      return;
    }
    try {
      int _ = (int) CALL.invokeExact((int) target, signal);
    } catch (Throwable e) {
      throw new IllegalStateException("kill(2) cannot be called", e);
    }
  }
}
