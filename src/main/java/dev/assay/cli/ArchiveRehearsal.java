package dev.assay.cli;

import java.util.ArrayList;

/// Runs several commands, one after the other, in one JVM: the launcher has the JVM look on once,
/// so that it can keep what these take to start. The JVM brings all that it keeps into memory at
/// each start, so what is kept for some commands is rehearsed by these alone.
final class ArchiveRehearsal {
  private static final String NEXT = "--";

  private ArchiveRehearsal() {}

  /// @param args the words of commands, with `--` between them
  public static void main(String[] args) {
    if (QuickCommands.looks(args)) {
      HeadStart.looking();
    }
    TerminalLog.choose();
    var console = new Console(System.out, System.err);
    int code = 0;
    var words = new ArrayList<String>();
    for (int i = 0; i <= args.length; i++) {
      if (i < args.length && !args[i].equals(NEXT)) {
        words.add(args[i]);
      } else {
        code = Math.max(code, Main.run(console, words.toArray(String[]::new)));
        words.clear();
      }
    }
    System.exit(code);
  }
}
