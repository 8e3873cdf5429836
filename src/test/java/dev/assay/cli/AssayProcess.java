package dev.assay.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `assay` in a process of its own, from the classes under test.
final class AssayProcess {
  private AssayProcess() {}

  /// @param options of the virtual machine
  /// @param words of the command line
  static List<String> command(List<String> options, String... words) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ClassArchive.options());
    command.addAll(options);
    command.add(Main.class.getName());
    command.addAll(List.of(words));
    return command;
  }

  /// @param output a file that both its streams are added to
  /// @param command from [#command], or what runs it
  static Process start(Path output, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
        .start();
  }
}
