package dev.assay.internal.storage.sql;

import dev.assay.internal.problem.StorageProblems;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StorageBusy;
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
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
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
  private final TrialWriter trials;
  private final SqlWorkers workers;
  private final Lease lease;
  private final AutoCloseable following;

  /// By number: which worker this log was when it began a trial that it has in its hands.
  private final Map<Integer, Long> leases = new ConcurrentHashMap<>();

  private final Durability durability;
  private final Endings endings;
  private final OthersWrites others;
  private final Runnable afterwards;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Backlog backlog;
  private final PatientWrites patient;
  private final WaveOfEnds wave;
  private volatile @Nullable StudyDefinition redefined;
  private volatile Consumer<Problem> lostListener = _ -> {};

  /// Why the heartbeat failed last; the heart's thread alone has it.
  private @Nullable String saidOfHeart;

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
    trials = new TrialWriter(writer);
    endings = new Endings(writer, key(0), key(Integer.MAX_VALUE));
    others = new OthersWrites(writer, id);
    workers = new SqlWorkers(writer, unsaved, id, lease);
    following = writer.follow(id);
    backlog = new Backlog(unsaved, id, workers.id());
    patient = new PatientWrites(writer, backlog, this::announce, others::own);
    wave = new WaveOfEnds(this::harden);
    workers.start(this);
  }

  private long lease(int trial) {
    return leases.getOrDefault(trial, workers.id());
  }

  @Override
  public boolean begin(TrialRecord trial) {
    requireOpen();
    others.own(1);
    int number = trial.number();
    boolean runs = trial.state() == TrialState.RUNNING;
    boolean began =
        patient.now(patiently -> {
          long worker = lease(number);
          boolean done = trials.begin(key(number), trial, worker, patiently);
          if (!done && worker == workers.id() && workers.renew()) { // it was taken for gone
            done = trials.begin(key(number), trial, workers.id(), patiently);
          }
          return done;
        });
    if (!began) {
      others.refused();
    }
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
    others.own(1);
    long worker = lease(trial);
    if (!patient.tried(
        patiently -> {
          if (!trials.report(key(trial), report, worker, patiently)) {
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
    others.own(1);
    long worker = lease(trial.number());
    var ending = endings.next();
    boolean durably = durability.waits(trial.seconds()) && !wave.takes();
    try {
      boolean held =
          patient.now(patiently ->
              trials.end(key(trial.number()), trial, ending, worker, durably, patiently));
      leases.remove(trial.number());
      if (!held) {
        others.refused();
      }
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
      return patient.now(_ -> workers.reclaim(restarts, TrialRecord.LOST, endings.next())).stream()
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
  public void wave(Runnable work) {
    requireOpen();
    wave.run(work);
  }

  /// Where that is impossible now, what a server forgets is told again, as ever.
  private void harden() {
    others.own(1);
    boolean _ = patient.tried(patiently -> trials.harden(workers.id(), patiently));
  }

  @Override
  public long runner() {
    return workers.id();
  }

  @Override
  public void stand(Map<String, @Nullable Object> standing) {
    requireOpen();
    others.own(1);
    workers.stand(StoredJson.write(standing));
    announce();
  }

  @Override
  public boolean changed() {
    requireOpen();
    return backlog.isEmpty() // else the storage still says what was before
        && others.changed(workers.id());
  }

  @Override
  public void follow(
      SearchSpace space, Collection<Integer> open, int next, Consumer<TrialRecord> consumer) {
    requireOpen();
    others.follow(workers.id(), space, open, next, consumer);
  }

  @Override
  public void define(StudyDefinition definition) {
    requireOpen();
    others.own(1);
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
    others.own(1);
    if (!patient.tried(patiently -> trials.putFact(id, key, value, patiently))) {
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

  private void announce() {
    writer.announce(id, workers.id());
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
      patient.catchUp();
    }
    return true;
  }

  @Override
  public void written(@Nullable Problem problem) {
    if (problem == null) {
      patient.passed();
    } else if (!patient.failed(problem)
        && !closed.get()
        && !Objects.equals(problem.getMessage(), saidOfHeart)) {
      LOG.warn("The heartbeat failed: {}", problem.getMessage());
    }
    saidOfHeart = problem == null ? null : problem.getMessage();
  }

  private void requireOpen() {
    if (closed.get()) {
      throw StorageProblems.closed(definition().name());
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      patient.saveLast();
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
}
