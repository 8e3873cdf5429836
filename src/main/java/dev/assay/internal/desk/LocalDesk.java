package dev.assay.internal.desk;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Overhead;
import dev.assay.storage.StudyLog;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The desk of a study that this process keeps: what its one lock guards.
public final class LocalDesk implements Desk {
  private final StudyLog log;
  private final DeskLock lock;
  private final Asking asking;
  private final Telling telling;

  private LocalDesk(Terms terms, SearchTask task, StudyLog log, Supplier<SearchSpace> space) {
    this.log = log;
    lock = new DeskLock(terms, task, log);
    asking = new Asking(terms, task, lock);
    telling = new Telling(terms, task, log, lock, space);
  }

  /// Opens the desk with what is stored.
  ///
  /// @param earlier trials of other studies, which the sampler sees first
  /// @param proposed the configuration that a stored trial was proposed with
  /// @param space as it is known by now, where trials ask for parameters while they run
  public static LocalDesk open(
      Terms terms,
      SearchTask task,
      StudyLog log,
      List<TrialRecord> earlier,
      Function<TrialRecord, Configuration> proposed,
      Supplier<SearchSpace> space) {
    var desk = new LocalDesk(terms, task, log, space);
    try (var books = desk.lock.take()) {
      books.ledger.remember(earlier);
      log.reclaim(terms.restarts());
      log.load(
          task.space(),
          trial -> books.ledger.restore(OtherProcesses.judged(trial, task), proposed.apply(trial)));
      books.begin();
    }
    return desk;
  }

  @Override
  public Answer next(Budget budget, Map<String, ? extends @Nullable Object> given) {
    return asking.next(budget, given);
  }

  @Override
  public void prepare(Budget budget) {
    asking.prepare(budget);
  }

  @Override
  public boolean endByTime() {
    return asking.endByTime();
  }

  @Override
  public TrialRecord add(Proposal proposal, boolean runs) {
    return asking.add(proposal, runs);
  }

  @Override
  public @Nullable Problem storageProblem() {
    return asking.storageProblem();
  }

  @Override
  public Problem waits() {
    return asking.waits();
  }

  @Override
  public void setPaused(boolean value) {
    asking.setPaused(value);
  }

  @Override
  public boolean isPaused() {
    return asking.isPaused();
  }

  @Override
  public void awaitChange(Duration most) throws InterruptedException {
    asking.awaitChange(most);
  }

  @Override
  public @Nullable TrialRecord end(Work work, Outcome outcome, Supplier<Configuration> used) {
    return telling.end(work, outcome, used);
  }

  @Override
  public void release(Work work) {
    telling.release(work);
  }

  @Override
  public boolean abandon(Work work) {
    return telling.abandon(work);
  }

  @Override
  public boolean isRunning(Work work) {
    return telling.isRunning(work);
  }

  @Override
  public Telling.@Nullable Taken takeUp(int number) {
    return telling.takeUp(number);
  }

  @Override
  public Telling.@Nullable Taken takeUp(int number, int restarts) {
    return telling.takeUp(number, restarts);
  }

  @Override
  public Telling.Reported report(Work work, long step, double[] values) {
    return telling.report(work, step, values);
  }

  @Override
  public void discard(int number, boolean discarded) {
    asking.discard(number, discarded, telling::pruneAnew);
  }

  @Override
  public List<TrialRecord> trials() {
    try (var books = lock.take()) {
      return books.ledger.all();
    }
  }

  @Override
  public @Nullable TrialRecord trial(int number) {
    try (var books = lock.take()) {
      return books.ledger.find(number);
    }
  }

  @Override
  public int count(TrialState state) {
    try (var books = lock.take()) {
      return books.ledger.count(state);
    }
  }

  @Override
  public Overhead overhead() {
    try (var books = lock.take()) {
      return StudyFacts.overhead(log.facts()).plus(books.spent.with(0, 0));
    }
  }

  @Override
  public void spend(double wallSeconds, double idleSeconds) {
    try (var books = lock.take()) {
      var run = books.spent.with(wallSeconds, idleSeconds);
      books.spent.clear();
      log.putFact(StudyFacts.OVERHEAD, StudyFacts.of(StudyFacts.overhead(log.facts()).plus(run)));
    }
  }

  @Override
  public void close() {
    asking.close();
    log.close();
  }
}
