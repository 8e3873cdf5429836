package dev.assay.study;

import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.space.Configuration;
import dev.assay.space.RecordSpace;
import dev.assay.space.SearchSpace;
import dev.assay.space.SpaceDescription;
import dev.assay.storage.Overhead;
import dev.assay.storage.Runner;
import dev.assay.storage.StorageBusy;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyFacts;
import dev.assay.storage.StudyLog;
import dev.assay.study.desk.Changes;
import dev.assay.study.desk.Confirmations;
import dev.assay.study.desk.Faults;
import dev.assay.study.desk.Ledger;
import dev.assay.study.desk.OtherProcesses;
import dev.assay.study.desk.Outcomes;
import dev.assay.study.desk.Progress;
import dev.assay.study.desk.Proposals;
import dev.assay.study.desk.TimeSpent;
import dev.assay.study.free.Binding;
import dev.assay.study.free.FreeBinding;
import dev.assay.study.free.FreeConfiguration;
import dev.assay.study.free.GroupProposer;
import dev.assay.study.free.SuggestedBinding;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Confirmation;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.ParetoFront;
import dev.assay.trial.Proposal;
import dev.assay.trial.Pruner;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Report;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StopReason;
import dev.assay.trial.StoppingRule;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A search under way: asks a sampler for configurations, is told their outcomes, keeps both.
/// Thread-safe.
///
/// ```java
/// try (var study = Study.over(space).named("demo").minimize("loss").open()) {
///   var result = study.run((x, trial) -> Outcome.complete(loss(x)), Budget.trials(100));
/// }
/// ```
///
/// @param <C> what a configuration is for the objective
public final class Study<C> implements AutoCloseable {
  /// Between two looks at what other processes did, while waiting for it.
  private static final long FOLLOW_NANOS = 20_000_000L;

  /// Between two attempts to use a storage that cannot be written now.
  private static final long BUSY_NANOS = 1_000_000_000L;

  private final StudyDefinition definition;
  private final SearchTask task;
  private final Proposals proposals;
  private final Sampler sampler;
  private final Supplier<Sampler.Proposer> proposers;
  private final Pruner pruner;
  private Pruner.Rule pruning;
  private final @Nullable StoppingRule stoppingRule;
  private final StudyLog log;
  private final Binding<C> binding;
  private final Listeners listeners;

  private final ReentrantLock lock = new ReentrantLock();
  private final Changes changes = new Changes(lock);
  private final Ledger ledger;
  private final Confirmations confirmations;
  private Progress progress;

  /// How many trials were settled when the study was opened.
  private final int stored;

  private final OtherProcesses others;
  private final TimeSpent spent = new TimeSpent();

  /// The reports of trials that run, by number.
  private final Map<Integer, List<Report>> running = new HashMap<>();

  private final int restarts;
  private int storedDimension;

  /// What the stopping rule said, and of how many trials.
  private boolean stopped;

  private int judged = -1;

  /// Whether what was asked for last waits for the search's last trials, to know its finalists.
  private boolean awaitsSearch;

  /// Why the last trial that was asked for could not begin.
  private volatile @Nullable Problem busy;

  private final List<Consumer<Problem>> losses = new CopyOnWriteArrayList<>();

  Study(StudyBuilder<C> builder, StudyDefinition definition, StudyLog log) {
    this.definition = definition;
    this.log = log;
    task = builder.task(log.facts());
    binding = builder.binding(task);
    sampler = builder.sampler();
    proposers =
        () -> task.space().isOpen() ? new GroupProposer(sampler, task) : builder.opened(task);
    proposals = new Proposals(proposers.get(), sampler.name(), task);
    pruner = builder.pruner;
    pruning = Faults.harmless(pruner);
    stoppingRule = builder.stoppingRule;
    listeners = new Listeners(builder.listeners);
    ledger = new Ledger(task.batch(), task.space().isFinite());
    confirmations = new Confirmations(builder.confirmation, sampler, task, ledger);
    restarts = builder.restarts;
    others = new OtherProcesses(log, task, ledger, running, restarts);
    log.whenLost(problem -> losses.forEach(listener -> listener.accept(problem)));
    ledger.remember(builder.earlier(log, task));
    log.reclaim(restarts);
    log.load(task.space(), this::restore);
    ledger.restored();
    stored = ledger.settled().size();
    progress = new Progress(task.objectives(), stored);
    progress.advance(ledger.settled());
  }

  /// A study over a space, whose objective sees configurations as they are. Over an open space its
  /// trials ask for what they need: [Trial#suggest].
  public static StudyBuilder<Configuration> over(SearchSpace space) {
    return new StudyBuilder<>(
        space,
        task -> space.isOpen() ? new SuggestedBinding(new FreeBinding(task)) : new Binding.Plain());
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
  /// try (var study = Study.defineByRun().minimize("loss").open()) {
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

  private void restore(TrialRecord trial) {
    ledger.restore(OtherProcesses.judged(trial, task), binding.proposed(trial, task.space()));
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

  /// The next trial, if there is one now. Once the budget is used these are the runs that confirm
  /// the finalists, where the study has any ([StudyBuilder#confirm]).
  ///
  /// @param budget what the study may use in all; its time limit is the caller's to keep
  public Asked<C> tryAsk(Budget budget) {
    return tryAsk(budget, Map.of());
  }

  /// The next proposal, if there is one now, with the values of some parameters given instead of
  /// proposed. What waits to be run goes on waiting, for it has values of its own.
  ///
  /// @param given parameters and values; where they bring others into being, those take their
  ///   defaults; where what is proposed beside them would break a constraint, it is moved
  /// @throws Problem for a value that its parameter does not have, or that no configuration fits
  public Asked<C> tryAsk(Budget budget, Map<String, ? extends @Nullable Object> given) {
    Asked<C> answer;
    try {
      answer = answer(budget, given);
    } finally {
      proposals.endTurn();
    }
    if (answer instanceof Asked.Ready<C>(var trial)) {
      listeners.announce(listener -> listener.started(trial.record));
    }
    return answer;
  }

  private Asked<C> answer(Budget budget, Map<String, ? extends @Nullable Object> given) {
    boolean judges = true;
    while (true) {
      Preparation next = null;
      lock.lock();
      try {
        var answer = answerNow(budget, given, judges);
        if (answer != null) {
          return answer;
        }
        if (proposals.tryTurn()) {
          next = preparation(budget, judges);
        }
      } finally {
        lock.unlock();
      }
      if (next == null) {
        proposals.awaitTurn(); // another thread proposes: its trial is to be known first
      } else {
        judges &= !next.judges(); // once: what is told meanwhile must not keep it from an answer
        calculate(next);
      }
    }
  }

  /// What is to be calculated without the lock before there is an answer.
  ///
  /// @param judges whether the stopping rule has to be asked; otherwise a proposal is needed
  /// @param settled how many trials the rule knows of
  /// @param version of the study when the history was taken
  /// @param candidates of which the finalists are to be chosen; null: the search has not ended
  private record Preparation(
      boolean judges,
      int settled,
      int number,
      History history,
      long version,
      Confirmations.@Nullable Candidates candidates) {}

  private Preparation preparation(Budget budget, boolean judges) {
    int number = ledger.nextNumber();
    return new Preparation(
        judges && isToBeJudged(),
        ledger.settled().size(),
        number,
        ledger.history(number, running),
        changes.version(),
        confirmations.areWanted() && ended(budget) != null ? confirmations.candidates() : null);
  }

  /// @param judges whether the stopping rule has to know all that is known
  /// @return null when it takes a [Preparation] first
  private @Nullable Asked<C> answerNow(
      Budget budget, Map<String, ? extends @Nullable Object> given, boolean judges) {
    if (changes.isPaused()) {
      return new Asked.Wait<>();
    }
    followOthers();
    while (true) {
      var waiting = given.isEmpty() ? firstWaiting() : null;
      var next =
          waiting == null ? next(budget, given.isEmpty(), judges) : new Next<C>(waiting, null);
      var trial = next.trial();
      if (trial == null) {
        return next.answer();
      }
      TrialRecord started;
      try {
        var wanted = given.isEmpty() ? trial : with(trial, given);
        started = begin(wanted.running(System.currentTimeMillis()), waiting == null);
      } catch (Problem e) {
        giveBack(trial, waiting == null);
        throw e;
      } catch (StorageBusy e) {
        giveBack(trial, waiting == null);
        busy = e.problem();
        return new Asked.Wait<>();
      }
      busy = null;
      if (started != null) {
        return new Asked.Ready<>(new Trial<>(this, started, binding));
      }
    }
  }

  private void giveBack(TrialRecord trial, boolean isNew) {
    if (isNew && !Confirmation.is(trial)) {
      proposals.giveBack(trial);
    }
  }

  /// What waits to be run again; of the search only while it has time.
  private @Nullable TrialRecord firstWaiting() {
    return confirmations.areLate() ? ledger.firstWaitingConfirmation() : ledger.firstWaiting();
  }

  /// A trial to begin, or else an answer; neither when it takes a [Preparation] first.
  private record Next<C>(@Nullable TrialRecord trial, @Nullable Asked<C> answer) {}

  /// @param confirms whether it may be a run that confirms another
  private Next<C> next(Budget budget, boolean confirms, boolean judges) {
    var reason = ended(budget);
    awaitsSearch = false;
    if (confirms && reason != null && confirmations.areWanted()) {
      var next = confirmation(reason);
      if (next != null) {
        return next;
      }
    }
    var refusal = refusal(reason);
    if (refusal != null || judges && isToBeJudged()) {
      return new Next<>(null, refusal);
    }
    var trial = proposals.take(ledger.nextNumber());
    boolean waits = trial == null && proposals.isPostponed(changes.version());
    return new Next<>(trial, waits ? new Asked.Wait<>() : null);
  }

  /// @param reason why the search has ended
  /// @return null when there is nothing more to confirm
  private @Nullable Next<C> confirmation(StopReason reason) {
    var searching = ledger.searching();
    if (!searching.isEmpty()) { // somebody's last trials: any of them may become a finalist
      awaitsSearch = reason != StopReason.TIME || searching.stream().anyMatch(others::isMine);
      return new Next<>(null, awaitsSearch ? new Asked.Wait<>() : new Asked.Finished<>(reason));
    }
    if (confirmations.isToBeRanked()) {
      return new Next<>(null, null);
    }
    var run = confirmations.next(ledger.nextNumber());
    return run == null ? null : new Next<>(run, null);
  }

  private TrialRecord with(TrialRecord proposed, Map<String, ? extends @Nullable Object> given) {
    int number = proposed.number();
    if (task.space().isOpen()) { // only the trial itself will tell whether it asks for them
      var notes = new LinkedHashMap<String, @Nullable Object>(proposed.notes());
      notes.put(FreeConfiguration.START, new LinkedHashMap<String, @Nullable Object>(given));
      return proposed.noted(notes);
    }
    var random = task.streams().branch("given").stream(number, Purpose.PROPOSAL);
    var wanted = task.space().changed(proposed.configuration(), given, random);
    return TrialRecord.waiting(number, proposals.adopt(number, new Proposal(wanted)));
  }

  /// What kept the last trial that was asked for from beginning, though there was one: the storage,
  /// which could not be written. Null where nothing did.
  public @Nullable Problem storageProblem() {
    return busy;
  }

  /// Tells a listener, on some thread, should the storage be taken away while the study runs:
  /// nothing can be kept from then on. Until what is returned is closed.
  public Registration whenLost(Consumer<Problem> listener) {
    losses.add(listener);
    return () -> losses.remove(listener);
  }

  /// Ends when it is closed.
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /// Without the lock: whoever tells meanwhile waits neither for the sampler nor for the stopping
  /// rule.
  private void calculate(Preparation next) {
    if (next.candidates() instanceof Confirmations.Candidates candidates) {
      rank(candidates);
      return;
    }
    if (next.judges() && stoppingRule != null) {
      long start = System.nanoTime();
      var rule = stoppingRule;
      boolean reached =
          Faults.named(
              "stopping rule",
              "after " + next.settled() + " trials",
              () -> rule.reached(task, next.history()));
      lock.lock();
      try {
        spent.onSuggesting(System.nanoTime() - start);
        stopped = reached;
        judged = next.settled();
      } finally {
        lock.unlock();
      }
      return;
    }
    var made = proposals.make(next.number(), next.history());
    lock.lock();
    try {
      spent.onSuggesting(made.nanos());
      proposals.keep(made, next.version());
    } finally {
      lock.unlock();
    }
  }

  private void rank(Confirmations.Candidates candidates) {
    long start = System.nanoTime();
    var finalists = confirmations.rank(candidates);
    lock.lock();
    try {
      spent.onSuggesting(System.nanoTime() - start);
      confirmations.keep(candidates, finalists);
    } finally {
      lock.unlock();
    }
  }

  /// The time of the search is used: from now on [#tryAsk] gives only what confirms its finalists,
  /// where the study has any.
  ///
  /// @return whether it may
  public boolean endByTime() {
    lock.lock();
    try {
      if (confirmations.areWanted()) {
        confirmations.beLate();
      }
      return confirmations.areWanted();
    } finally {
      lock.unlock();
    }
  }

  /// Makes the next proposal before anybody asks for it, if there is one to be made: the next
  /// [#tryAsk] has it at once, and it knows of no outcome that is told in between.
  public void prepare(Budget budget) {
    proposals.awaitTurn();
    try {
      Preparation next;
      boolean judges = true;
      do {
        lock.lock();
        try {
          if (changes.isPaused()
              || proposals.isReady(ledger.nextNumber())
              || ledger.firstWaiting() != null
              || refusal(ended(budget)) != null) {
            return;
          }
          next = preparation(budget, judges);
        } finally {
          lock.unlock();
        }
        judges = false;
        calculate(next);
      } while (next.judges());
    } finally {
      proposals.endTurn();
    }
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
      others.take(trial.number());
    }
    return trial;
  }

  private void followOthers() {
    if (others.follow()) {
      progress.advance(ledger.settled());
      changes.announce();
    }
  }

  /// Why the search proposes nothing more; null while it may.
  private @Nullable StopReason ended(Budget budget) {
    if (confirmations.areLate()) {
      return StopReason.TIME;
    }
    if (proposals.isExhausted()) {
      return proposals.exhaustion();
    }
    if (budget.trials() != null && ledger.searched() >= budget.trials()) {
      return StopReason.TRIALS;
    }
    if (!ledger.mayPropose()) {
      return null;
    }
    var reached = progress.reached(budget);
    return reached == null && stopped && !isToBeJudged() ? StopReason.STOPPING_RULE : reached;
  }

  /// @param reason why the search has ended; null where it has not
  private @Nullable Asked<C> refusal(@Nullable StopReason reason) {
    return switch (reason) {
      case null -> ledger.mayPropose() ? null : new Asked.Wait<>();
      case TARGET, NO_IMPROVEMENT, FAILURES, FAILED_ALIKE, STOPPING_RULE, TIME ->
          new Asked.Finished<>(reason);
      case TRIALS, SPACE_EXHAUSTED, NOTHING_FOUND, TRAINED, INTERRUPTED -> finished(reason);
    };
  }

  /// Whether the stopping rule has not been asked since something ended.
  private boolean isToBeJudged() {
    return stoppingRule != null && ledger.settled().size() != judged;
  }

  /// Trials that others run may still come back, should those be gone: whoever is left waits for
  /// them, so that the study is whole when its last process ends.
  private Asked<C> finished(StopReason reason) {
    return others.areBusy() ? new Asked.Wait<>() : new Asked.Finished<>(reason);
  }

  /// The next trial.
  ///
  /// @throws Problem when there is none: the space is exhausted, or the batch rule needs outcomes
  ///   first
  public Trial<C> ask() {
    return switch (tryAsk(Budget.UNLIMITED)) {
      case Asked.Ready<C>(var trial) -> trial;
      case Asked.Wait<C>() -> throw waits();
      case Asked.Finished<C>(var reason) ->
          throw new Problem(
              "There is nothing left to ask for.", reason.words(), "Widen the space.");
    };
  }

  private Problem waits() {
    var problem = busy;
    return problem != null
        ? problem
        : new Problem(
            "The next batch needs the outcomes of this one.",
            "batch " + batch() + ", trial " + ledger.nextNumber(),
            "Tell the trials under way first, or use no batch.");
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
      changes.setPaused(value);
    } finally {
      lock.unlock();
    }
  }

  public boolean isPaused() {
    lock.lock();
    try {
      return changes.isPaused();
    } finally {
      lock.unlock();
    }
  }

  /// Waits, after [#tryAsk] answered that there is no trial now, until it may answer otherwise:
  /// something was told, a pause ended, another process did something, or the time is over. Returns
  /// at once where that may be so already.
  public void awaitChange(Duration most) throws InterruptedException {
    changes.await(most.toNanos(), this::patience);
  }

  private long patience(long nanos) {
    if (busy != null) {
      return Math.min(nanos, BUSY_NANOS);
    }
    if (others.areBusy()) {
      return Math.min(nanos, FOLLOW_NANOS);
    }
    boolean blocked =
        proposals.isPostponed(changes.version())
            || !ledger.mayPropose()
            || awaitsSearch && !ledger.searching().isEmpty();
    return changes.isPaused() || blocked && firstWaiting() == null ? nanos : 0;
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
    while (true) {
      try {
        return tellNow(trial, checked);
      } catch (StorageBusy e) {
        awaitStorage(e);
      }
    }
  }

  /// Without the lock: others may report and be pruned meanwhile.
  private static void awaitStorage(StorageBusy busy) {
    try {
      Thread.sleep(Duration.ofNanos(BUSY_NANOS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy.problem();
    }
  }

  private @Nullable TrialRecord tellNow(Trial<C> trial, Outcome checked) {
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
      spent.onStorageSince(start);
      running.remove(trial.number());
      others.leave(trial.number());
      if (!held) {
        followOthers();
        return null;
      }
      ledger.update(ended);
      progress.advance(ledger.settled());
      changes.announce();
    } finally {
      lock.unlock();
    }
    listeners.announce(listener -> listener.ended(ended));
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
    try {
      log.begin(settled.running(settled.startedMillis()));
      settled.reports().forEach(report -> log.report(settled.number(), report));
    } catch (StorageBusy e) {
      // Its end brings all of it along.
    }
    return settled;
  }

  /// Gives a trial back unfinished: it waits, and is run again under its own number.
  public void release(Trial<C> trial) {
    lock.lock();
    try {
      requireRunning(trial);
      var waiting = trial.record.interrupted();
      boolean held = log.release(waiting);
      running.remove(trial.number());
      others.leave(trial.number());
      if (held) {
        ledger.update(waiting);
      }
      changes.announce();
    } finally {
      lock.unlock();
    }
  }

  /// Gives up a trial whose runner is gone: it waits, and is run again under its own number; or it
  /// fails as [Cause#LOST] where it was started again as often as the study allows.
  public void abandon(Trial<C> trial) {
    if (trial.restarts() < restarts) {
      release(trial);
    } else {
      lose(trial);
    }
  }

  /// Gives up a trial for good: it fails as [Cause#LOST].
  public void lose(Trial<C> trial) {
    tellIfHeld(trial, Outcome.failed(Cause.LOST, TrialRecord.LOST));
  }

  /// Whether a trial is still in the hands of whoever asked for it here.
  public boolean isRunning(Trial<C> trial) {
    lock.lock();
    try {
      return ledger.open(trial.number()) == trial.record;
    } finally {
      lock.unlock();
    }
  }

  /// A trial in the hands of somebody who had it before: it waits to be run again since this study
  /// was closed or the trial given up meanwhile, or runs here. What was reported of one that waits
  /// is forgotten.
  ///
  /// @return null where it was never begun before, has ended or is in the hands of another process
  public @Nullable Trial<C> takeUp(int number) {
    TrialRecord started;
    boolean waits;
    lock.lock();
    try {
      followOthers();
      started = ledger.open(number);
      if (started == null || started.restarts() == 0) {
        return null;
      }
      waits = started.state() == TrialState.WAITING;
      if (waits) {
        started = begin(started.running(System.currentTimeMillis()), false);
      }
      if (started == null || !others.isMine(number)) {
        return null;
      }
    } catch (StorageBusy e) {
      throw e.problem();
    } finally {
      lock.unlock();
    }
    var record = started;
    if (waits) {
      listeners.announce(listener -> listener.started(record));
    }
    return new Trial<>(this, record, binding);
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
      spent.onStorageSince(start);
      prune =
          !log.holds(trial.number())
              || pruner != Pruner.NONE
                  && !Confirmation.is(trial.record)
                  && pruning.prune(
                      trial.number(),
                      trial.reports(),
                      ledger.ownHistory(trial.number(), running),
                      task.objectives().getFirst().direction());
    } finally {
      lock.unlock();
    }
    listeners.announce(listener -> listener.reported(trial.number(), report));
    return new Trial.Decision(prune);
  }

  /// Puts a configuration in line: it is tried before anything else is proposed.
  ///
  /// @param values parameters and values; active ones that are not named take their default
  /// @return its trial number
  public int enqueue(Map<String, ? extends @Nullable Object> values) {
    return add(values, false).number();
  }

  /// A trial of a configuration that somebody runs without having asked for it, or ran elsewhere:
  /// it is running, in the caller's hands, and to be told as any other.
  ///
  /// @param values as in [#enqueue(Map)]
  /// @throws Problem where they are no configuration of the space
  public Trial<C> beginWith(Map<String, ? extends @Nullable Object> values) {
    var started = add(values, true);
    listeners.announce(listener -> listener.started(started));
    return new Trial<>(this, started, binding);
  }

  private TrialRecord add(Map<String, ? extends @Nullable Object> values, boolean runs) {
    var proposal = binding.enqueued(task.space(), values);
    lock.lock();
    try {
      TrialRecord trial = null;
      while (trial == null) {
        int number = ledger.nextNumber();
        var waiting = TrialRecord.waiting(number, proposals.adopt(number, proposal));
        trial = begin(runs ? waiting.running(System.currentTimeMillis()) : waiting, true);
      }
      changes.announce();
      return trial;
    } catch (StorageBusy e) {
      throw e.problem();
    } finally {
      lock.unlock();
    }
  }

  /// Lets the sampler and the pruner forget a trial that has ended, or know of it again; the
  /// storage has it already, see [dev.assay.storage.Storage#discard]. They begin anew with what is left, as in a
  /// study that is opened now.
  public void discard(int number, boolean discarded) {
    proposals.awaitTurn();
    try {
      lock.lock();
      try {
        if (ledger.discard(number, discarded)) {
          proposals.renew(proposers.get());
          pruning = Faults.harmless(pruner);
          progress = new Progress(task.objectives(), stored);
          progress.advance(ledger.settled());
          confirmations.rankAnew();
          judged = -1;
          changes.announce();
        }
      } finally {
        lock.unlock();
      }
    } finally {
      proposals.endTurn();
    }
  }

  /// As [#enqueue(Map)].
  public int enqueue(C configuration) {
    return enqueue(binding.values(configuration));
  }

  /// Does work whose writes the storage may keep together, when it returns: cheaper than one by one
  /// where trials take microseconds. For work of milliseconds that can be repeated.
  public void together(Runnable work) {
    log.together(work);
  }

  private boolean store(TrialRecord trial) {
    long start = System.nanoTime();
    boolean stored = log.begin(trial);
    spent.onStorageSince(start);
    return stored;
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

  /// The trial of a number, or null.
  public @Nullable TrialRecord trial(int number) {
    lock.lock();
    try {
      return ledger.find(number);
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

  /// The finalists that were run again, best first; empty before any of these runs is complete.
  public List<Confirmed> confirmed() {
    return Confirmed.of(trials(), task.objectives());
  }

  /// The finalist that was confirmed as the best; before that, where the sampler found noise, the
  /// trial whose value is expected to be best; else null.
  public @Nullable Recommendation recommended() {
    var confirmed = confirmed();
    return confirmed.isEmpty()
        ? sampler.recommended(trials(), task.objectives())
        : confirmed.getFirst().recommendation();
  }

  /// What the search came to so far.
  public Result<C> result(StopReason reason) {
    var front =
        best().stream().map(trial -> new Found<>(binding.configuration(trial), trial)).toList();
    var best = recommended();
    return new Result<>(
        front,
        reason,
        overhead(),
        best == null
            ? null
            : new Result.Expected<>(
                new Found<>(binding.configuration(best.trial()), best.trial()),
                best.expected(),
                best.low(),
                best.high()));
  }

  /// Time spent, earlier runs included.
  public Overhead overhead() {
    lock.lock();
    try {
      return StudyFacts.overhead(log.facts()).plus(spent.with(0, 0));
    } finally {
      lock.unlock();
    }
  }

  /// Adds wall and idle time of a run, and stores the sums: of all processes and runs.
  public void spend(double wallSeconds, double idleSeconds) {
    lock.lock();
    try {
      var run = spent.with(wallSeconds, idleSeconds);
      spent.clear();
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

  /// The id of this process among the [dev.assay.storage.StoredStudy#runners]; 0 where there is no account of them.
  public long runner() {
    return log.runner();
  }

  /// The others who have the study open to run it, or are gone without having closed it.
  public List<Runner> otherRunners() {
    long own = log.runner();
    return log.runners().stream().filter(runner -> runner.id() != own).toList();
  }

  /// Notes how this process stands, for those who look at the [dev.assay.storage.StoredStudy#runners] of the study.
  ///
  /// @param standing a JSON value
  public void stand(Map<String, @Nullable Object> standing) {
    log.stand(standing);
  }

  @Override
  public void close() {
    proposals.close();
    log.close();
  }
}
