package dev.assay.bench.commands;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Starts a program and waits for it with `wait4(2)`, which alone tells what an ended process used.
/// Java's own processes are reaped by Java, and what they used is lost. Linux on 64 bits.
///
/// The peak of memory is looked at while the process runs: what the kernel tells at its end counts
/// the memory of this JVM too, of which the process was a copy before it became the program.
final class Rusage {
  /// Of `posix_spawn_file_actions_t`, in glibc and in musl: more than it has.
  private static final long ACTIONS_BYTES = 1024;

  /// Of `struct rusage`, more than it has; two times stand first.
  private static final long RUSAGE_BYTES = 256;

  private static final int LOOK_MILLIS = 4;

  private static final int O_RDONLY = 0;
  private static final int O_WRONLY_CREAT_TRUNC = 0x241;
  private static final int OWNER_ONLY = 0600;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SPAWN =
      bind("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle INIT = bind("posix_spawn_file_actions_init", ADDRESS);
  private static final MethodHandle DESTROY = bind("posix_spawn_file_actions_destroy", ADDRESS);
  private static final MethodHandle OPEN =
      bind("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle WAIT = bind("wait4", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);

  private Rusage() {}

  private static MethodHandle bind(String name, java.lang.foreign.MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /// What a process used, those that it waited for included.
  ///
  /// @param status as `wait(2)` has it: 0 for an exit code of 0
  /// @param wallSeconds from before it was started until it had ended
  /// @param cpuSeconds in its own code and in the kernel
  /// @param peakBytes the largest resident set of the program, some milliseconds before its end
  record Used(int status, double wallSeconds, double cpuSeconds, long peakBytes) {}

  /// Runs a program to its end, its input empty.
  ///
  /// @param words the program's path and its arguments
  static Used run(List<String> words, Map<String, String> environment, Path output, Path errors) {
    try (var arena = Arena.ofConfined()) {
      var actions = arena.allocate(ACTIONS_BYTES, 16);
      require((int) INIT.invokeExact(actions), "actions");
      try {
        open(arena, actions, 0, Path.of("/dev/null"), O_RDONLY);
        open(arena, actions, 1, output, O_WRONLY_CREAT_TRUNC);
        open(arena, actions, 2, errors, O_WRONLY_CREAT_TRUNC);
        var variables =
            strings(
                arena,
                environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
        var arguments = strings(arena, words);
        var program = arena.allocateFrom(words.getFirst());
        var pid = arena.allocate(JAVA_INT);
        long start = System.nanoTime();
        require(
            (int)
                SPAWN.invokeExact(pid, program, actions, MemorySegment.NULL, arguments, variables),
            words.getFirst());
        return waited(arena, pid.get(JAVA_INT, 0), start);
      } finally {
        int _ = (int) DESTROY.invokeExact(actions);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // a downcall throws nothing
    }
  }

  private static Used waited(Arena arena, int process, long start) throws Throwable {
    var status = arena.allocate(JAVA_INT);
    var usage = arena.allocate(RUSAGE_BYTES, 8);
    var peak = new AtomicLong();
    var looking = Thread.ofPlatform().daemon().start(() -> look(process, peak));
    int ended;
    do {
      ended = (int) WAIT.invokeExact(process, status, 0, usage);
    } while (ended != process); // a signal came in between
    double wall = (System.nanoTime() - start) * 1e-9;
    looking.interrupt();
    looking.join();
    return new Used(
        status.get(JAVA_INT, 0), wall, seconds(usage, 0) + seconds(usage, 16), peak.get());
  }

  private static void look(int process, AtomicLong peak) {
    while (!Thread.currentThread().isInterrupted()) {
      peak.accumulateAndGet(peakBytes(process), Math::max);
      LockSupport.parkNanos(LOOK_MILLIS * 1_000_000L);
    }
  }

  /// The peak of a process that runs; 0 of one that has ended.
  static long peakBytes(long process) {
    try {
      for (var line : Files.readAllLines(Path.of("/proc/" + process + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
    } catch (IOException e) {
      // It has ended.
    }
    return 0;
  }

  private static double seconds(MemorySegment usage, long offset) {
    return usage.get(JAVA_LONG, offset) + 1e-6 * usage.get(JAVA_LONG, offset + 8);
  }

  private static void open(Arena arena, MemorySegment actions, int descriptor, Path file, int flags)
      throws Throwable {
    var name = arena.allocateFrom(file.toAbsolutePath().toString());
    require((int) OPEN.invokeExact(actions, descriptor, name, flags, OWNER_ONLY), file.toString());
  }

  private static MemorySegment strings(Arena arena, List<String> all) {
    var array = arena.allocate(ADDRESS, all.size() + 1L);
    for (int i = 0; i < all.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(all.get(i)));
    }
    return array;
  }

  private static void require(int error, String what) {
    if (error != 0) {
      throw new Problem(
          "The program cannot be started.", what + ": error " + error, "See errno(3).");
    }
  }
}
