package dev.assay.internal.desk;

import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.storage.StorageBusy;
import dev.assay.study.free.FreeConfiguration;
import dev.assay.trial.Budget;
import dev.assay.trial.Confirmation;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where trials are asked for. Proposals, the stopping rule and the choice of finalists take time:
/// they are made without the lock, by one thread at a time, from what was known when it was held.
public final class Asking {
  /// Between two looks at what other processes did, while waiting for it.
  private static final long FOLLOW_NANOS = 20_000_000L;

  private final SearchTask task;
  private final Supplier<Sampler.Proposer> proposers;
  private final Proposals proposals;
  private final Ending ending;
  private final Finalists finalists;
  private final DeskLock lock;

  /// Whether what was asked for last waits for the search's last trials, to know its finalists.
  private boolean awaitsSearch;

  /// Why the last trial that was asked for could not begin.
  private volatile @Nullable Problem busy;

  Asking(Terms terms, SearchTask task, DeskLock lock) {
    this.task = task;
    this.lock = lock;
    proposers = terms.proposers();
    proposals = new Proposals(proposers.get(), terms.sampler().name(), task);
    finalists =
        new Finalists(
            terms.confirmation(),
            terms.sampler(),
            task.objectives(),
            Confirmation.reference(task.space()));
    ending = new Ending(task, terms.stoppingRule(), proposals);
  }

  /// The next trial, if there is one now.
  ///
  /// @param given values of some parameters, instead of what would be proposed
  public Answer next(Budget budget, Map<String, ? extends @Nullable Object> given) {
    try {
      return answer(budget, given);
    } finally {
      proposals.endTurn();
    }
  }

  private Answer answer(Budget budget, Map<String, ? extends @Nullable Object> given) {
    boolean judges = true;
    while (true) {
      Preparation next = null;
      try (var books = lock.take()) {
        var answer = answerNow(books, budget, given, judges);
        if (answer != null) {
          return answer;
        }
        if (proposals.tryTurn()) {
          next = preparation(books, budget, judges);
        }
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
      Finalists.@Nullable Candidates candidates) {}

  private Preparation preparation(Books books, Budget budget, boolean judges) {
    int number = books.ledger.nextNumber();
    boolean confirms = books.confirmations.areWanted() && ending.reason(books, budget) != null;
    return new Preparation(
        judges && ending.isToBeJudged(books),
        books.ledger.settledSize(),
        number,
        books.ledger.history(number, books.whole(budget)),
        books.changes.version(),
        confirms ? books.confirmations.candidates() : null);
  }

  /// @param judges whether the stopping rule has to know all that is known
  /// @return null when it takes a [Preparation] first
  private @Nullable Answer answerNow(
      Books books, Budget budget, Map<String, ? extends @Nullable Object> given, boolean judges) {
    if (books.changes.isPaused()) {
      return new Answer.Wait();
    }
    books.followOthers();
    while (true) {
      var waiting = given.isEmpty() ? firstWaiting(books) : null;
      var next =
          waiting == null ? next(books, budget, given.isEmpty(), judges) : new Next(waiting, null);
      var trial = next.trial();
      if (trial == null) {
        return next.answer();
      }
      TrialRecord started;
      try {
        var wanted = given.isEmpty() ? trial : with(trial, given);
        boolean runs = wanted.state() == TrialState.RUNNING; // as what was proposed does
        started =
            books.begin(
                runs ? wanted : wanted.running(System.currentTimeMillis()), waiting == null);
      } catch (Problem e) {
        giveBack(trial, waiting == null);
        throw e;
      } catch (StorageBusy e) {
        giveBack(trial, waiting == null);
        busy = e.problem();
        return new Answer.Wait();
      }
      busy = null;
      if (started != null) {
        return new Answer.Begun(started);
      }
    }
  }

  private void giveBack(TrialRecord trial, boolean isNew) {
    if (isNew && !Confirmation.is(trial)) {
      proposals.giveBack(trial.number(), new Proposal(trial.configuration(), trial.notes()));
    }
  }

  /// What waits to be run again; of the search only while it has time.
  private static @Nullable TrialRecord firstWaiting(Books books) {
    return books.confirmations.areLate()
        ? books.ledger.firstWaitingConfirmation()
        : books.ledger.firstWaiting();
  }

  /// A trial to begin, or else an answer; neither when it takes a [Preparation] first.
  private record Next(@Nullable TrialRecord trial, @Nullable Answer answer) {}

  /// @param confirms whether it may be a run that confirms another
  private Next next(Books books, Budget budget, boolean confirms, boolean judges) {
    var reason = ending.reason(books, budget);
    awaitsSearch = false;
    if (confirms && reason != null && books.confirmations.areWanted()) {
      var next = confirmation(books, reason);
      if (next != null) {
        return next;
      }
    }
    var refusal = Ending.refusal(books, reason);
    if (refusal != null || judges && ending.isToBeJudged(books)) {
      return new Next(null, refusal);
    }
    int number = books.ledger.nextNumber();
    var proposal = proposals.take(number);
    if (proposal == null) {
      boolean waits = proposals.isPostponed(books.changes.version());
      return new Next(null, waits ? new Answer.Wait() : null);
    }
    return new Next(TrialRecord.running(number, proposal, System.currentTimeMillis()), null);
  }

  /// @param reason why the search has ended
  /// @return null when there is nothing more to confirm
  private @Nullable Next confirmation(Books books, StopReason reason) {
    var searching = books.ledger.searching();
    if (!searching.isEmpty()) { // somebody's last trials: any of them may become a finalist
      awaitsSearch = reason != StopReason.TIME || searching.stream().anyMatch(books.others::isMine);
      return new Next(null, awaitsSearch ? new Answer.Wait() : new Answer.Finished(reason));
    }
    if (books.confirmations.isToBeRanked()) {
      return new Next(null, null);
    }
    var run = books.confirmations.next(books.ledger.nextNumber());
    return run == null ? null : new Next(run, null);
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

  /// Without the lock: whoever tells meanwhile waits neither for the sampler nor for the stopping
  /// rule.
  private void calculate(Preparation next) {
    if (next.candidates() instanceof Finalists.Candidates candidates) {
      long start = System.nanoTime();
      var chosen = finalists.of(candidates);
      try (var books = lock.take()) {
        books.spent.onSuggesting(System.nanoTime() - start);
        books.confirmations.keep(candidates, chosen);
      }
    } else if (next.judges()) {
      long start = System.nanoTime();
      boolean reached = ending.ask(next.settled(), next.history());
      try (var books = lock.take()) {
        books.spent.onSuggesting(System.nanoTime() - start);
        ending.keep(reached, next.settled());
      }
    } else {
      propose(next.number(), next.history(), next.version());
    }
  }

  private void propose(int number, History history, long version) {
    var made = proposals.make(number, history);
    try (var books = lock.take()) {
      books.spent.onSuggesting(made.nanos());
      proposals.keep(made, version);
    }
  }

  /// Makes the next proposal before anybody asks for it, if there is one to be made: the next
  /// [#next] has it at once, and it knows of no outcome that is told in between.
  public void prepare(Budget budget) {
    proposals.awaitTurn();
    try {
      Preparation next;
      boolean judges = true;
      do {
        try (var books = lock.take()) {
          if (books.changes.isPaused()
              || proposals.isReady(books.ledger.nextNumber())
              || books.ledger.firstWaiting() != null
              || Ending.refusal(books, ending.reason(books, budget)) != null) {
            return;
          }
          next = preparation(books, budget, judges);
        }
        judges = false;
        calculate(next);
      } while (next.judges());
    } finally {
      proposals.endTurn();
    }
  }

  /// The time of the search is used: from now on there is only what confirms its finalists.
  ///
  /// @return whether there may be any
  public boolean endByTime() {
    try (var books = lock.take()) {
      if (books.confirmations.areWanted()) {
        books.confirmations.beLate();
      }
      return books.confirmations.areWanted();
    }
  }

  /// Begins a trial of a configuration that somebody gave, or puts it in line.
  public TrialRecord add(Proposal proposal, boolean runs) {
    try (var books = lock.take()) {
      TrialRecord trial = null;
      while (trial == null) {
        int number = books.ledger.nextNumber();
        var waiting = TrialRecord.waiting(number, proposals.adopt(number, proposal));
        trial = books.begin(runs ? waiting.running(System.currentTimeMillis()) : waiting, true);
      }
      books.changes.announce();
      return trial;
    } catch (StorageBusy e) {
      throw e.problem();
    }
  }

  /// Lets the sampler forget a trial that has ended, or know of it again: it begins anew with what
  /// is left.
  ///
  /// @param whenDone what else begins anew then, under the lock
  void discard(int number, boolean discarded, Runnable whenDone) {
    proposals.awaitTurn();
    try (var books = lock.take()) {
      if (books.ledger.discard(number, discarded)) {
        proposals.renew(proposers.get());
        whenDone.run();
        books.judgeAnew();
        books.confirmations.rankAnew();
        ending.judgeAnew();
        books.changes.announce();
      }
    } finally {
      proposals.endTurn();
    }
  }

  /// What kept the last trial that was asked for from beginning, though there was one: the storage,
  /// which could not be written. Null where nothing did.
  public @Nullable Problem storageProblem() {
    return busy;
  }

  /// Why there is no trial now, for those who cannot wait.
  public Problem waits() {
    var problem = busy;
    return problem != null
        ? problem
        : new Problem(
            "The next batch needs the outcomes of this one.",
            "batch " + task.batch() + ", trial " + nextNumber(),
            "Tell the trials under way first, or use no batch.");
  }

  private int nextNumber() {
    try (var books = lock.take()) {
      return books.ledger.nextNumber();
    }
  }

  /// Lets no new trial begin, or ends that.
  public void setPaused(boolean value) {
    try (var books = lock.take()) {
      books.changes.setPaused(value);
    }
  }

  public boolean isPaused() {
    try (var books = lock.take()) {
      return books.changes.isPaused();
    }
  }

  /// Waits until [#next] may answer otherwise than that there is nothing now.
  public void awaitChange(Duration most) throws InterruptedException {
    try (var books = lock.takeInterruptibly()) {
      books.changes.await(patience(books, most.toNanos()));
    }
  }

  private long patience(Books books, long nanos) {
    if (busy != null) {
      return Math.min(nanos, Telling.BUSY_NANOS);
    }
    if (books.others.areBusy()) {
      return Math.min(nanos, FOLLOW_NANOS);
    }
    boolean blocked =
        proposals.isPostponed(books.changes.version())
            || !books.ledger.mayPropose()
            || awaitsSearch && !books.ledger.searching().isEmpty();
    return books.changes.isPaused() || blocked && firstWaiting(books) == null ? nanos : 0;
  }

  void close() {
    proposals.close();
  }
}
