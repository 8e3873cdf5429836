package dev.assay.storage;

import dev.assay.space.SearchSpace;
import dev.assay.study.Report;
import dev.assay.study.StudyDefinition;
import dev.assay.study.StudyLog;
import dev.assay.study.TrialRecord;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A study in a SQLite file, for one of those who run it.
final class SqliteLog extends SqliteStudy implements StudyLog {
  private final SqliteWriter writer;
  private final SqliteWorkers workers;
  private final Durability durability;
  private final AtomicLong lastEnding;
  private final AtomicLong ownWrites = new AtomicLong();
  private final Runnable afterwards;
  private final AtomicBoolean closed = new AtomicBoolean();

  /// What [#follow] saw last; guarded by the study's lock, like everything of its.
  private long seenVersion = -1;

  private long seenWrites = -1;

  /// @param afterwards called once, when this log is closed
  SqliteLog(
      SqliteFile file,
      long id,
      StudyDefinition definition,
      SqliteWriter writer,
      Durability durability,
      Runnable afterwards) {
    super(file, id, definition);
    this.afterwards = afterwards;
    this.writer = writer;
    this.durability = durability;
    lastEnding = new AtomicLong(storedEnding());
    workers = SqliteWorkers.join(writer, id);
  }

  private long storedEnding() {
    return writer.alone(connection -> {
      try (var query =
          connection.prepareStatement("SELECT max(ended) FROM trial WHERE id BETWEEN ? AND ?")) {
        query.setLong(1, key(0));
        query.setLong(2, key(Integer.MAX_VALUE));
        try (var rows = query.executeQuery()) {
          return rows.getLong(1);
        }
      }
    });
  }

  /// A place in the order of ending: microseconds of the clock, so that several processes need not
  /// agree on a counter, and ascending whatever the clock does.
  private long nextEnding() {
    long now = System.currentTimeMillis() * 1000;
    return lastEnding.updateAndGet(last -> Math.max(last + 1, now));
  }

  @Override
  public boolean begin(TrialRecord trial) {
    requireOpen();
    ownWrites.incrementAndGet();
    return writer.begin(key(trial.number()), trial, workers.id());
  }

  @Override
  public void report(int trial, Report report) {
    requireOpen();
    ownWrites.incrementAndGet();
    writer.report(key(trial), report);
  }

  @Override
  public boolean end(TrialRecord trial) {
    requireOpen();
    ownWrites.incrementAndGet();
    return writer.end(
        key(trial.number()), trial, nextEnding(), workers.id(), durability.waits(trial.seconds()));
  }

  @Override
  public List<Integer> reclaim(int restarts) {
    requireOpen(); // not counted among the own writes: what it changes is to be followed
    return workers.reclaim(restarts, TrialRecord.LOST, nextEnding()).stream()
        .map(Long::intValue)
        .toList();
  }

  @Override
  public void together(Runnable work) {
    requireOpen();
    if (workers.areAlone()) {
      writer.together(work, durability == Durability.FULL);
    } else {
      work.run();
    }
  }

  @Override
  public boolean changed() {
    requireOpen();
    return writer.othersVersion() != seenVersion || writer.writes() - ownWrites.get() != seenWrites;
  }

  @Override
  public void follow(
      SearchSpace space, Collection<Integer> open, int next, Consumer<TrialRecord> consumer) {
    requireOpen();
    long version = writer.othersVersion();
    long writes = writer.writes() - ownWrites.get();
    TrialRows.some(file, id, space, open, next).forEach(consumer);
    seenVersion = version;
    seenWrites = writes;
  }

  @Override
  public void putFact(String key, Object value) {
    requireOpen();
    ownWrites.incrementAndGet();
    writer.putFact(id, key, value);
  }

  private void requireOpen() {
    if (closed.get()) {
      throw StorageProblems.closed(definition().name());
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      workers.close();
      afterwards.run();
    }
  }
}
