package dev.assay.cli;

import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// Ctrl-C and SIGTERM while a study runs: the first lets it end in order, trials under way going
/// back to waiting; the second stops at once.
final class Interruption implements AutoCloseable {
  private static final Signal[] SIGNALS = {new Signal("INT"), new Signal("TERM")};

  private final SignalHandler[] before = new SignalHandler[SIGNALS.length];
  private final AtomicInteger count = new AtomicInteger();

  /// @param searching the thread to interrupt
  Interruption(Thread searching, Console console) {
    for (int i = 0; i < SIGNALS.length; i++) {
      before[i] =
          Signal.handle(
              SIGNALS[i],
              _ -> {
                if (count.incrementAndGet() > 1) {
                  Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
                }
                console.note("Stopping; once more to stop at once.");
                searching.interrupt();
              });
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < SIGNALS.length; i++) {
      Signal.handle(SIGNALS[i], before[i]);
    }
  }
}
