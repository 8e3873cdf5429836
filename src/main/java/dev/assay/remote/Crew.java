package dev.assay.remote;

import dev.assay.problem.Log;
import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.run.BuildInfo;
import dev.assay.space.Configuration;
import dev.assay.study.Asked;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  private final Map<String, CrewMember> members = new LinkedHashMap<>();
  private final Map<Integer, CrewClaim> claims = new LinkedHashMap<>();
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
    this.study = study;
    this.budget = budget;
    this.restarts = restarts;
    this.lease = lease;
    this.nanoTime = nanoTime;
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
    var facts = study.facts();
    return new Messages.StudyAnswer(
        BuildInfo.current().version(),
        Messages.PROTOCOL,
        study.name(),
        study.definition().content(),
        facts.get(StudyView.STUDY_FILE) instanceof String text ? text : null,
        facts.get(StudyView.STUDY_PATH) instanceof String path ? path : null,
        facts.get(StudyView.OVERRIDES) instanceof List<?> list
            ? list.stream().map(String::valueOf).toList()
            : List.of());
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
    synchronized (this) {
      members.put(member.name, member);
    }
    var kept = new ArrayList<Messages.Held>();
    for (var held : said.holds()) {
      var trial = study.takeUp(held.trial(), held.epoch());
      if (trial != null) {
        var claim = new CrewClaim(trial, member);
        kept.add(new Messages.Held(held.trial(), claim.epoch));
        synchronized (this) {
          claims.put(held.trial(), claim);
        }
      }
    }
    LOG.info("A worker joined: {}", member.machine());
    return new Messages.Joined(member.name, lease.toNanos() * 1e-9, kept);
  }

  /// A worker gives a sign of life.
  ///
  /// @throws Stranger where it has not joined this owner
  private synchronized CrewMember heard(String name) {
    var member = members.get(name);
    if (member == null) {
      throw new Stranger();
    }
    member.heardNanos = nanoTime.getAsLong();
    return member;
  }

  /// A worker that has to join anew: an owner before this one knew it.
  static final class Stranger extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  Messages.Claimed claim(Messages.Claim said) throws InterruptedException {
    var member = heard(said.worker());
    member.asking.lockInterruptibly();
    try {
      var before = member.answer;
      if (before != null && member.turn == said.turn()) {
        return before;
      }
      var answer = next(member, Math.clamp(said.seconds(), 0, LONGEST_WAIT_SECONDS));
      member.turn = said.turn();
      member.answer = answer;
      return answer;
    } finally {
      member.asking.unlock();
    }
  }

  private Messages.Claimed next(CrewMember member, double seconds) throws InterruptedException {
    long end = nanoTime.getAsLong() + (long) (seconds * 1e9);
    while (true) {
      takeBack();
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
    synchronized (this) {
      claims.put(trial.number(), claim);
    }
    return new Messages.Given(
        trial.number(), claim.epoch, trial.parameters().values(), trial.marks());
  }

  /// A worker's claim of a trial; null where it has it no more.
  private synchronized @Nullable CrewClaim find(CrewMember member, int trial, int epoch) {
    var claim = claims.get(trial);
    if (claim == null || claim.epoch != epoch || claim.member != member) {
      claim = member.done.get(trial); // its answer may not have arrived
    }
    return claim != null && claim.epoch == epoch ? claim : null;
  }

  Messages.Reported report(Messages.Reports said) {
    var member = heard(said.worker());
    var claim = find(member, said.trial(), said.epoch());
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
    synchronized (this) {
      if (claims.get(claim.trial.number()) != claim) {
        return true;
      }
    }
    return !study.isRunning(claim.trial);
  }

  Messages.Kept end(Messages.End said) {
    var outcome = outcome(said);
    var member = heard(said.worker());
    var claim = find(member, said.trial(), said.epoch());
    if (claim == null) {
      return Messages.Kept.LOST;
    }
    claim.turn.lock();
    try {
      var kept = claim.kept;
      if (kept == null) {
        kept = isLost(claim) ? Messages.Kept.LOST : told(claim, said, outcome);
        settle(member, claim, kept);
      }
      return kept;
    } finally {
      claim.turn.unlock();
    }
  }

  private static Outcome outcome(Messages.End said) {
    var cause = said.cause();
    var detail = said.detail();
    return switch (said.state()) {
      case COMPLETE ->
          Outcome.complete(said.values().stream().mapToDouble(Double::doubleValue).toArray());
      case PRUNED -> Outcome.pruned();
      case FAILED ->
          Outcome.failed(cause == null ? Cause.ERROR : cause, detail == null ? "" : detail);
      case WAITING, RUNNING, DISCARDED ->
          throw new Problem(
              "A trial ends complete, pruned or failed.",
              "trial " + said.trial() + ": " + said.state(),
              "Let worker and owner be of the same version.");
    };
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

  private synchronized void settle(CrewMember member, CrewClaim claim, Messages.Kept kept) {
    claim.kept = kept;
    claims.remove(claim.trial.number(), claim);
    member.done.put(claim.trial.number(), claim);
    notifyAll();
  }

  Messages.Kept release(Messages.Release said) {
    var member = heard(said.worker());
    var claim = find(member, said.trial(), said.epoch());
    return claim == null ? Messages.Kept.LOST : release(member, claim);
  }

  private Messages.Kept release(CrewMember member, CrewClaim claim) {
    claim.turn.lock();
    try {
      var kept = claim.kept;
      if (kept == null) {
        boolean held = !isLost(claim);
        if (held) {
          study.release(claim.trial);
        }
        kept = held ? new Messages.Kept(true, TrialState.WAITING, null, null) : Messages.Kept.LOST;
        settle(member, claim, kept);
      }
      return kept;
    } finally {
      claim.turn.unlock();
    }
  }

  Messages.Beaten beat(Messages.Beat said) {
    var member = heard(said.worker());
    var lost = new ArrayList<Integer>();
    for (var held : said.holds()) {
      var claim = find(member, held.trial(), held.epoch());
      var kept = claim == null ? Messages.Kept.LOST : claim.kept;
      if (kept == null ? isLost(Objects.requireNonNull(claim)) : !kept.kept()) {
        lost.add(held.trial());
      }
    }
    return new Messages.Beaten(lost, ended == StopReason.INTERRUPTED);
  }

  void leave(Messages.Leave said) {
    var member = heard(said.worker());
    List<CrewClaim> left;
    synchronized (this) {
      left = claims.values().stream().filter(claim -> claim.member == member).toList();
    }
    left.forEach(claim -> release(member, claim));
    synchronized (this) {
      members.remove(member.name);
      notifyAll();
    }
    LOG.info("A worker left: {}", member.machine());
  }

  /// Takes back what those have who gave no sign for longer than a lease.
  void takeBack() {
    long now = nanoTime.getAsLong();
    List<CrewClaim> late;
    synchronized (this) {
      late = claims.values().stream().filter(claim -> isLate(claim.member, now)).toList();
      members
          .values()
          .removeIf(member ->
              isLate(member, now)
                  && claims.values().stream().noneMatch(claim -> claim.member == member));
    }
    for (var claim : late) {
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

  private boolean isLate(CrewMember member, long now) {
    return now - member.heardNanos > lease.toNanos();
  }

  private void takeBack(CrewClaim claim) {
    if (claim.kept != null || !isLate(claim.member, nanoTime.getAsLong())) {
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
    settle(claim.member, claim, Messages.Kept.LOST);
  }

  /// How many workers there are.
  public synchronized int size() {
    return members.size();
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
    synchronized (this) {
      while (!claims.isEmpty() && study.count(TrialState.WAITING) == 0) {
        wait(LOOK.toMillis());
      }
    }
    return ended == null && study.count(TrialState.WAITING) > 0;
  }

  /// Waits until all workers have left.
  ///
  /// @param most how long
  public void awaitLeaving(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    boolean interrupted = false;
    synchronized (this) {
      for (long left = most.toMillis(); left > 0 && !members.isEmpty(); ) {
        try {
          wait(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        left = (end - System.nanoTime()) / 1_000_000;
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
        synchronized (this) {
          var why = ended == null ? finished : ended;
          boolean idle = ended != null || study.count(TrialState.WAITING) == 0;
          if (why != null && claims.isEmpty() && idle) {
            return study.result(why);
          }
          wait(LOOK.toMillis());
        }
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
