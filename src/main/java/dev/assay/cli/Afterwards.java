package dev.assay.cli;

import dev.assay.report.Figures;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What is done once the last trial has ended: somebody who waits is told what for, where it takes
/// longer than a moment, and how long it took.
final class Afterwards implements AutoCloseable {
  /// So long nobody wonders.
  private static final long MOMENT_MILLIS = 700;

  private final long began = System.nanoTime();
  private final CountDownLatch done = new CountDownLatch(1);
  private double seconds = Double.NaN;

  /// @param what is done: `Writing the report`
  /// @param console where that is said; null: nowhere
  Afterwards(String what, @Nullable Console console) {
    if (console != null) {
      Thread.ofVirtual().start(() -> tell(what, console));
    }
  }

  private void tell(String what, Console console) {
    try {
      if (!done.await(MOMENT_MILLIS, TimeUnit.MILLISECONDS)) {
        console.note(what + " ...");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// It is done.
  @Override
  public void close() {
    seconds = 1e-9 * (System.nanoTime() - began);
    done.countDown();
  }

  /// How long it took, once it is done.
  String took() {
    return Figures.duration(seconds);
  }
}
