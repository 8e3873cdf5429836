package dev.assay.cli;

import java.util.List;

/// Runs, one after the other in one JVM, the commands that look into a study and are asked for
/// most: the launcher has the JVM look on once, so that it can keep what these take to start.
/// Nothing else is run: the JVM brings all that it keeps into memory at each start.
final class RehearsedCommands {
  private RehearsedCommands() {}

  /// @param args the name of a small study
  public static void main(String[] args) {
    HeadStart.looking();
    TerminalLog.choose();
    var console = new Console(System.out, System.err);
    int code = 0;
    for (var words :
        List.of(
            List.of("list"),
            List.of("best", args[0]),
            List.of("show", args[0]),
            List.of("trials", args[0]))) {
      code = Math.max(code, Main.run(console, words.toArray(String[]::new)));
    }
    System.exit(code);
  }
}
