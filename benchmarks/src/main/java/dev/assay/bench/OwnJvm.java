package dev.assay.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Another JVM of this one's runtime and class path, for what is measured in a process of its own.
public final class OwnJvm {
  private OwnJvm() {}

  /// @param options of the JVM, but for its collector, which is the one for small programs
  /// @param words that the class's `main` gets, as texts
  public static List<String> command(List<String> options, Class<?> main, Object... words) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    for (var word : words) {
      command.add(word.toString());
    }
    return command;
  }
}
