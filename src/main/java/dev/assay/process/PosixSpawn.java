package dev.assay.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.assay.internal.words.Log;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// `posix_spawn(3)` of Linux, with a session of its own for the program and none of this process's
/// files. One `execve` where Java needs two, and `setsid(1)` a third.
final class PosixSpawn {
  private static final Logger LOG = Log.of(PosixSpawn.class);

  /// More than the structures have in glibc and in musl.
  private static final long STRUCTURE_BYTES = 1024;

  private static final int O_RDONLY = 0;
  private static final int O_CLOEXEC = 0x80000;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;
  private static final int ENOENT = 2;
  private static final int ENOEXEC = 8;
  private static final int EACCES = 13;
  private static final int EINTR = 4;

  private static final @Nullable PosixSpawn INSTANCE = find();

  private final MethodHandle spawn;
  private final MethodHandle actionsInit;
  private final MethodHandle actionsDestroy;
  private final MethodHandle actionsOpen;
  private final MethodHandle actionsDup;
  private final MethodHandle actionsDirectory;
  private final MethodHandle actionsCloseFrom;
  private final MethodHandle attributesInit;
  private final MethodHandle attributesDestroy;
  private final MethodHandle attributesFlags;
  private final MethodHandle pipe;
  private final MethodHandle close;
  private final MethodHandle wait;

  private PosixSpawn(SymbolLookup symbols) {
    var one = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    spawn =
        bind(
            symbols,
            "posix_spawn",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    actionsInit = bind(symbols, "posix_spawn_file_actions_init", one);
    actionsDestroy = bind(symbols, "posix_spawn_file_actions_destroy", one);
    actionsOpen =
        bind(
            symbols,
            "posix_spawn_file_actions_addopen",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    actionsDup =
        bind(
            symbols,
            "posix_spawn_file_actions_adddup2",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    actionsDirectory =
        bind(
            symbols,
            "posix_spawn_file_actions_addchdir_np", // glibc 2.29
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    actionsCloseFrom =
        bind(
            symbols,
            "posix_spawn_file_actions_addclosefrom_np", // glibc 2.34
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    attributesInit = bind(symbols, "posix_spawnattr_init", one);
    attributesDestroy = bind(symbols, "posix_spawnattr_destroy", one);
    attributesFlags =
        bind(
            symbols,
            "posix_spawnattr_setflags",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    pipe = bind(symbols, "pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    close = bind(symbols, "close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    wait =
        Linker.nativeLinker()
            .downcallHandle(
                symbols.findOrThrow("waitpid"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle bind(SymbolLookup symbols, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type);
  }

  /// This system's; null where it has none that does all that is needed.
  static @Nullable PosixSpawn system() {
    return INSTANCE;
  }

  private static @Nullable PosixSpawn find() {
    if (!PosixSpawn.class.getModule().isNativeAccessEnabled() || !LinuxProcesses.present()) {
      return null;
    }
    try {
      return new PosixSpawn(Linker.nativeLinker().defaultLookup());
    } catch (RuntimeException e) {
      LOG.debug("Programs are started through setsid(1): {}", e.toString());
      return null;
    }
  }

  /// A pipe: the descriptor to read from, then that to write to.
  record Pipe(int read, int write) {}

  /// @throws IOException when there are too many open files
  Pipe pipe() throws IOException {
    try (var arena = Arena.ofConfined()) {
      var ends = arena.allocate(JAVA_INT, 2);
      if (call(() -> (int) pipe.invokeExact(ends, O_CLOEXEC)) != 0) {
        throw new IOException("no pipe: too many open files");
      }
      return new Pipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
    }
  }

  void close(int descriptor) {
    int _ = call(() -> (int) close.invokeExact(descriptor));
  }

  /// Starts a program, its input empty.
  ///
  /// @param program its file; relative to the directory
  /// @param words the program's name and its arguments
  /// @param environment `NAME=value`, all of it
  /// @return its process id
  /// @throws IOException when it cannot be started, with the system's number of the error
  int start(
      String program,
      List<String> words,
      List<String> environment,
      String directory,
      int output,
      int errors)
      throws IOException {
    try (var arena = Arena.ofConfined()) {
      var actions = arena.allocate(STRUCTURE_BYTES, 16);
      var attributes = arena.allocate(STRUCTURE_BYTES, 16);
      check(call(() -> (int) actionsInit.invokeExact(actions)), "actions");
      check(call(() -> (int) attributesInit.invokeExact(attributes)), "attributes");
      try {
        fill(arena, actions, directory, output, errors);
        // An empty mask, which the structure has from the start: no signal is blocked.
        short flags = SETSID | SETSIGMASK;
        check(call(() -> (int) attributesFlags.invokeExact(attributes, flags)), "flags");
        var pid = arena.allocate(JAVA_INT);
        var variables = strings(arena, environment);
        int error = spawn(arena, pid, program, words, actions, attributes, variables);
        if (error == ENOEXEC && !Interpreter.isBinary(file(directory, program))) {
          // A script without its first line: a shell's, as execvp(3) has it.
          var shell = new java.util.ArrayList<>(List.of("/bin/sh", program));
          shell.addAll(words.subList(1, words.size()));
          error = spawn(arena, pid, "/bin/sh", shell, actions, attributes, variables);
        }
        check(error, error == ENOENT ? missing(program, environment, directory) : program);
        return pid.get(JAVA_INT, 0);
      } finally {
        int _ = call(() -> (int) actionsDestroy.invokeExact(actions));
        int _ = call(() -> (int) attributesDestroy.invokeExact(attributes));
      }
    }
  }

  private static Path file(String directory, String program) {
    return Path.of(directory).resolve(program);
  }

  /// What is not there, where the system says only that something is not.
  private static String missing(String program, List<String> environment, String directory) {
    if (!Files.isDirectory(Path.of(directory))) {
      return directory;
    }
    var variables = new HashMap<String, String>();
    for (var variable : environment) {
      int sign = variable.indexOf('=', 1);
      if (sign > 0) {
        variables.put(variable.substring(0, sign), variable.substring(sign + 1));
      }
    }
    var reason = Interpreter.missing(file(directory, program), variables, Path.of(directory));
    return reason == null ? program : reason;
  }

  private void fill(Arena arena, MemorySegment actions, String directory, int output, int errors)
      throws IOException {
    var none = arena.allocateFrom("/dev/null");
    var start = arena.allocateFrom(directory);
    check(call(() -> (int) actionsDirectory.invokeExact(actions, start)), directory);
    check(call(() -> (int) actionsOpen.invokeExact(actions, 0, none, O_RDONLY, 0)), "input");
    check(call(() -> (int) actionsDup.invokeExact(actions, output, 1)), "output");
    check(call(() -> (int) actionsDup.invokeExact(actions, errors, 2)), "errors");
    check(call(() -> (int) actionsCloseFrom.invokeExact(actions, 3)), "files");
  }

  private int spawn(
      Arena arena,
      MemorySegment pid,
      String program,
      List<String> words,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment environment) {
    var path = arena.allocateFrom(program);
    var arguments = strings(arena, words);
    return call(
        () -> (int) spawn.invokeExact(pid, path, actions, attributes, arguments, environment));
  }

  /// A null-terminated array of C strings.
  private static MemorySegment strings(Arena arena, List<String> all) {
    var array = arena.allocate(ADDRESS, all.size() + 1L);
    for (int i = 0; i < all.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(all.get(i)));
    }
    return array;
  }

  private static void check(int error, String what) throws IOException {
    if (error != 0) {
      throw new IOException(
          what
              + switch (error) {
                case ENOENT -> ": no such file";
                case ENOEXEC -> ": no program of this system; it was built for another";
                case EACCES -> ": not executable";
                default -> ": error " + error;
              });
    }
  }

  /// Waits for the end of a process that was started here, and fetches it.
  ///
  /// @return its status as Java has it: the exit code, or 128 + the signal
  int await(int pid) {
    try (var arena = Arena.ofConfined()) {
      var status = arena.allocate(JAVA_INT);
      var state = arena.allocate(Linker.Option.captureStateLayout());
      var errno =
          Linker.Option.captureStateLayout()
              .varHandle(MemoryLayout.PathElement.groupElement("errno"));
      while (call(() -> (int) wait.invokeExact(state, pid, status, 0)) != pid) {
        if ((int) errno.get(state, 0L) != EINTR) {
          return -1; // somebody else fetched it
        }
      }
      int raw = status.get(JAVA_INT, 0);
      int signal = raw & 0x7f;
      return signal == 0 ? raw >> 8 & 0xff : 128 + signal;
    }
  }

  private interface Call {
    int invoke() throws Throwable;
  }

  private static int call(Call call) {
    try {
      return call.invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("a function of the C library cannot be called", e);
    }
  }
}
