package dev.assay.internal.storage.sql;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.storage.StorageBusy;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.slf4j.Logger;

/// Writes of a log to a storage that cannot be written at times: during an [Outage] what may wait
/// does so in the [Backlog], and everything else fails with [StorageBusy]. Thread-safe.
final class PatientWrites {
  private static final Logger LOG = Log.of(PatientWrites.class);

  private final SqlWriter writer;
  private final Backlog backlog;
  private final Runnable announce;
  private final LongConsumer caughtUp;
  private final Outage outage = new Outage();

  /// @param announce comes after everything that was written
  /// @param caughtUp is told how many writes what waited took
  PatientWrites(SqlWriter writer, Backlog backlog, Runnable announce, LongConsumer caughtUp) {
    this.writer = writer;
    this.backlog = backlog;
    this.announce = announce;
    this.caughtUp = caughtUp;
  }

  /// Does work on the storage, after what waits.
  ///
  /// @param work is told whether to wait a second for a lock
  /// @throws StorageBusy after what may pass, which is noted
  <T> T now(Function<Boolean, T> work) {
    requireCaughtUp();
    return attempt(work);
  }

  /// Writes what may as well be written later.
  ///
  /// @return false when that is impossible now
  boolean tried(Consumer<Boolean> work) {
    try {
      return now(patiently -> {
        work.accept(patiently);
        return true;
      });
    } catch (StorageBusy e) {
      LOG.debug("What is written waits.", e);
      return false;
    }
  }

  /// Writes what waits, if it is time to.
  void catchUp() {
    try {
      requireCaughtUp();
    } catch (StorageBusy e) {
      LOG.debug("What waits goes on waiting.", e);
    }
  }

  /// @throws StorageBusy when something waits still, or it is not the time to try anything
  private void requireCaughtUp() {
    var problem = outage.tooEarly();
    if (problem != null) {
      throw new StorageBusy(problem);
    }
    if (!backlog.isEmpty()) { // else nothing was tried that could have passed
      caughtUp.accept(attempt(patiently -> backlog.save(writer, patiently)));
    }
  }

  private <T> T attempt(Function<Boolean, T> work) {
    try {
      var result = work.apply(outage.problem() == null);
      outage.passed();
      announce.run();
      return result;
    } catch (Problem e) {
      if (!writer.database().mayPass(e) || writer.isTogether()) {
        throw e;
      }
      outage.failed(e);
      throw new StorageBusy(e);
    }
  }

  /// The heartbeat was written.
  void passed() {
    outage.passed();
  }

  /// The heartbeat was not written.
  ///
  /// @return whether that may pass
  boolean failed(Problem problem) {
    boolean mayPass = writer.database().mayPass(problem);
    if (mayPass) {
      outage.failed(problem);
    }
    return mayPass;
  }

  /// Writes what waits for the last time; says what is left of it.
  void saveLast() {
    try {
      long _ = backlog.save(writer, true);
    } catch (Problem e) {
      var left = backlog.left();
      LOG.warn("{}", left == null ? e.getMessage() : left.getMessage());
    }
  }
}
