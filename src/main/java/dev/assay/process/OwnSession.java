package dev.assay.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a program gets a session and process group of its own, which Java cannot give: from
/// `posix_spawn(3)` where the system's can do that, otherwise through a small program that calls
/// `setsid(2)` and then becomes the program, under the same process id.
public final class OwnSession {
  private static final File NOTHING = new File("/dev/null");

  private static final @Nullable PosixSpawn SPAWN = PosixSpawn.system();

  private static final List<String> PREFIX = prefix();

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
    return SPAWN != null || !PREFIX.isEmpty();
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
    return SPAWN == null ? wrapped(builder) : spawned(SPAWN, builder);
  }

  /// Links the system's functions, which the first start would do: by one that cannot succeed, and
  /// so starts nothing.
  public static void prepare() {
    if (SPAWN != null) {
      try {
        spawned(SPAWN, new ProcessBuilder(NOTHING + "/program").directory(new File("/")));
      } catch (IOException e) {
        // It is no directory.
      }
    }
  }

  private static Process wrapped(ProcessBuilder builder) throws IOException {
    var words = new ArrayList<>(PREFIX);
    words.addAll(builder.command());
    return builder.command(words).redirectInput(NOTHING).start();
  }

  private static Process spawned(PosixSpawn spawn, ProcessBuilder builder) throws IOException {
    var name = builder.command().getFirst();
    var program = name.contains("/") ? name : find(name, builder.environment());
    if (program == null) {
      throw new IOException(name + ": no such program");
    }
    return SpawnedProcess.start(
        spawn, program, builder.command(), builder.environment(), builder.directory().getPath());
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
