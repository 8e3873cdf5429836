package dev.assay.process;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a program gets a session and process group of its own, which Java cannot give: through a
/// small program that calls `setsid(2)` and then becomes the program, under the same process id.
public final class OwnSession {
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
    return !PREFIX.isEmpty();
  }

  /// The command that runs a command in a session of its own; the command itself where that is not
  /// possible.
  public static List<String> wrap(List<String> command) {
    var wrapped = new ArrayList<>(PREFIX);
    wrapped.addAll(command);
    return wrapped;
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
