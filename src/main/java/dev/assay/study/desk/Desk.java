package dev.assay.study.desk;

import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Overhead;
import dev.assay.storage.StudyFacts;
import dev.assay.storage.StudyLog;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where a study's trials are asked for and told, and looked up.
public final class Desk implements AutoCloseable {
  private final StudyLog log;
  private final DeskLock lock;
  private final Asking asking;
  private final Telling telling;

  private Desk(Terms terms, SearchTask task, StudyLog log, Supplier<SearchSpace> space) {
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
  public static Desk open(
      Terms terms,
      SearchTask task,
      StudyLog log,
      List<TrialRecord> earlier,
      Function<TrialRecord, Configuration> proposed,
      Supplier<SearchSpace> space) {
    var desk = new Desk(terms, task, log, space);
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

  public Asking asking() {
    return asking;
  }

  public Telling telling() {
    return telling;
  }

  /// Lets sampler and pruner forget a trial that has ended, or know of it again. They begin anew
  /// with what is left.
  public void discard(int number, boolean discarded) {
    asking.discard(number, discarded, telling::pruneAnew);
  }

  /// Every trial, by number.
  public List<TrialRecord> trials() {
    try (var books = lock.take()) {
      return books.ledger.all();
    }
  }

  /// The trial of a number, or null.
  public @Nullable TrialRecord trial(int number) {
    try (var books = lock.take()) {
      return books.ledger.find(number);
    }
  }

  /// The number of trials in a state.
  public int count(TrialState state) {
    try (var books = lock.take()) {
      return books.ledger.count(state);
    }
  }

  /// Time spent, earlier runs included.
  public Overhead overhead() {
    try (var books = lock.take()) {
      return StudyFacts.overhead(log.facts()).plus(books.spent.with(0, 0));
    }
  }

  /// Adds wall and idle time of a run, and stores the sums: of all processes and runs.
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
