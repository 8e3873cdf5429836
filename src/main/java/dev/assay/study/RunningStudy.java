package dev.assay.study;

import dev.assay.internal.desk.Desk;
import dev.assay.internal.desk.LocalDesk;
import dev.assay.internal.desk.Telling;
import dev.assay.internal.free.Binding;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Overhead;
import dev.assay.storage.Runner;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What whoever runs a study needs of it beyond asking and telling: to wait and to pause, to give
/// trials back, to take up those of others, to note what it cost. Thread-safe.
///
/// @param <C> what a configuration is for the objective
public abstract sealed class RunningStudy<C> implements AutoCloseable permits Study {
  private final StudyDefinition definition;
  final SearchTask task;
  final Sampler sampler;
  private final StudyLog log;
  final Binding<C> binding;
  private final Listeners listeners;
  private final Map<String, @Nullable Object> marks;
  final Desk desk;
  private final List<Consumer<Problem>> losses = new CopyOnWriteArrayList<>();

  /// @param elsewhere the desk of another process, which owns the study; null: this one does
  RunningStudy(
      Opening<C> opening,
      StudyDefinition definition,
      StudyLog log,
      @Nullable Function<SearchTask, Desk> elsewhere) {
    this.definition = definition;
    this.log = log;
    task = opening.task(log.facts());
    binding = opening.binding(task);
    sampler = opening.sampler();
    listeners = new Listeners(opening.listeners());
    marks = Map.copyOf(opening.marks());
    log.whenLost(problem -> losses.forEach(listener -> listener.accept(problem)));
    desk = elsewhere == null ? own(opening) : elsewhere.apply(task);
  }

  private Desk own(Opening<C> opening) {
    return LocalDesk.open(
        opening.terms(task),
        task,
        log,
        opening.earlier(log, task),
        trial -> binding.proposed(trial, task.space()),
        () -> binding.space(task.space()));
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

  /// What kept the last trial that was asked for from beginning, though there was one: the storage,
  /// which could not be written. Null where nothing did.
  public @Nullable Problem storageProblem() {
    return desk.storageProblem();
  }

  /// Tells a listener, on some thread, should the storage be taken away while the study runs:
  /// nothing can be kept from then on. Until what is returned is closed.
  public Study.Registration whenLost(Consumer<Problem> listener) {
    losses.add(listener);
    return () -> losses.remove(listener);
  }

  /// The time of the search is used: from now on [Study#tryAsk(Budget)] gives only what confirms
  /// its finalists, where the study has any.
  ///
  /// @return whether it may
  public boolean endByTime() {
    return desk.endByTime();
  }

  /// Makes the next proposal before anybody asks for it, if there is one to be made: the next
  /// [Study#tryAsk(Budget)] has it at once, and it knows of no outcome that is told in between.
  public void prepare(Budget budget) {
    desk.prepare(budget);
  }

  /// Lets no new trial begin until [#resume]: [Study#tryAsk(Budget)] answers that it has to wait.
  /// Trials under way go on.
  public void pause() {
    desk.setPaused(true);
  }

  /// Ends a pause; does nothing where there is none.
  public void resume() {
    desk.setPaused(false);
  }

  public boolean isPaused() {
    return desk.isPaused();
  }

  /// Waits, after [Study#tryAsk(Budget)] answered that there is no trial now, until it may answer
  /// otherwise: something was told, a pause ended, another process did something, or the time is
  /// over. Returns at once where that may be so already.
  public void awaitChange(Duration most) throws InterruptedException {
    desk.awaitChange(most);
  }

  /// As [Study#tell]; null when another process has the trial by now, whose outcome is the one that
  /// counts.
  public @Nullable TrialRecord tellIfHeld(Trial<C> trial, Outcome outcome) {
    var ended = desk.end(trial.work, outcome, trial::used);
    if (ended != null) {
      listeners.announce(listener -> listener.ended(ended));
    }
    return ended;
  }

  /// Gives a trial back unfinished: it waits, and is run again under its own number.
  public void release(Trial<C> trial) {
    desk.release(trial.work);
  }

  /// Gives up a trial whose runner is gone: it waits, and is run again under its own number; or it
  /// fails as [dev.assay.trial.Cause#LOST] where it was started again as often as the study allows.
  public void abandon(Trial<C> trial) {
    if (!desk.abandon(trial.work)) {
      lose(trial);
    }
  }

  /// Gives up a trial for good: it fails as [dev.assay.trial.Cause#LOST].
  public void lose(Trial<C> trial) {
    tellIfHeld(trial, Telling.lost());
  }

  /// Whether a trial is still in the hands of whoever asked for it here.
  public boolean isRunning(Trial<C> trial) {
    return desk.isRunning(trial.work);
  }

  /// A trial in the hands of somebody who had it before: it waits to be run again since this study
  /// was closed or the trial given up meanwhile, or runs here. What was reported of one that waits
  /// is forgotten.
  ///
  /// @return null where it was never begun before, has ended or is in the hands of another process
  public @Nullable Trial<C> takeUp(int number) {
    return taken(desk.takeUp(number));
  }

  /// A trial that waits to be run again, for who had it when it was interrupted; what was reported
  /// of it is forgotten.
  ///
  /// @param restarts [Trial#restarts] as they were then
  /// @return null where somebody began it since, or it has ended
  public @Nullable Trial<C> takeUp(int number, int restarts) {
    return taken(desk.takeUp(number, restarts + 1));
  }

  private @Nullable Trial<C> taken(Telling.@Nullable Taken taken) {
    if (taken == null) {
      return null;
    }
    return taken.began() ? started(taken.trial()) : trial(taken.trial());
  }

  /// A trial that began just now.
  Trial<C> started(TrialRecord record) {
    listeners.announce(listener -> listener.started(record));
    return trial(record);
  }

  private Trial<C> trial(TrialRecord record) {
    var trial = new Trial<>(this, record);
    if (!marks.isEmpty()) {
      marks.forEach(trial::attribute);
    }
    return trial;
  }

  Trial.Decision report(Trial<C> trial, long step, double[] values) {
    var reported = desk.report(trial.work, step, values);
    listeners.announce(listener -> listener.reported(trial.number(), reported.report()));
    return new Trial.Decision(reported.prune());
  }

  /// A trial of a configuration that somebody runs without having asked for it, or ran elsewhere:
  /// it is running, in the caller's hands, and to be told as any other.
  ///
  /// @param values as in [Study#enqueue(Map)]
  /// @throws Problem where they are no configuration of the space
  public Trial<C> beginWith(Map<String, ? extends @Nullable Object> values) {
    return started(desk.add(binding.enqueued(task.space(), values), true));
  }

  /// Lets the sampler and the pruner forget a trial that has ended, or know of it again; the
  /// storage has it already, see [dev.assay.storage.Storage#discard]. They begin anew with what is
  /// left, as in a study that is opened now.
  public void discard(int number, boolean discarded) {
    desk.discard(number, discarded);
  }

  /// Does work whose writes the storage may keep together, when it returns: cheaper than one by one
  /// where trials take microseconds. For work of milliseconds that can be repeated.
  public void together(Runnable work) {
    log.together(work);
  }

  /// Does work that ends many trials at once: the storage waits for its disk once, when all of it
  /// is done.
  public void wave(Runnable work) {
    log.wave(work);
  }

  /// Time spent, earlier runs included.
  public Overhead overhead() {
    return desk.overhead();
  }

  /// Adds wall and idle time of a run, and stores the sums: of all processes and runs.
  public void spend(double wallSeconds, double idleSeconds) {
    desk.spend(wallSeconds, idleSeconds);
  }

  /// Facts about the study, by key.
  public Map<String, @Nullable Object> facts() {
    return log.facts();
  }

  public void putFact(String key, Object value) {
    log.putFact(key, value);
  }

  /// The id of this process among the [dev.assay.storage.StoredStudy#runners]; 0 where there is no
  /// account of them.
  public long runner() {
    return log.runner();
  }

  /// The others who have the study open to run it, or are gone without having closed it.
  public List<Runner> otherRunners() {
    long own = log.runner();
    return log.runners().stream().filter(runner -> runner.id() != own).toList();
  }

  /// Notes how this process stands, for those who look at the
  /// [dev.assay.storage.StoredStudy#runners] of the study.
  ///
  /// @param standing a JSON value
  public void stand(Map<String, @Nullable Object> standing) {
    log.stand(standing);
  }

  @Override
  public void close() {
    desk.close();
  }
}
