package dev.assay.study;

import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.space.Configuration;
import dev.assay.space.RecordSpace;
import dev.assay.space.SearchSpace;
import dev.assay.space.SpaceDescription;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A search under way: asks a sampler for configurations, is told their outcomes, keeps both.
/// Thread-safe.
///
/// ```java
/// try (var study = Study.over(space).named("demo").minimize("loss").sampler(sampler).open()) {
///   var result = study.run((x, trial) -> Outcome.complete(loss(x)), Budget.trials(100));
/// }
/// ```
///
/// @param <C> what a configuration is for the objective
public final class Study<C> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Study.class);

  /// Between two looks at whether other processes are gone.
  private static final long RECLAIM_NANOS = 1_000_000_000L;

  /// Between two looks at what other processes did, while waiting for it.
  private static final long FOLLOW_NANOS = 20_000_000L;

  private final StudyDefinition definition;
  private final SearchTask task;
  private final Sampler.Proposer proposer;
  private final Pruner pruner;
  private final @Nullable StoppingRule stoppingRule;
  private final StudyLog log;
  private final Binding<C> binding;
  private final List<StudyListener> listeners;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ReentrantLock listening = new ReentrantLock();
  private final Ledger ledger;
  private final Progress progress;
  private final Map<Integer, List<Report>> running = new HashMap<>();
  private final int restarts;

  /// Trials that run in this process's hands.
  private final Set<Integer> mine = new HashSet<>();

  private long suggestNanos;
  private long storageNanos;
  private long reclaimedNanos = System.nanoTime();
  private boolean exhausted;
  private boolean paused;
  private int storedDimension;

  /// What the stopping rule said, and of how many trials.
  private boolean stopped;

  private int judged = -1;

  /// Whether the sampler waits for an outcome; until the next one is told.
  private boolean postponed;

  Study(StudyBuilder<C> builder, StudyDefinition definition, StudyLog log) {
    this.definition = definition;
    this.log = log;
    task = builder.task(log.facts());
    binding = builder.binding(task);
    proposer =
        task.space().isOpen()
            ? new GroupProposer(builder.sampler(), task)
            : builder.sampler().open(task);
    pruner = builder.pruner;
    stoppingRule = builder.stoppingRule;
    listeners = List.copyOf(builder.listeners);
    ledger = new Ledger(task.batch(), task.space().cardinality().isPresent());
    progress = new Progress(task.objectives());
    restarts = builder.restarts;
    ledger.remember(builder.earlier(log, task));
    log.reclaim(restarts);
    log.load(task.space(), this::restore);
    ledger.restored();
    progress.advance(ledger.settled());
  }

  /// A study over a space, whose objective sees configurations as they are.
  public static StudyBuilder<Configuration> over(SearchSpace space) {
    return new StudyBuilder<>(space, _ -> new Binding.Plain());
  }

  /// A study over the space of a record, whose objective sees records.
  ///
  /// @throws Problem for a component that is no parameter, as [RecordSpace] says
  public static <R extends Record> StudyBuilder<R> of(Class<R> type) {
    return of(SearchSpace.of(type));
  }

  /// A study over the space of a record, with constraints.
  public static <R extends Record> StudyBuilder<R> of(RecordSpace<R> space) {
    return new StudyBuilder<>(space.space(), _ -> new Binding.Typed<>(space));
  }

  /// A study without a declared space: the objective asks for parameters while it runs.
  ///
  /// ```java
  /// try (var study = Study.defineByRun().minimize("loss").sampler(Samplers.tpe()).open()) {
  ///   study.run((x, trial) -> {
  ///     int layers = x.suggestInt("layers", 1, 4);
  ///     ...
  ///   }, Budget.trials(100));
  /// }
  /// ```
  ///
  /// Parameters that trials so far asked for together are searched together by the sampler; one
  /// that is new is drawn at random.
  public static StudyBuilder<FreeConfiguration> defineByRun() {
    return new StudyBuilder<>(SearchSpace.open(List.of()), FreeBinding::new);
  }

  /// A trial from the storage, which keeps neither bounds nor whether they held.
  private TrialRecord judged(TrialRecord trial) {
    return trial.state().isFinished() ? trial.under(task.constraints(), task.objectives()) : trial;
  }

  private void restore(TrialRecord trial) {
    ledger.restore(judged(trial), binding.proposed(trial, task.space()));
  }

  public String name() {
    return definition.name();
  }

  public StudyDefinition definition() {
    return definition;
  }

  /// What is searched; of a study that is defined by running it, what was asked for so far.
  public SearchSpace space() {
    return binding.space(task.space());
  }

  public List<Objective> objectives() {
    return task.objectives();
  }

  /// Bounds on metrics that are known only once a trial ran.
  public List<OutcomeConstraint> constraints() {
    return task.constraints();
  }

  public long seed() {
    return task.streams().seed();
  }

  public int batch() {
    return task.batch();
  }

  long seedOf(int trial) {
    return task.streams().seed(trial, Purpose.OBJECTIVE);
  }

  /// The next trial, if there is one now.
  ///
  /// @param budget what the study may use in all; its time limit is the caller's to keep
  public Asked<C> tryAsk(Budget budget) {
    TrialRecord started = null;
    lock.lock();
    try {
      if (paused) {
        return new Asked.Wait<>();
      }
      followOthers();
      while (started == null) {
        var trial = ledger.firstWaiting();
        boolean isNew = trial == null;
        if (trial == null) {
          var refusal = refusal(budget);
          if (refusal != null) {
            return refusal;
          }
          trial = propose();
          if (trial == null) {
            if (postponed) {
              return new Asked.Wait<>();
            }
            exhausted = true;
            return new Asked.Finished<>(proposer.exhaustion());
          }
        }
        started = begin(trial.running(System.currentTimeMillis()), isNew);
      }
    } finally {
      lock.unlock();
    }
    var trial = started;
    announce(listener -> listener.started(trial));
    return new Asked.Ready<>(new Trial<>(this, trial, binding));
  }

  /// @return null when another process has taken the trial or its number; it is known then
  private @Nullable TrialRecord begin(TrialRecord trial, boolean isNew) {
    if (!store(trial)) {
      followOthers();
      return null;
    }
    if (isNew) {
      ledger.add(trial);
    } else {
      ledger.update(trial);
    }
    if (trial.state() == TrialState.RUNNING) {
      mine.add(trial.number());
    }
    return trial;
  }

  /// Takes note of what other processes did, and of those that are gone.
  private void followOthers() {
    if (hasOthers() && System.nanoTime() - reclaimedNanos > RECLAIM_NANOS) {
      reclaimedNanos = System.nanoTime();
      log.reclaim(restarts);
    }
    if (!log.changed()) {
      return;
    }
    log.follow(
        task.space(),
        ledger.unfinishedExcept(mine),
        ledger.nextNumber(),
        trial -> {
          ledger.observe(judged(trial));
          if (trial.state() == TrialState.RUNNING && batch() == 0 && !trial.reports().isEmpty()) {
            running.put(trial.number(), trial.reports());
          } else {
            running.remove(trial.number());
          }
        });
    progress.advance(ledger.settled());
  }

  /// Whether trials run in the hands of other processes.
  private boolean hasOthers() {
    return ledger.count(TrialState.RUNNING) > mine.size();
  }

  private @Nullable Asked<C> refusal(Budget budget) {
    if (exhausted) {
      return finished(proposer.exhaustion());
    }
    if (budget.trials() != null && ledger.nextNumber() >= budget.trials()) {
      return finished(StopReason.TRIALS);
    }
    if (!ledger.mayPropose()) {
      return new Asked.Wait<>();
    }
    var reached = progress.reached(budget);
    if (reached == null && stopped()) {
      reached = StopReason.STOPPING_RULE;
    }
    return reached == null ? null : new Asked.Finished<>(reached);
  }

  private boolean stopped() {
    int known = ledger.settled().size();
    if (stoppingRule != null && known != judged) {
      judged = known;
      long start = System.nanoTime();
      stopped = stoppingRule.reached(task, ledger.history(ledger.nextNumber(), running));
      suggestNanos += System.nanoTime() - start;
    }
    return stopped;
  }

  /// Trials that others run may still come back, should those be gone: whoever is left waits for
  /// them, so that the study is whole when its last process ends.
  private Asked<C> finished(StopReason reason) {
    return hasOthers() ? new Asked.Wait<>() : new Asked.Finished<>(reason);
  }

  private @Nullable TrialRecord propose() {
    int number = ledger.nextNumber();
    long start = System.nanoTime();
    var history = ledger.history(number, running);
    postponed = task.batch() == 0 && proposer.waits(history);
    var proposal = postponed ? null : proposer.propose(number, history);
    suggestNanos += System.nanoTime() - start;
    return proposal == null ? null : TrialRecord.waiting(number, proposal);
  }

  /// The next trial.
  ///
  /// @throws Problem when there is none: the space is exhausted, or the batch rule needs outcomes
  ///   first
  public Trial<C> ask() {
    return switch (tryAsk(Budget.UNLIMITED)) {
      case Asked.Ready<C>(var trial) -> trial;
      case Asked.Wait<C>() ->
          throw new Problem(
              "The next batch needs the outcomes of this one.",
              "batch " + batch() + ", trial " + ledger.nextNumber(),
              "Tell the trials under way first, or use no batch.");
      case Asked.Finished<C>(var reason) ->
          throw new Problem(
              "There is nothing left to ask for.", reason.words(), "Widen the space.");
    };
  }

  /// Lets no new trial begin until [#resume]: [#tryAsk] answers that it has to wait. Trials under
  /// way go on.
  public void pause() {
    setPaused(true);
  }

  /// Ends a pause; does nothing where there is none.
  public void resume() {
    setPaused(false);
  }

  private void setPaused(boolean value) {
    lock.lock();
    try {
      paused = value;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public boolean isPaused() {
    lock.lock();
    try {
      return paused;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until [#tryAsk] may give another answer: something was told, or the time is over.
  void awaitChange(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (hasOthers()) {
        changed.awaitNanos(Math.min(nanos, FOLLOW_NANOS));
      } else if (paused || (postponed || !ledger.mayPropose()) && ledger.firstWaiting() == null) {
        changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Ends a trial. A value that is not finite makes it a failed one, and so does a bounded metric
  /// that is unknown.
  ///
  /// @return the trial as it was stored
  /// @throws Problem when the trial was told before, or the number of values is wrong
  public TrialRecord tell(Trial<C> trial, Outcome outcome) {
    var ended = tellIfHeld(trial, outcome);
    if (ended == null) {
      throw new Problem(
          "The trial is in other hands: this process was taken for gone.",
          "trial " + trial.number(),
          "Drop this outcome; the trial's own comes from whoever runs it now.");
    }
    return ended;
  }

  /// As [#tell]; null when another process has the trial by now, whose outcome is the one that
  /// counts.
  @Nullable TrialRecord tellIfHeld(Trial<C> trial, Outcome outcome) {
    var checked = Outcomes.checked(outcome, task.objectives());
    TrialRecord ended;
    lock.lock();
    try {
      requireRunning(trial);
      var told =
          trial.record.ended(
              checked, List.copyOf(trial.reports()), trial.attributes(), trial.elapsedSeconds());
      ended = Outcomes.judged(settled(told, trial.used()), task);
      long start = System.nanoTime();
      boolean held = log.end(ended);
      storageNanos += System.nanoTime() - start;
      running.remove(trial.number());
      mine.remove(trial.number());
      if (!held) {
        followOthers();
        return null;
      }
      ledger.update(ended);
      progress.advance(ledger.settled());
      postponed = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    announce(listener -> listener.ended(ended));
    return ended;
  }

  /// The trial with the parameters that it asked for while it ran: what it did not ask for is
  /// forgotten, what is new is stored.
  private TrialRecord settled(TrialRecord ended, Configuration used) {
    var settled = ended.with(used);
    if (used.values().equals(ended.configuration().values())) {
      return settled;
    }
    if (space().dimension() > storedDimension) {
      log.putFact(StudyFacts.SPACE, SpaceDescription.of(space()));
      storedDimension = space().dimension();
    }
    log.begin(settled.running(settled.startedMillis()));
    settled.reports().forEach(report -> log.report(settled.number(), report));
    return settled;
  }

  /// Gives a trial back unfinished: it waits, and is run again under its own number.
  public void release(Trial<C> trial) {
    lock.lock();
    try {
      requireRunning(trial);
      var waiting = trial.record.interrupted();
      boolean held = store(waiting);
      running.remove(trial.number());
      mine.remove(trial.number());
      if (held) {
        ledger.update(waiting);
      }
      postponed = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void requireRunning(Trial<C> trial) {
    if (ledger.open(trial.number()) != trial.record) {
      throw new Problem(
          "The trial is not running.",
          "trial " + trial.number(),
          "Tell each trial once; ask for a new one.");
    }
  }

  Trial.Decision report(Trial<C> trial, long step, double[] values) {
    var report = Outcomes.report(trial.reports(), step, values, task.objectives());
    boolean prune;
    lock.lock();
    try {
      requireRunning(trial);
      trial.reports().add(report);
      if (batch() == 0) { // a batch rule hides them, so nobody would read the copy
        running.put(trial.number(), List.copyOf(trial.reports()));
      }
      long start = System.nanoTime();
      log.report(trial.number(), report);
      storageNanos += System.nanoTime() - start;
      prune =
          pruner != Pruner.NONE
              && pruner.prune(
                  trial.number(),
                  trial.reports(),
                  ledger.ownHistory(trial.number(), running),
                  task.objectives().getFirst().direction());
    } finally {
      lock.unlock();
    }
    announce(listener -> listener.reported(trial.number(), report));
    return new Trial.Decision(prune);
  }

  /// Puts a configuration in line: it is tried before anything else is proposed.
  ///
  /// @param values parameters and values; active ones that are not named take their default
  /// @return its trial number
  public int enqueue(Map<String, ? extends @Nullable Object> values) {
    var proposal = binding.enqueued(task.space(), values);
    lock.lock();
    try {
      TrialRecord trial = null;
      while (trial == null) {
        int number = ledger.nextNumber();
        trial = begin(TrialRecord.waiting(number, proposer.adopt(number, proposal)), true);
      }
      postponed = false;
      changed.signalAll();
      return trial.number();
    } finally {
      lock.unlock();
    }
  }

  /// As [#enqueue(Map)].
  public int enqueue(C configuration) {
    return enqueue(binding.values(configuration));
  }

  private boolean store(TrialRecord trial) {
    long start = System.nanoTime();
    boolean stored = log.begin(trial);
    storageNanos += System.nanoTime() - start;
    return stored;
  }

  private void announce(Consumer<StudyListener> event) {
    if (listeners.isEmpty()) {
      return;
    }
    listening.lock();
    try {
      for (var listener : listeners) {
        announce(listener, event);
      }
    } finally {
      listening.unlock();
    }
  }

  private static void announce(StudyListener listener, Consumer<StudyListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      LOG.warn("A listener failed; the study goes on.", e);
    }
  }

  /// Runs the objective until the budget is used, on this thread.
  public Result<C> run(ObjectiveFunction<C> objective, Budget budget) {
    return run(objective, budget, Workers.of(1));
  }

  /// Runs the objective until the budget is used, on as many threads as there are workers.
  ///
  /// @throws Problem when the storage fails; what was told before is kept
  public Result<C> run(ObjectiveFunction<C> objective, Budget budget, Workers workers) {
    return new SearchLoop<>(this, objective, budget, workers).run();
  }

  /// Every trial, by number.
  public List<TrialRecord> trials() {
    lock.lock();
    try {
      return ledger.all();
    } finally {
      lock.unlock();
    }
  }

  /// The number of trials in a state.
  public int count(TrialState state) {
    lock.lock();
    try {
      return ledger.count(state);
    } finally {
      lock.unlock();
    }
  }

  /// The best complete trial, or all that no other dominates where there are several objectives;
  /// empty before the first complete one.
  public List<TrialRecord> best() {
    return ParetoFront.of(trials(), task.objectives());
  }

  /// What the search came to so far.
  Result<C> result(StopReason reason) {
    var front =
        best().stream().map(trial -> new Found<>(binding.configuration(trial), trial)).toList();
    return new Result<>(front, reason, overhead());
  }

  /// Time spent, earlier runs included.
  public Overhead overhead() {
    lock.lock();
    try {
      return StudyFacts.overhead(log.facts())
          .plus(new Overhead(0, suggestNanos * 1e-9, storageNanos * 1e-9, 0));
    } finally {
      lock.unlock();
    }
  }

  /// Adds wall and idle time of a run, and stores the sums: of all processes and runs.
  public void spend(double wallSeconds, double idleSeconds) {
    lock.lock();
    try {
      var run = new Overhead(wallSeconds, suggestNanos * 1e-9, storageNanos * 1e-9, idleSeconds);
      suggestNanos = 0;
      storageNanos = 0;
      log.putFact(StudyFacts.OVERHEAD, StudyFacts.of(StudyFacts.overhead(log.facts()).plus(run)));
    } finally {
      lock.unlock();
    }
  }

  /// Facts about the study, by key.
  public Map<String, @Nullable Object> facts() {
    return log.facts();
  }

  public void putFact(String key, Object value) {
    log.putFact(key, value);
  }

  @Override
  public void close() {
    proposer.close();
    log.close();
  }
}
