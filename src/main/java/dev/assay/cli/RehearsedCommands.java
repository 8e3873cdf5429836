package dev.assay.cli;

import java.io.PrintStream;
import java.util.List;

/// Runs, one after the other in one JVM, what people ask for most, and prints nothing: the launcher
/// has the JVM look on once, so that it can keep what these take to start.
final class RehearsedCommands {
  private RehearsedCommands() {}

  /// @param args the study file of a small study, which is not there yet, and the study's name
  public static void main(String[] args) {
    TerminalLog.choose();
    var nothing = new Console(new PrintStream(PrintStream.nullOutputStream()), System.err);
    int code = Main.run(nothing, "tune", args[0], "--quiet");
    for (var words :
        List.of(
            List.of("list"),
            List.of("best", args[1]),
            List.of("best", args[1], "--json"),
            List.of("show", args[1]),
            List.of("trials", args[1]),
            List.of("trials", args[1], "--format", "csv"),
            List.of("trials", args[1], "--sort", "loss"),
            List.of("report", args[1]))) {
      code = Math.max(code, Main.run(nothing, words.toArray(String[]::new)));
    }
    System.exit(code);
  }
}
