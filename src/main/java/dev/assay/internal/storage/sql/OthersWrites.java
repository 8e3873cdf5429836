package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.trial.TrialRecord;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// What others write of a study while a log has it open. [#refused] and [#own] on any thread, the
/// rest under the study's lock.
final class OthersWrites {
  private final SqlWriter writer;
  private final long study;
  private final AtomicLong own = new AtomicLong();

  /// What [#follow] saw last.
  private long seenVersion = -1;

  private long seenWrites = -1;

  /// Whether a write was refused since the last look: others were faster, whether word of it came
  /// yet or not.
  private volatile boolean wasRefused;

  OthersWrites(SqlWriter writer, long study) {
    this.writer = writer;
    this.study = study;
  }

  /// Writes that went through the writer were the log's own.
  void own(long count) {
    own.addAndGet(count);
  }

  void refused() {
    wasRefused = true;
  }

  /// Whether there may be something that [#follow] did not see; cheap.
  ///
  /// @param worker whose writes are no others'
  boolean changed(long worker) {
    try {
      return wasRefused
          || writer.othersVersion(study, worker) != seenVersion
          || writer.writes() - own.get() != seenWrites;
    } catch (Problem e) {
      return ignored(e);
    }
  }

  /// Reads the trials that others may have changed.
  ///
  /// @param open those that may have
  /// @param next the lowest number that is not known
  void follow(
      long worker,
      SearchSpace space,
      Collection<Integer> open,
      int next,
      Consumer<TrialRecord> consumer) {
    try {
      wasRefused = false;
      long version = writer.othersVersion(study, worker);
      long writes = writer.writes() - own.get();
      TrialRows.some(writer.database(), study, space, open, next).forEach(consumer);
      seenVersion = version;
      seenWrites = writes;
    } catch (Problem e) {
      boolean _ = ignored(e);
    }
  }

  /// What cannot be read now is looked for again later.
  private boolean ignored(Problem problem) {
    if (writer.database().mayPass(problem)) {
      return false;
    }
    throw problem;
  }
}
