package dev.assay.spark;

import java.util.ArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/// Keeps as many workers running as are wanted, each a job of Spark of one task, so that what
/// becomes of one is no matter to the others. A worker that is gone is replaced; one that was
/// refused is not.
final class Slots {
  /// A worker that ended sooner than this has done nothing.
  private static final long USEFUL_NANOS = 30_000_000_000L;

  /// So many workers in a row for each slot may do nothing.
  private static final int PATIENCE = 3;

  private final IntFunction<Ending> runs;
  private final BooleanSupplier sparkEnded;
  private final Voice voice;
  private final Runnable pause;
  private final int count;
  private int refused;
  private int useless;
  private boolean closed;

  /// @param runs a worker at a slot, to its end; throws where Spark lost it
  /// @param sparkEnded whether there is nothing any more to run workers on
  /// @param pause before a worker is replaced
  Slots(
      int count,
      IntFunction<Ending> runs,
      BooleanSupplier sparkEnded,
      Voice voice,
      Runnable pause) {
    this.count = count;
    this.runs = runs;
    this.sparkEnded = sparkEnded;
    this.voice = voice;
    this.pause = pause;
  }

  /// Fills all slots until they are not wanted any more.
  void run() throws InterruptedException {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < count; i++) {
      int slot = i;
      var thread = new Thread(() -> fill(slot), "assay-slot-" + slot);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    for (var thread : threads) {
      thread.join();
    }
  }

  /// Nobody is replaced any more.
  synchronized void close() {
    closed = true;
  }

  private void fill(int slot) {
    while (true) {
      long begun = System.nanoTime();
      var ending = ending(slot);
      if (!goesOn(ending, System.nanoTime() - begun >= USEFUL_NANOS)) {
        return;
      }
      pause.run();
    }
  }

  private Ending ending(int slot) {
    try {
      return runs.apply(slot);
    } catch (Exception e) { // of Scala's, which declares none: SparkException is a checked one
      var why = e.getMessage() == null ? e.toString() : e.getMessage();
      return new Ending(Ending.LOST, why.lines().findFirst().orElse(""));
    }
  }

  private synchronized boolean goesOn(Ending ending, boolean useful) {
    if (closed || ending.code() == Ending.DONE) {
      return false;
    }
    if (sparkEnded.getAsBoolean()) {
      fail(
          "Spark has ended the application.",
          ending.said(),
          "See why on its master's page or in the log; the same command goes on with the study.");
      return false;
    }
    if (ending.isForGood()) {
      refused++;
      if (refused < count) {
        voice.note(
            "A worker is not replaced, since it was refused: "
                + ending.said()
                + " ("
                + (count - refused)
                + " are left)");
      } else if (ending.code() == Ending.NO_PROGRAM) {
        fail(
            "Executors find no Assay to run workers with.",
            ending.said(),
            "Name where it is on their machines (--program PATH), or an archive of `assay bundle`"
                + " that travels there (--program assay.tar.gz).");
      } else {
        fail(
            "No worker may run the study's trials.",
            ending.said(),
            "Mend that where executors run.");
      }
      return false;
    }
    useless = useful ? 0 : useless + 1;
    if (useless > PATIENCE * count) {
      fail(
          "Workers end as soon as they begin.",
          "exit code " + ending.code() + ": " + ending.said(),
          "See the executors' logs; the same command goes on with the study.");
      return false;
    }
    voice.note(
        ending.code() == Ending.LOST
            ? "Spark lost a worker; its trials are run again: " + ending.said()
            : "A worker ended with " + ending.code() + " and is replaced: " + ending.said());
    return true;
  }

  private void fail(String what, String value, String mend) {
    closed = true;
    voice.problem(what, value, mend);
  }
}
