package dev.assay.serve;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.trial.TrialRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The trials that clients asked for and have not told. Thread-safe; no call waits for a sampler.
///
/// A client that vanishes would keep its trial for ever; with a lease the trial is taken back when
/// its client was silent for so long. A client is silent from when an answer to it left until its
/// next request arrives, however long either took to be worked on: while a request that has arrived
/// is not read yet, time stands still at its arrival.
final class HeldTrials {
  private static final Logger LOG = Log.of(HeldTrials.class);

  private final Study<Configuration> study;
  private final @Nullable Duration lease;
  private final int restarts;
  private final LongSupplier nanoTime;

  private final Map<Integer, Held> trials = new HashMap<>();

  /// How many leases of a trial have ended.
  private final Map<Integer, Integer> lapses = new HashMap<>();

  /// Requests that have arrived and are not read yet, in the order of their arrival.
  private final Map<Arrival, Boolean> unread = new LinkedHashMap<>();

  /// Before this no lease ends.
  private long quietUntil = Long.MIN_VALUE;

  /// Whether there are trials to be taken back whatever the time is.
  private boolean someReturned;

  /// One trial in the hands of a client.
  final class Held {
    final Trial<Configuration> trial;

    /// Held while a request works on the trial: one at a time.
    final ReentrantLock turn = new ReentrantLock();

    private long heardNanos = nanoTime.getAsLong();

    /// Requests that work on it, or answers that bring it and have not left.
    private int uses;

    /// Whether its client, whoever that is, has spoken of it.
    private boolean known;

    /// Whether the answer that brought it was lost.
    private boolean returned;

    private Held(Trial<Configuration> trial) {
      this.trial = trial;
    }

    private void heard(long nanos) {
      heardNanos = Math.max(heardNanos, nanos);
    }
  }

  /// A request that arrived.
  final class Arrival implements AutoCloseable {
    private final long nanos = nanoTime.getAsLong();

    private Arrival() {}

    /// It is read: whom it speaks of is known.
    @Override
    public void close() {
      synchronized (HeldTrials.this) {
        unread.remove(this);
      }
    }
  }

  /// @param lease null: for ever
  /// @param restarts how many leases of a trial may end before the last; ends of this service do
  ///   not count, for its clients live on
  HeldTrials(
      Study<Configuration> study, @Nullable Duration lease, int restarts, LongSupplier nanoTime) {
    this.study = study;
    this.lease = lease;
    this.restarts = restarts;
    this.nanoTime = nanoTime;
  }

  boolean isLeased() {
    return lease != null;
  }

  /// A request arrives now.
  synchronized Arrival arrive() {
    var arrival = new Arrival();
    unread.put(arrival, true);
    return arrival;
  }

  /// A trial that an answer is to bring to a client: in use until [#leave].
  ///
  /// @return null when it has ended already, told by whoever had it before
  synchronized @Nullable Held add(Trial<Configuration> trial) {
    if (!study.isRunning(trial)) {
      return null;
    }
    var held = trials.get(trial.number());
    if (held == null || !study.isRunning(held.trial)) {
      held = new Held(trial);
      trials.put(trial.number(), held);
    }
    held.uses++;
    return held;
  }

  /// A trial of which a client speaks: it is in use until [#leave]. Whoever had the trial before an
  /// end of this service, or under a lease that ended, gets it back where nobody else has it.
  ///
  /// @throws Problem where nobody has it, or somebody beyond this service
  synchronized Held find(int number, Arrival arrival) {
    var held = trials.get(number);
    if (held == null || !study.isRunning(held.trial)) {
      var trial = study.takeUp(number);
      if (trial == null) {
        throw notRunning(number);
      }
      held = new Held(trial);
      trials.put(number, held);
    }
    held.uses++;
    held.known = true;
    held.returned = false;
    held.heard(arrival.nanos);
    return held;
  }

  /// Asked by whoever has got its turn: the trial may have been told by another client meanwhile,
  /// as after an end of this service, where two have it.
  ///
  /// @throws Problem where it is not running any more
  void requireRunning(Held held) {
    if (!study.isRunning(held.trial)) {
      throw notRunning(held.trial.number());
    }
  }

  private Problem notRunning(int id) {
    var known = study.trial(id);
    return new Problem(
        "No trial of that id is running.",
        "id " + id + (known == null ? ": there is none so far" : standing(known)),
        "Tell each trial once; ask for a new one.");
  }

  private static String standing(TrialRecord trial) {
    return switch (trial.state()) {
      case WAITING -> ": it was given to nobody yet";
      case RUNNING -> ": another process runs it";
      case COMPLETE, PRUNED, FAILED, DISCARDED -> {
        var cause = trial.cause();
        yield ": it has ended, "
            + trial.state().word()
            + (cause == null ? "" : ", " + cause.word());
      }
    };
  }

  synchronized void remove(Held held) {
    trials.remove(held.trial.number(), held);
    lapses.remove(held.trial.number());
  }

  /// An answer begins to leave, or has left: silence begins, once nobody works on the trial.
  ///
  /// @param begins whether it begins to: what it brings is not in use any more
  synchronized void leave(List<Held> brought, boolean begins) {
    long now = nanoTime.getAsLong();
    for (var held : brought) {
      held.uses -= begins ? 1 : 0;
      held.heard(now);
    }
  }

  /// An answer that brought trials did not reach its client: they wait again, but for those that
  /// somebody has spoken of since.
  synchronized void lose(List<Held> brought) {
    for (var held : brought) {
      if (!held.known) {
        held.returned = true;
        someReturned = true;
      }
    }
    takeBack();
  }

  /// Takes back what was not heard of for longer than a lease.
  synchronized void takeBack() {
    long now = unread.isEmpty() ? nanoTime.getAsLong() : unread.keySet().iterator().next().nanos;
    boolean due = lease != null && now > quietUntil;
    if (!due && !someReturned) {
      return;
    }
    someReturned = false;
    long earliest = now;
    for (var all = trials.values().iterator(); all.hasNext(); ) {
      var held = all.next();
      boolean silent = lease != null && now - held.heardNanos > lease.toNanos();
      if (held.uses > 0 || !held.returned && !silent) {
        earliest = Math.min(earliest, held.heardNanos);
      } else if (isTakenBack(held)) {
        all.remove();
      } else {
        someReturned = true; // tried again at the next request
      }
    }
    if (lease != null && due) {
      quietUntil = earliest + lease.toNanos();
    }
  }

  private boolean isTakenBack(Held held) {
    try {
      if (!study.isRunning(held.trial)) {
        LOG.debug("Trial {} is in other hands.", held.trial.number());
      } else if (held.returned) {
        study.release(held.trial);
        LOG.warn(
            "The answer that brought trial {} did not reach its client: it waits again.",
            held.trial.number());
      } else {
        int number = held.trial.number();
        if (lapses.getOrDefault(number, 0) < restarts) {
          study.release(held.trial);
        } else {
          study.lose(held.trial);
        }
        lapses.merge(number, 1, Integer::sum);
        LOG.warn(
            "Nothing was heard of trial {} for more than {} s: it is taken back.",
            held.trial.number(),
            lease == null ? 0 : lease.toSeconds());
      }
      return true;
    } catch (Problem problem) {
      LOG.warn("Trial {} cannot be taken back yet: {}", held.trial.number(), problem.getMessage());
      return false;
    }
  }
}
