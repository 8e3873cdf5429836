package dev.assay.cli;

import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// Ctrl-C, SIGTERM and a closed terminal while a study runs: the first lets it end in order, trials
/// under way going back to waiting; the second stops at once, and takes with it what trials
/// started.
final class Interruption implements AutoCloseable {
  private static final Signal[] SIGNALS = {
    new Signal("INT"), new Signal("TERM"), new Signal("HUP")
  };

  private final SignalHandler[] before = new SignalHandler[SIGNALS.length];
  private final AtomicInteger count = new AtomicInteger();

  /// @param searching the thread to interrupt
  /// @param kill ends what trials started
  Interruption(Thread searching, Runnable kill, Console console) {
    for (int i = 0; i < SIGNALS.length; i++) {
      before[i] =
          Signal.handle(
              SIGNALS[i],
              _ -> {
                if (count.incrementAndGet() > 1) {
                  kill.run();
                  Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
                }
                console.note("Stopping; once more to stop at once.");
                searching.interrupt();
              });
      if (before[i] == SignalHandler.SIG_IGN) { // as under nohup
        Signal.handle(SIGNALS[i], before[i]);
      }
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < SIGNALS.length; i++) {
      Signal.handle(SIGNALS[i], before[i]);
    }
  }
}
