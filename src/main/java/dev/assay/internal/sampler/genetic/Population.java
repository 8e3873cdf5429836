package dev.assay.internal.sampler.genetic;

import dev.assay.internal.pareto.ParetoOrder;
import dev.assay.internal.sampler.seen.Merit;
import dev.assay.space.Configuration;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The parents of a genetic search, which the history makes: a memo.
///
/// Every N finished trials, whatever their origin, are a generation. The best N of the parents
/// before and of the generation are the parents after it.
final class Population {
  private final int size;
  private final List<Objective> objectives;
  private final Survival survival;
  private List<Member> parents = List.of();
  private final Set<Configuration> parentConfigurations = new HashSet<>();
  private final List<Member> children = new ArrayList<>();
  private int seen;

  /// @param rank of its front, from 0
  /// @param spread how far others of its front are; the tie-break between equal ranks
  @SuppressWarnings("ArrayRecordComponent")
  record Member(
      Configuration configuration, Merit merit, double[] losses, int rank, double spread) {
    Member ranked(int newRank, double newSpread) {
      return new Member(configuration, merit, losses, newRank, newSpread);
    }

    boolean beats(Member other) {
      return rank != other.rank ? rank < other.rank : spread > other.spread;
    }
  }

  /// Chooses those of a front that stay where not all do.
  interface Survival {
    /// @param front members that do not dominate each other
    /// @param sure members of better fronts, which stay
    /// @param count how many of the front stay
    /// @return those that stay, with their spread
    List<Member> survivors(List<Member> front, List<Member> sure, int count);
  }

  Population(int size, List<Objective> objectives, Survival survival) {
    this.size = size;
    this.objectives = objectives;
    this.survival = survival;
  }

  /// Whether the history goes on from where this is.
  boolean mayAdvanceTo(History history) {
    return history.size() >= seen;
  }

  void advanceTo(History history) {
    for (; seen < history.size(); seen++) {
      children.add(member(history.get(seen)));
      if (children.size() == size) {
        select();
      }
    }
  }

  private Member member(TrialRecord trial) {
    return new Member(
        trial.configuration(), Merit.of(trial, objectives), Merit.losses(trial, objectives), 0, 0);
  }

  /// The parents of the next proposals, none before the first generation is whole.
  List<Member> parents() {
    return parents;
  }

  boolean isParent(Configuration configuration) {
    return parentConfigurations.contains(configuration);
  }

  private void select() {
    var all = new ArrayList<>(parents);
    all.addAll(children);
    all.removeIf(member -> !member.merit.isRanked());
    children.clear();
    var kept = new ArrayList<Member>();
    int rank = 0;
    for (var front : fronts(all)) {
      int count = Math.min(front.size(), size - kept.size());
      if (count > 0) {
        for (var member : survival.survivors(front, List.copyOf(kept), count)) {
          kept.add(member.ranked(rank, member.spread()));
        }
      }
      rank++;
    }
    parents = List.copyOf(kept);
    parentConfigurations.clear();
    parents.forEach(member -> parentConfigurations.add(member.configuration));
  }

  /// Complete trials by dominance; of the others each is a front of its own, best first.
  private static List<List<Member>> fronts(List<Member> all) {
    var complete = all.stream().filter(member -> member.merit.isComplete()).toList();
    var order = new ParetoOrder(complete.stream().map(Member::losses).toArray(double[][]::new));
    var fronts = new ArrayList<List<Member>>();
    order.fronts().forEach(front -> fronts.add(front.stream().map(complete::get).toList()));
    all.stream()
        .filter(member -> !member.merit.isComplete())
        .sorted(Comparator.comparing(Member::merit))
        .forEach(member -> fronts.add(List.of(member)));
    return fronts;
  }
}
