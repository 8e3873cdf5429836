package dev.assay.remote;

import dev.assay.internal.problem.Require;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.run.BuildInfo;
import dev.assay.space.Configuration;
import dev.assay.study.Asked;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The workers of a study that this process owns, and what they have in their hands. Thread-safe.
///
/// A worker that gives no sign for as long as its lease loses its trials, which are given to others
/// under their numbers. Silence is measured by this process's own clock, which never runs
/// backwards; clocks of workers do not matter.
public final class Crew implements AutoCloseable {
  private static final Logger LOG = Log.of(Crew.class);

  /// A claim waits here for so long at most: workers and proxies need not wait for ever.
  private static final double LONGEST_WAIT_SECONDS = 30;

  /// Between two looks at whether anything can be claimed, or a lease is over.
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Study<Configuration> study;
  private final Budget budget;
  private final int restarts;
  private final Duration lease;
  private final LongSupplier nanoTime;

  private final CrewRoll roll;
  private final @Nullable Thread watch;

  /// Until then nothing is given: who has trials from an owner before this one is about to come
  /// back.
  private final long openNanos;

  private volatile @Nullable StopReason ended;

  /// What was answered last to a worker for which there was no trial any more.
  private volatile @Nullable StopReason finished;

  /// @param restarts how often a trial whose worker is gone is given to somebody else before it is
  ///   lost
  /// @param lease how long a worker may give no sign
  public Crew(Study<Configuration> study, Budget budget, int restarts, Duration lease) {
    this(study, budget, restarts, lease, System::nanoTime, true);
  }

  /// @param watches whether it looks by itself for leases that are over
  Crew(
      Study<Configuration> study,
      Budget budget,
      int restarts,
      Duration lease,
      LongSupplier nanoTime,
      boolean watches) {
    Require.atLeast("crew", "restarts", restarts, 0);
    Require.inRange("crew", "lease seconds", lease.toNanos() * 1e-9, 1e-3, 1e9);
    this.study = study;
    this.budget = budget;
    this.restarts = restarts;
    this.lease = lease;
    this.nanoTime = nanoTime;
    roll = new CrewRoll(lease, nanoTime);
    boolean isContinued =
        study.trials().stream()
            .anyMatch(trial -> trial.state() == TrialState.WAITING && trial.restarts() > 0);
    openNanos = nanoTime.getAsLong() + (isContinued ? lease.toNanos() / 4 : 0);
    watch = watches ? Thread.ofVirtual().name("assay-crew").start(this::watch) : null;
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK);
        takeBack();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Messages.StudyAnswer study() {
    return Introduction.of(study);
  }

  Messages.Joined join(Messages.Join said) {
    var own = BuildInfo.current().version();
    if (!said.version().equals(own)) {
      throw new Problem(
          "The study is run by another version of Assay.",
          study.name() + ": " + own + ", the worker is " + said.version(),
          "Install that version there.");
    }
    var member = new CrewMember(UUID.randomUUID().toString(), said, nanoTime.getAsLong());
    roll.add(member);
    var kept = new ArrayList<Messages.Held>();
    for (var held : said.holds()) {
      var trial = study.takeUp(held.trial(), held.epoch());
      if (trial != null) {
        var claim = new CrewClaim(trial, member);
        kept.add(new Messages.Held(held.trial(), claim.epoch));
        roll.add(claim);
      }
    }
    LOG.info("A worker joined: {}", member.machine());
    return new Messages.Joined(member.name, lease.toNanos() * 1e-9, kept);
  }

  /// A worker that has to join anew: an owner before this one knew it.
  static final class Stranger extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  Messages.Claimed claim(Messages.Claim said) throws InterruptedException {
    var member = roll.heard(said.worker());
    member.asking.lockInterruptibly();
    try {
      double most = Math.clamp(said.seconds(), 0, LONGEST_WAIT_SECONDS);
      return member.answer(said.turn(), () -> next(member, most));
    } finally {
      member.asking.unlock();
    }
  }

  private Messages.Claimed next(CrewMember member, double seconds) throws InterruptedException {
    long end = nanoTime.getAsLong() + (long) (seconds * 1e9);
    takeBack();
    while (true) {
      var why = ended;
      if (why != null) {
        return new Messages.Claimed(null, why.name());
      }
      long now = nanoTime.getAsLong();
      boolean open = now >= openNanos;
      if (open) {
        switch (study.tryAsk(budget)) {
          case Asked.Ready<Configuration>(var trial) -> {
            return new Messages.Claimed(given(new CrewClaim(trial, member)), null);
          }
          case Asked.Finished<Configuration>(var reason) -> {
            finished = reason;
            return new Messages.Claimed(null, reason.name());
          }
          case Asked.Wait<Configuration>() -> {}
        }
      }
      long left = end - nanoTime.getAsLong();
      if (left <= 0) {
        return new Messages.Claimed(null, null);
      }
      var most = Duration.ofNanos(Math.min(left, LOOK.toNanos()));
      if (open) {
        study.awaitChange(most);
      } else {
        Thread.sleep(most);
      }
    }
  }

  private Messages.Given given(CrewClaim claim) {
    var trial = claim.trial;
    finished = null;
    roll.add(claim);
    return new Messages.Given(
        trial.number(), claim.epoch, trial.parameters().values(), trial.marks());
  }

  Messages.Reported report(Messages.Reports said) {
    var member = roll.heard(said.worker());
    var claim = roll.find(member, said.trial(), said.epoch());
    if (claim == null) {
      return new Messages.Reported(true, true);
    }
    claim.turn.lock();
    try {
      if (claim.kept != null) {
        return new Messages.Reported(true, !claim.kept.kept());
      }
      if (isLost(claim)) {
        return new Messages.Reported(true, true);
      }
      claim.report(said.steps());
      return new Messages.Reported(claim.prune, false);
    } finally {
      claim.turn.unlock();
    }
  }

  private boolean isLost(CrewClaim claim) {
    return !roll.isCurrent(claim) || !study.isRunning(claim.trial);
  }

  /// What a trial became, and the next one where the worker wants it at once: one message a trial
  /// instead of two. Sent again, it is answered as before.
  Messages.Ended endAndClaim(Messages.End said) throws InterruptedException {
    var kept = end(said);
    var turn = said.next();
    var member = roll.heard(said.worker());
    if (turn == null || !member.asking.tryLock()) { // a claim that nobody waits for any more
      return new Messages.Ended(kept, null);
    }
    try {
      return new Messages.Ended(kept, member.answer(turn, () -> next(member, 0)));
    } finally {
      member.asking.unlock();
    }
  }

  Messages.Kept end(Messages.End said) {
    var outcome = said.outcome();
    var member = roll.heard(said.worker());
    var claim = roll.find(member, said.trial(), said.epoch());
    if (claim == null) {
      return Messages.Kept.LOST;
    }
    claim.turn.lock();
    try {
      var kept = claim.kept;
      if (kept == null) {
        kept = isLost(claim) ? Messages.Kept.LOST : told(claim, said, outcome);
        roll.settle(claim, kept);
      }
      return kept;
    } finally {
      claim.turn.unlock();
    }
  }

  private Messages.Kept told(CrewClaim claim, Messages.End said, Outcome outcome) {
    claim.report(said.steps());
    said.attributes().forEach(claim.trial::attribute);
    claim.trial.took(said.seconds());
    var ended = study.tellIfHeld(claim.trial, outcome);
    return ended == null
        ? Messages.Kept.LOST
        : new Messages.Kept(true, ended.state(), ended.cause(), ended.detail());
  }

  Messages.Kept release(Messages.Release said) {
    var member = roll.heard(said.worker());
    var claim = roll.find(member, said.trial(), said.epoch());
    return claim == null ? Messages.Kept.LOST : release(claim);
  }

  private Messages.Kept release(CrewClaim claim) {
    claim.turn.lock();
    try {
      var kept = claim.kept;
      if (kept == null) {
        boolean held = !isLost(claim);
        if (held) {
          study.release(claim.trial);
        }
        kept = held ? new Messages.Kept(true, TrialState.WAITING, null, null) : Messages.Kept.LOST;
        roll.settle(claim, kept);
      }
      return kept;
    } finally {
      claim.turn.unlock();
    }
  }

  Messages.Beaten beat(Messages.Beat said) {
    var member = roll.heard(said.worker());
    var lost = new ArrayList<Integer>();
    for (var held : said.holds()) {
      var claim = roll.find(member, held.trial(), held.epoch());
      if (claim == null || claim.isKnownLost(() -> isLost(claim))) {
        lost.add(held.trial());
      }
    }
    return new Messages.Beaten(lost, ended == StopReason.INTERRUPTED);
  }

  void leave(Messages.Leave said) {
    var member = roll.heard(said.worker());
    roll.of(member).forEach(this::release);
    roll.remove(member);
    LOG.info("A worker left: {}", member.machine());
  }

  /// Takes back what those have who gave no sign for longer than a lease.
  void takeBack() {
    for (var claim : roll.late()) {
      if (claim.turn.tryLock()) { // else a request of its worker's is worked on
        try {
          takeBack(claim);
        } catch (Problem e) {
          LOG.warn("Trial {} cannot be taken back yet: {}", claim.trial.number(), e.getMessage());
        } finally {
          claim.turn.unlock();
        }
      }
    }
  }

  private void takeBack(CrewClaim claim) {
    if (claim.kept != null || !roll.isLate(claim.member)) {
      return;
    }
    if (study.isRunning(claim.trial)) {
      if (claim.trial.restarts() < restarts) {
        study.release(claim.trial);
      } else {
        study.lose(claim.trial);
      }
    }
    LOG.warn(
        "Nothing was heard of the worker of trial {} for more than {} s: it is taken back.",
        claim.trial.number(),
        lease.toSeconds());
    roll.settle(claim, Messages.Kept.LOST);
  }

  /// How many workers there are.
  public int size() {
    return roll.size();
  }

  /// Gives out no trial any more.
  ///
  /// @param reason with [StopReason#INTERRUPTED] trials under way are to be given back, too
  public void finish(StopReason reason) {
    ended = reason;
  }

  /// Waits until workers have ended what they have.
  ///
  /// @return whether there is something to be run again of what they had
  public boolean awaitRest() throws InterruptedException {
    while (roll.hasClaims() && study.count(TrialState.WAITING) == 0) {
      roll.await(LOOK, () -> !roll.hasClaims());
    }
    return ended == null && study.count(TrialState.WAITING) > 0;
  }

  /// Waits until all workers have left.
  ///
  /// @param most how long
  public void awaitLeaving(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    boolean interrupted = false;
    while (roll.size() > 0 && System.nanoTime() < end) {
      try {
        roll.await(LOOK, () -> roll.size() == 0);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Lets workers run all of it.
  public Result<Configuration> run() {
    var running = Thread.currentThread();
    var time = budget.time();
    long deadline = time == null ? Long.MAX_VALUE : System.nanoTime() + time.toNanos();
    try (var _ = study.whenLost(_ -> running.interrupt())) {
      while (true) {
        if (ended == null && System.nanoTime() >= deadline && !study.endByTime()) {
          finish(StopReason.TIME);
        }
        var why = ended == null ? finished : ended;
        boolean idle = ended != null || study.count(TrialState.WAITING) == 0;
        if (why != null && idle && !roll.hasClaims()) {
          return study.result(why);
        }
        roll.await(LOOK, () -> why != null && !roll.hasClaims());
      }
    } catch (InterruptedException e) {
      return study.result(StopReason.INTERRUPTED);
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.interrupt();
    }
  }
}
