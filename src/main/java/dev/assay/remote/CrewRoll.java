package dev.assay.remote;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Who works for a [Crew], and which trials they have. Thread-safe.
final class CrewRoll {
  private final Map<String, CrewMember> members = new LinkedHashMap<>();
  private final Map<Integer, CrewClaim> claims = new LinkedHashMap<>();
  private final Duration lease;
  private final LongSupplier nanoTime;

  /// No member was heard last before that: while it is younger than a lease nobody is late.
  private long oldestNanos;

  /// @param lease how long a worker may give no sign
  CrewRoll(Duration lease, LongSupplier nanoTime) {
    this.lease = lease;
    this.nanoTime = nanoTime;
    oldestNanos = nanoTime.getAsLong();
  }

  /// A worker gives a sign of life.
  ///
  /// @throws Crew.Stranger where it has not joined this owner
  synchronized CrewMember heard(String name) {
    var member = members.get(name);
    if (member == null) {
      throw new Crew.Stranger();
    }
    member.heardNanos = nanoTime.getAsLong();
    return member;
  }

  synchronized void add(CrewMember member) {
    members.put(member.name, member);
  }

  synchronized void remove(CrewMember member) {
    members.remove(member.name);
    notifyAll();
  }

  synchronized void add(CrewClaim claim) {
    claims.put(claim.trial.number(), claim);
  }

  /// A worker's claim of a trial, also where it ended: the answer may not have arrived. Null where
  /// it never had the trial under that epoch.
  synchronized @Nullable CrewClaim find(CrewMember member, int trial, int epoch) {
    var claim = claims.get(trial);
    if (claim == null || claim.epoch != epoch || claim.member != member) {
      claim = member.done.get(trial);
    }
    return claim != null && claim.epoch == epoch ? claim : null;
  }

  /// Whether a claim has neither ended nor been overtaken by another.
  synchronized boolean isCurrent(CrewClaim claim) {
    return claims.get(claim.trial.number()) == claim;
  }

  /// A claim has ended.
  synchronized void settle(CrewClaim claim, Messages.Kept kept) {
    claim.kept = kept;
    claims.remove(claim.trial.number(), claim);
    claim.member.done.put(claim.trial.number(), claim);
    notifyAll();
  }

  synchronized List<CrewClaim> of(CrewMember member) {
    return claims.values().stream().filter(claim -> claim.member == member).toList();
  }

  /// The claims of those who gave no sign for longer than a lease. Those who have none are struck
  /// off. Costs nothing where nobody can be late: every claim asks.
  synchronized List<CrewClaim> late() {
    long now = nanoTime.getAsLong();
    if (now - oldestNanos <= lease.toNanos()) {
      return List.of();
    }
    long silence =
        members.values().stream().mapToLong(member -> now - member.heardNanos).max().orElse(0);
    oldestNanos = now - silence;
    var late = claims.values().stream().filter(claim -> isLate(claim.member)).toList();
    boolean gone = members.values().removeIf(member -> isLate(member) && of(member).isEmpty());
    if (gone) {
      notifyAll();
    }
    return late;
  }

  synchronized boolean isLate(CrewMember member) {
    return nanoTime.getAsLong() - member.heardNanos > lease.toNanos();
  }

  /// How many workers there are.
  synchronized int size() {
    return members.size();
  }

  synchronized boolean hasClaims() {
    return !claims.isEmpty();
  }

  /// Waits until something may have changed.
  ///
  /// @param look how long at most
  /// @param done does not wait where it holds
  synchronized void await(Duration look, BooleanSupplier done) throws InterruptedException {
    if (!done.getAsBoolean()) {
      wait(look.toMillis());
    }
  }
}
