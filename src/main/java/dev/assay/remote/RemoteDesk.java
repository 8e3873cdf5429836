package dev.assay.remote;

import dev.assay.internal.desk.Answer;
import dev.assay.internal.desk.Desk;
import dev.assay.internal.desk.Outcomes;
import dev.assay.internal.desk.Telling;
import dev.assay.internal.desk.Work;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.storage.Overhead;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The desk of a study that another process owns. While that cannot be reached no trial begins,
/// reports wait in memory and whoever ends a trial waits; everything is told when it is back.
final class RemoteDesk implements Desk {
  /// Reports in one message.
  private static final int MOST_STEPS = 1000;

  private final SearchTask task;
  private final Connection connection;
  private final Hands hands = new Hands();

  /// Claims one after the other.
  private final ReentrantLock asking = new ReentrantLock();

  private final Deque<TrialRecord> ready = new ArrayDeque<>();
  private long turn;
  private volatile @Nullable StopReason finished;

  RemoteDesk(SearchTask task, Connection connection) {
    this.task = task;
    this.connection = connection;
    connection.begin(
        new Connection.Holder() {
          @Override
          public List<Messages.Held> holds() {
            return hands.held();
          }

          @Override
          public void tellMore() throws IOException {
            for (var hand : hands.all()) {
              tell(hand);
            }
          }

          @Override
          public void joined(List<Messages.Held> kept) {
            hands.renew(kept);
          }

          @Override
          public void lost(int trial) {
            hands.lose(trial);
          }
        });
  }

  @Override
  public Answer next(Budget budget, Map<String, ? extends @Nullable Object> given) {
    if (!given.isEmpty()) {
      throw new IllegalStateException("values are given where the study is owned");
    }
    asking.lock();
    try {
      if (ready.isEmpty() && finished == null) {
        claim(Duration.ZERO);
      }
      return answer();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Wait();
    } finally {
      asking.unlock();
    }
  }

  private Answer answer() {
    var trial = ready.poll();
    if (trial != null) {
      return new Answer.Begun(trial);
    }
    var why = finished;
    return why == null ? new Answer.Wait() : new Answer.Finished(why);
  }

  /// Asks for a trial, waiting for one at most for so long.
  private void claim(Duration most) throws InterruptedException {
    if (!connection.isUp()) {
      return;
    }
    try {
      var claimed =
          connection.ask(
              "claim",
              worker -> new Messages.Claim(worker, turn, most.toNanos() * 1e-9),
              Messages.Claimed.class,
              most);
      turn++;
      take(claimed);
    } catch (IOException e) {
      connection.down(e);
    }
  }

  private void take(Messages.Claimed claimed) {
    var given = claimed.trial();
    if (given != null) {
      var proposal = new Proposal(task.space().read(given.params()), given.notes());
      var trial = TrialRecord.waiting(given.number(), proposal);
      for (int i = 0; i < given.epoch(); i++) {
        trial = trial.interrupted();
      }
      trial = trial.running(System.currentTimeMillis());
      hands.add(new Hand(trial, given.epoch()));
      ready.add(trial);
    } else if (claimed.finished() != null) {
      finished = StopReason.valueOf(claimed.finished());
    }
  }

  @Override
  public void awaitChange(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    if (!asking.tryLock(most.toNanos(), TimeUnit.NANOSECONDS)) {
      return;
    }
    try {
      if (!ready.isEmpty() || finished != null) {
        return;
      }
      var left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      if (connection.isUp()) {
        claim(left);
      } else {
        connection.awaitUp(left);
      }
    } finally {
      asking.unlock();
    }
  }

  @Override
  public Telling.Reported report(Work work, long step, double[] values) {
    var hand = hands.of(work);
    hand.lock.lock();
    try {
      var report = Outcomes.report(hand.reports(), step, values, task.objectives());
      hand.reports().add(report);
      if (connection.isUp()) {
        try {
          tell(hand);
        } catch (IOException e) {
          connection.down(e);
        }
      }
      return new Telling.Reported(report, hand.lost || hand.prune);
    } finally {
      hand.lock.unlock();
    }
  }

  /// Tells the owner what it has not been told of a trial.
  private void tell(Hand hand) throws IOException {
    hand.lock.lock();
    try {
      while (!hand.lost) {
        var steps = hand.untold(MOST_STEPS);
        if (steps.isEmpty()) {
          return;
        }
        var answer =
            connection.say(
                "report",
                worker -> new Messages.Reports(worker, hand.trial.number(), hand.epoch(), steps),
                Messages.Reported.class);
        if (answer.lost()) {
          Hands.lose(hand);
        } else {
          hand.told(steps.size());
          hand.prune |= answer.prune();
        }
      }
    } finally {
      hand.lock.unlock();
    }
  }

  @Override
  public @Nullable TrialRecord end(Work work, Outcome outcome, Supplier<Configuration> used) {
    var hand = hands.of(work);
    double seconds = work.elapsedSeconds();
    var state = state(outcome);
    var kept =
        connection.insist(() -> {
          tell(hand);
          boolean claims = asking.tryLock(); // else somebody asks already
          hand.lock.lock();
          try {
            return hand.lost
                ? Messages.Kept.LOST
                : tellEnd(work, hand, state, outcome, seconds, claims && ready.isEmpty());
          } finally {
            hand.lock.unlock();
            if (claims) {
              asking.unlock();
            }
          }
        });
    hands.remove(hand);
    if (!kept.kept()) {
      Hands.lose(hand);
      return null;
    }
    var cause = kept.cause();
    var detail = kept.detail();
    var told =
        kept.state() == TrialState.FAILED
            ? Outcome.failed(cause == null ? Cause.ERROR : cause, detail == null ? "" : detail)
            : outcome;
    var record = hand.trial.ended(told, hand.reports(), work.attributes(), seconds);
    hands.end(record);
    return record;
  }

  /// @param claims whether the owner is to give the next trial with its answer
  private Messages.Kept tellEnd(
      Work work, Hand hand, TrialState state, Outcome outcome, double seconds, boolean claims)
      throws IOException {
    var answer =
        connection.say(
            "end",
            worker ->
                new Messages.End(
                    worker,
                    hand.trial.number(),
                    hand.epoch(),
                    state,
                    outcome instanceof Outcome.Complete(var values) ? values : List.of(),
                    outcome instanceof Outcome.Failed(var cause, _) ? cause : null,
                    outcome instanceof Outcome.Failed(_, var detail) ? detail : null,
                    work.attributes(),
                    seconds,
                    hand.untold(MOST_STEPS),
                    claims && finished == null ? turn : null),
            Messages.Ended.class);
    if (answer.next() != null) {
      turn++;
      take(answer.next());
    }
    return answer.end();
  }

  private static TrialState state(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Complete _ -> TrialState.COMPLETE;
      case Outcome.Pruned() -> TrialState.PRUNED;
      case Outcome.Failed _ -> TrialState.FAILED;
    };
  }

  @Override
  public void release(Work work) {
    release(hands.of(work));
  }

  private void release(Hand hand) {
    if (!hand.lost) {
      var _ =
          connection.insist(() ->
              connection.say(
                  "release",
                  worker -> {
                    var held = hand.held();
                    return new Messages.Release(worker, held.trial(), held.epoch());
                  },
                  Messages.Kept.class));
    }
    hands.remove(hand);
  }

  @Override
  public boolean abandon(Work work) {
    release(work);
    return true;
  }

  @Override
  public boolean isRunning(Work work) {
    var hand = hands.find(work);
    return hand != null && !hand.lost;
  }

  @Override
  public @Nullable Problem storageProblem() {
    return connection.problem();
  }

  @Override
  public Problem waits() {
    var problem = connection.problem();
    return problem != null
        ? problem
        : new Problem("The study's owner has no trial now.", connection.toString(), "Ask later.");
  }

  /// The study is paused where it is owned.
  @Override
  public void setPaused(boolean value) {}

  @Override
  public boolean isPaused() {
    return false;
  }

  /// Proposals are made where the study is owned.
  @Override
  public void prepare(Budget budget) {}

  @Override
  public boolean endByTime() {
    return false;
  }

  @Override
  public TrialRecord add(Proposal proposal, boolean runs) {
    throw new IllegalStateException("configurations are added where the study is owned");
  }

  @Override
  public Telling.@Nullable Taken takeUp(int number) {
    return null;
  }

  @Override
  public Telling.@Nullable Taken takeUp(int number, int restarts) {
    return null;
  }

  @Override
  public void discard(int number, boolean discarded) {}

  /// What this worker ran and runs.
  @Override
  public List<TrialRecord> trials() {
    return hands.trials();
  }

  @Override
  public @Nullable TrialRecord trial(int number) {
    return trials().stream().filter(trial -> trial.number() == number).findFirst().orElse(null);
  }

  @Override
  public int count(TrialState state) {
    return (int) trials().stream().filter(trial -> trial.state() == state).count();
  }

  @Override
  public Overhead overhead() {
    return Overhead.NONE;
  }

  @Override
  public void spend(double wallSeconds, double idleSeconds) {}

  @Override
  public void close() {
    ready.clear();
    connection.close(); // leaving gives back what nobody took
  }
}
