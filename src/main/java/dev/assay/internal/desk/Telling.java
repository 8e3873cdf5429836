package dev.assay.internal.desk;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.internal.storage.StudyFacts;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StorageBusy;
import dev.assay.storage.StudyLog;
import dev.assay.trial.Cause;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Outcome;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where is told what becomes of trials that run.
public final class Telling {
  /// Between two attempts to use a storage that cannot be written now.
  static final long BUSY_NANOS = 1_000_000_000L;

  private final SearchTask task;
  private final StudyLog log;
  private final DeskLock lock;
  private final Pruner pruner;
  private final Supplier<SearchSpace> space;
  private final int restarts;

  /// Guarded by the lock, as what follows.
  private Pruner.Rule pruning;

  private int storedDimension;

  /// @param space as it is known by now
  Telling(Terms terms, SearchTask task, StudyLog log, DeskLock lock, Supplier<SearchSpace> space) {
    this.task = task;
    this.log = log;
    this.lock = lock;
    this.space = space;
    pruner = terms.pruner();
    restarts = terms.restarts();
    pruning = Faults.harmless(pruner, task.objectives());
  }

  /// Lets the pruner begin anew, under the lock: trials were discarded, or taken back.
  void pruneAnew() {
    pruning = Faults.harmless(pruner, task.objectives());
  }

  /// Ends a trial.
  ///
  /// @param used the parameters that it was run with
  /// @return the trial as it was stored; null when another process has it by now, whose outcome is
  ///   the one that counts
  /// @throws Problem when the trial was told before, or the number of values is wrong
  public @Nullable TrialRecord end(Work work, Outcome outcome, Supplier<Configuration> used) {
    var checked = Outcomes.checked(outcome, task.objectives());
    while (true) {
      try {
        return endNow(work, checked, used);
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

  private @Nullable TrialRecord endNow(Work work, Outcome checked, Supplier<Configuration> used) {
    try (var books = lock.take()) {
      requireRunning(books, work);
      var told =
          work.record()
              .ended(
                  checked, List.copyOf(work.reports()), work.attributes(), work.elapsedSeconds());
      var ended = Outcomes.judged(settled(told, used.get()), task);
      long start = System.nanoTime();
      boolean held = log.end(ended);
      books.spent.onStorageSince(start);
      books.leave(work.number(), held ? ended : null);
      if (!held) {
        books.followOthers();
        return null;
      }
      books.advance();
      return ended;
    }
  }

  /// The trial with the parameters that it asked for while it ran: what it did not ask for is
  /// forgotten, what is new is stored.
  private TrialRecord settled(TrialRecord ended, Configuration used) {
    if (used.equals(ended.configuration())) { // as where the space was declared
      return ended;
    }
    var settled = ended.with(used);
    if (used.values().equals(ended.configuration().values())) {
      return settled;
    }
    var known = space.get();
    if (known.dimension() > storedDimension) {
      log.putFact(StudyFacts.SPACE, SpaceDescription.of(known));
      storedDimension = known.dimension();
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
  public void release(Work work) {
    try (var books = lock.take()) {
      requireRunning(books, work);
      var waiting = work.record().interrupted();
      boolean held = log.release(waiting);
      books.leave(work.number(), held ? waiting : null);
      books.changes.announce();
    }
  }

  /// Gives up a trial whose runner is gone: it waits, unless it was started again as often as the
  /// study allows.
  ///
  /// @return whether it waits
  public boolean abandon(Work work) {
    boolean again = work.record().restarts() < restarts;
    if (again) {
      release(work);
    }
    return again;
  }

  /// Whether a trial is still in the hands of whoever asked for it here.
  public boolean isRunning(Work work) {
    try (var books = lock.take()) {
      return isRunning(books, work);
    }
  }

  private static boolean isRunning(Books books, Work work) {
    return books.ledger.open(work.number()) == work.record();
  }

  private static void requireRunning(Books books, Work work) {
    if (!isRunning(books, work)) {
      throw new Problem(
          "The trial is not running.",
          "trial " + work.number(),
          "Tell each trial once; ask for a new one.");
    }
  }

  /// A trial in the hands of somebody who had it before.
  ///
  /// @param began whether it waited until now
  public record Taken(TrialRecord trial, boolean began) {}

  /// Takes up a trial that waits to be run again, or runs here.
  ///
  /// @return null where it was never begun before, has ended or is in the hands of another process
  public @Nullable Taken takeUp(int number) {
    return takeUp(number, trial -> trial.restarts() > 0);
  }

  /// Takes up a trial that waits to be run again, where nobody began it since it was interrupted.
  ///
  /// @param restarts how often it was interrupted when whoever asks for it had it last, and once
  ///   more
  /// @return null where that is not so
  public @Nullable Taken takeUp(int number, int restarts) {
    return takeUp(
        number, trial -> trial.state() == TrialState.WAITING && trial.restarts() == restarts);
  }

  private @Nullable Taken takeUp(int number, Predicate<TrialRecord> may) {
    try (var books = lock.take()) {
      books.followOthers();
      var trial = books.ledger.open(number);
      if (trial == null || !may.test(trial)) {
        return null;
      }
      boolean waits = trial.state() == TrialState.WAITING;
      if (waits) {
        trial = books.begin(trial.running(System.currentTimeMillis()), false);
      }
      return trial == null || !books.others.isMine(number) ? null : new Taken(trial, waits);
    } catch (StorageBusy e) {
      throw e.problem();
    }
  }

  /// What came of a report.
  ///
  /// @param prune whether the trial should end now
  public record Reported(Report report, boolean prune) {}

  /// Takes a report of a trial that runs.
  ///
  /// @param values one for each objective; NaN where unknown
  public Reported report(Work work, long step, double[] values) {
    var report = Outcomes.report(work.reports(), step, values, task.objectives());
    try (var books = lock.take()) {
      requireRunning(books, work);
      work.add(report);
      if (task.batch() == 0) { // a batch rule hides them, so nobody would read the copy
        books.ledger.report(work.number(), List.copyOf(work.reports()));
      }
      long start = System.nanoTime();
      log.report(work.number(), report);
      books.spent.onStorageSince(start);
      return new Reported(report, !log.holds(work.number()) || isHopeless(books, work));
    }
  }

  private boolean isHopeless(Books books, Work work) {
    return pruner != Pruner.NONE
        && !Confirmation.is(work.record())
        && pruning.prune(
            work.number(),
            work.reports(),
            books.ledger.ownHistory(work.number()),
            task.objectives().getFirst().direction());
  }

  /// What a trial is told to have failed of that is given up for good.
  public static Outcome lost() {
    return Outcome.failed(Cause.LOST, TrialRecord.LOST);
  }
}
