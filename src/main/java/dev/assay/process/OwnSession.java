package dev.assay.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// How a program gets a session and process group of its own, which Java cannot give: from
/// `posix_spawn(3)` where the system's can do that, otherwise through a small program that calls
/// `setsid(2)` and then becomes the program, under the same process id. To link the functions of
/// `posix_spawn` takes longer than the first programs would gain by them, so these are started
/// through the small program, unless it would hide why one cannot be started.
public final class OwnSession {
  private static final File NOTHING = new File("/dev/null");

  /// Programs that are started before the functions are linked, beside what goes on then.
  private static final int BEFORE_LINKING = 4;

  private static final List<String> PREFIX = prefix();

  private static final AtomicInteger STARTED = new AtomicInteger();

  private static volatile boolean linked;

  private OwnSession() {}

  private static List<String> prefix() {
    var setsid = find("setsid"); // util-linux, busybox
    if (setsid != null) {
      return List.of(setsid);
    }
    var perl = find("perl"); // macOS has no setsid, but Perl
    return perl == null
        ? List.of()
        : List.of(perl, "-MPOSIX", "-e", "POSIX::setsid(); exec { $ARGV[0] } @ARGV; exit 127");
  }

  /// Whether programs can have sessions of their own here.
  public static boolean available() {
    return !PREFIX.isEmpty() || PosixSpawn.system() != null;
  }

  /// Starts a program in a session of its own; in this one where that is not possible. Its input is
  /// empty.
  ///
  /// @param environment variables added to those of this process
  /// @throws IOException when it cannot be started
  public static Process start(List<String> command, Map<String, String> environment, Path directory)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    if (!linked && !PREFIX.isEmpty()) {
      if (STARTED.incrementAndGet() == BEFORE_LINKING) {
        Thread.ofPlatform().daemon().name("assay-link").start(OwnSession::link);
      }
      if (startsForSure(builder)) {
        return wrapped(builder);
      }
    }
    var spawn = PosixSpawn.system();
    linked = true;
    return spawn == null ? wrapped(builder) : spawned(spawn, builder);
  }

  /// Whether the small program will find nothing that keeps it from becoming this one.
  private static boolean startsForSure(ProcessBuilder builder) {
    var program = file(builder);
    if (program == null || !builder.directory().isDirectory()) {
      return false;
    }
    var file = builder.directory().toPath().resolve(program);
    return Files.isExecutable(file)
        && Interpreter.isKnown(file)
        && Interpreter.missing(file, builder.environment(), builder.directory().toPath()) == null;
  }

  /// Links the system's functions by a start that cannot succeed, and so starts nothing.
  private static void link() {
    var spawn = PosixSpawn.system();
    if (spawn != null) {
      try {
        spawned(spawn, new ProcessBuilder(NOTHING + "/program").directory(new File("/")));
      } catch (IOException e) {
        // It is no directory.
      }
    }
    linked = true;
  }

  private static Process wrapped(ProcessBuilder builder) throws IOException {
    var words = new ArrayList<>(PREFIX);
    words.addAll(builder.command());
    return builder.command(words).redirectInput(NOTHING).start();
  }

  private static Process spawned(PosixSpawn spawn, ProcessBuilder builder) throws IOException {
    var program = file(builder);
    if (program == null) {
      throw new IOException(builder.command().getFirst() + ": no such program");
    }
    return SpawnedProcess.start(
        spawn, program, builder.command(), builder.environment(), builder.directory().getPath());
  }

  /// The file of the program; null where there is none of its name.
  private static @Nullable String file(ProcessBuilder builder) {
    var name = builder.command().getFirst();
    return name.contains("/") ? name : find(name, builder.environment());
  }

  private static @Nullable String find(String program) {
    return find(program, System.getenv());
  }

  /// The file that a program's name means, by PATH; null where there is none.
  public static @Nullable String find(String program, Map<String, String> environment) {
    var path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    for (var directory : path.split(File.pathSeparator)) {
      var file = new File(directory.isEmpty() ? "." : directory, program);
      if (file.isFile() && file.canExecute()) {
        return file.getPath();
      }
    }
    return null;
  }
}
