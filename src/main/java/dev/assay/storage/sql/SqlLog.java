package dev.assay.storage.sql;

import dev.assay.problem.Log;
import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StorageBusy;
import dev.assay.storage.StorageProblems;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// A study in a database, for one of those who run it.
///
/// Each trial that it began is on a lease: the id of the worker that this log was then. Everything
/// that it writes of the trial later says so. Who was taken for gone has another id from then on,
/// and what it had is lost.
final class SqlLog extends SqlStudy implements StudyLog, SqlWorkers.Pulse {
  private static final Logger LOG = Log.of(SqlLog.class);

  /// In place of a lease: no worker has this id.
  private static final Long LOST = 0L;

  private final SqlWriter writer;
  private final SqlWorkers workers;
  private final Lease lease;
  private final AutoCloseable following;

  /// By number: which worker this log was when it began a trial that it has in its hands.
  private final Map<Integer, Long> leases = new ConcurrentHashMap<>();

  private final Durability durability;
  private final AtomicLong lastEnding;
  private final AtomicLong ownWrites = new AtomicLong();
  private final Runnable afterwards;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Outage outage = new Outage();
  private final Backlog backlog;
  private volatile @Nullable StudyDefinition redefined;
  private volatile Consumer<Problem> lostListener = _ -> {};

  /// What [#follow] saw last; guarded by the study's lock, like everything of its.
  private long seenVersion = -1;

  private long seenWrites = -1;

  /// Whether a write was refused since the last look: others were faster, whether word of it came
  /// yet or not.
  private volatile boolean wasRefused;

  private boolean hasReclaimed;
  private long reclaimedNanos;

  /// @param unsaved beside which ends of trials are kept while they cannot be written
  /// @param afterwards called once, when this log is closed
  SqlLog(
      long id,
      StudyDefinition definition,
      SqlWriter writer,
      Lease lease,
      Path unsaved,
      Durability durability,
      Runnable afterwards) {
    super(writer.database(), id, definition);
    this.lease = lease;
    this.afterwards = afterwards;
    this.writer = writer;
    this.durability = durability;
    lastEnding = new AtomicLong(writer.dialect().ordersEndings() ? 0 : storedEnding());
    workers = new SqlWorkers(writer, unsaved, id, lease);
    following = writer.follow(id);
    backlog = new Backlog(unsaved, id, workers.id());
    workers.start(this);
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
  /// agree on a counter, and ascending whatever the clock does; null where the database counts.
  private @Nullable Long nextEnding() {
    if (writer.dialect().ordersEndings()) {
      return null;
    }
    long now = System.currentTimeMillis() * 1000;
    return lastEnding.updateAndGet(last -> Math.max(last + 1, now));
  }

  private long lease(int trial) {
    return leases.getOrDefault(trial, workers.id());
  }

  @Override
  public boolean begin(TrialRecord trial) {
    requireOpen();
    ownWrites.incrementAndGet();
    requireCaughtUp();
    int number = trial.number();
    boolean runs = trial.state() == TrialState.RUNNING;
    boolean began =
        writing(patiently -> {
          long worker = lease(number);
          boolean done = writer.begin(key(number), trial, worker, patiently);
          if (!done && worker == workers.id() && workers.renew()) { // it was taken for gone
            done = writer.begin(key(number), trial, workers.id(), patiently);
          }
          return done;
        });
    wasRefused |= !began;
    if (began && runs) {
      leases.putIfAbsent(number, workers.id());
    } else {
      leases.remove(number);
    }
    return began;
  }

  @Override
  public boolean release(TrialRecord trial) {
    long worker = lease(trial.number());
    try {
      return begin(trial);
    } catch (StorageBusy e) {
      backlog.add(key(trial.number()), trial, worker);
      leases.remove(trial.number());
      return true;
    }
  }

  @Override
  public void report(int trial, Report report) {
    requireOpen();
    ownWrites.incrementAndGet();
    long worker = lease(trial);
    if (!wrote(
        patiently -> {
          if (!writer.report(key(trial), report, worker, patiently)) {
            leases.put(trial, LOST);
          }
        })) {
      backlog.add(key(trial), report, worker);
    }
  }

  @Override
  public boolean holds(int trial) {
    var worker = leases.get(trial);
    return worker == null || worker == workers.id();
  }

  @Override
  public boolean end(TrialRecord trial) {
    requireOpen();
    ownWrites.incrementAndGet();
    long worker = lease(trial.number());
    var ending = nextEnding();
    boolean durably = durability.waits(trial.seconds());
    try {
      requireCaughtUp();
      boolean held =
          writing(patiently ->
              writer.end(key(trial.number()), trial, ending, worker, durably, patiently));
      leases.remove(trial.number());
      wasRefused |= !held;
      return held;
    } catch (StorageBusy e) {
      var unsaved = UnsavedTrial.of(key(trial.number()), trial, ending, worker, writer.dialect());
      if (backlog.add(unsaved)) {
        leases.remove(trial.number());
        return true;
      }
      throw e;
    }
  }

  @Override
  public List<Integer> reclaim(int restarts) {
    requireOpen(); // not counted among the own writes: what it changes is to be followed
    long now = System.nanoTime();
    if (hasReclaimed && now - reclaimedNanos < lease.reclaim().toNanos()) {
      return List.of();
    }
    hasReclaimed = true;
    reclaimedNanos = now;
    try {
      requireCaughtUp();
      return writing(_ -> workers.reclaim(restarts, TrialRecord.LOST, nextEnding())).stream()
          .map(Long::intValue)
          .toList();
    } catch (StorageBusy e) {
      return List.of(); // later
    }
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
  public long runner() {
    return workers.id();
  }

  @Override
  public void stand(Map<String, @Nullable Object> standing) {
    requireOpen();
    ownWrites.incrementAndGet();
    workers.stand(StoredJson.write(standing));
    announce();
  }

  @Override
  public boolean changed() {
    requireOpen();
    if (!backlog.isEmpty()) {
      return false; // the storage still says what was before
    }
    try {
      return wasRefused
          || writer.othersVersion(id, workers.id()) != seenVersion
          || writer.writes() - ownWrites.get() != seenWrites;
    } catch (Problem e) {
      return ignored(e);
    }
  }

  @Override
  public void follow(
      SearchSpace space, Collection<Integer> open, int next, Consumer<TrialRecord> consumer) {
    requireOpen();
    try {
      wasRefused = false;
      long version = writer.othersVersion(id, workers.id());
      long writes = writer.writes() - ownWrites.get();
      TrialRows.some(writer.database(), id, space, open, next).forEach(consumer);
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

  @Override
  public void define(StudyDefinition definition) {
    requireOpen();
    ownWrites.incrementAndGet();
    var json = StoredJson.write(definition.content());
    int _ =
        writer.write(connection -> {
          try (var update =
              connection.prepareStatement(
                  "UPDATE study SET definition = %s WHERE id = ?"
                      .formatted(writer.dialect().json()))) {
            update.setString(1, json);
            update.setLong(2, id);
            return update.executeUpdate();
          }
        });
    redefined = definition;
  }

  @Override
  public StudyDefinition definition() {
    var newer = redefined;
    return newer == null ? super.definition() : newer;
  }

  @Override
  public void putFact(String key, Object value) {
    requireOpen();
    ownWrites.incrementAndGet();
    if (!wrote(patiently -> writer.putFact(id, key, value, patiently))) {
      backlog.add(key, value);
    }
  }

  @Override
  public Map<String, @Nullable Object> facts() {
    var facts = new LinkedHashMap<String, @Nullable Object>(super.facts());
    facts.putAll(backlog.facts());
    return facts;
  }

  @Override
  public void whenLost(Consumer<Problem> newListener) {
    lostListener = newListener;
  }

  /// Does work on the storage; what may pass is noted, and thrown as [StorageBusy].
  ///
  /// @param work is told whether to wait a second for a lock
  private <T> T writing(Function<Boolean, T> work) {
    try {
      var result = work.apply(outage.problem() == null);
      outage.passed();
      announce();
      return result;
    } catch (Problem e) {
      if (!writer.database().mayPass(e) || writer.isTogether()) {
        throw e;
      }
      outage.failed(e);
      throw new StorageBusy(e);
    }
  }

  private void announce() {
    writer.announce(id, workers.id());
  }

  /// Writes what may as well be written later.
  ///
  /// @return false when that is impossible now
  private boolean wrote(Consumer<Boolean> work) {
    try {
      requireCaughtUp();
      return writing(patiently -> {
        work.accept(patiently);
        return true;
      });
    } catch (StorageBusy e) {
      LOG.debug("What is written waits.", e);
      return false;
    }
  }

  /// Writes what waits, if it is time to.
  ///
  /// @throws StorageBusy when something waits still, or it is not the time to try anything
  private void requireCaughtUp() {
    var problem = outage.tooEarly();
    if (problem != null) {
      throw new StorageBusy(problem);
    }
    if (!backlog.isEmpty()) { // else nothing was tried that could have passed
      ownWrites.addAndGet(writing(patiently -> backlog.save(writer, patiently)));
    }
  }

  @Override
  public boolean beat() {
    var lost = writer.look();
    if (lost != null) {
      LOG.debug("The storage is lost.", lost);
      lostListener.accept(lost);
      return false;
    }
    if (!closed.get()) {
      try {
        requireCaughtUp();
      } catch (StorageBusy e) {
        LOG.debug("What waits goes on waiting.", e);
      }
    }
    return true;
  }

  @Override
  public void written(@Nullable Problem problem) {
    if (problem == null) {
      outage.passed();
    } else if (writer.database().mayPass(problem)) {
      outage.failed(problem);
    } else if (!closed.get()) {
      LOG.warn("The heartbeat failed: {}", problem.getMessage());
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw StorageProblems.closed(definition().name());
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      saveLast();
      workers.close();
      announce();
      try {
        following.close();
      } catch (Exception e) {
        LOG.debug("Nothing is followed any more.", e);
      }
      afterwards.run();
    }
  }

  private void saveLast() {
    try {
      long _ = backlog.save(writer, true);
    } catch (Problem e) {
      var left = backlog.left();
      LOG.warn("{}", left == null ? e.getMessage() : left.getMessage());
    }
  }
}
