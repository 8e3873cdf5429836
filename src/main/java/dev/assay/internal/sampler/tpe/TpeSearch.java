package dev.assay.internal.sampler.tpe;

import dev.assay.internal.sampler.prior.AxesBelief;
import dev.assay.internal.sampler.prior.Axis;
import dev.assay.internal.sampler.seen.Merit;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.SearchTask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Chooses all or some of a space's parameters by tree-structured Parzen estimators: a memo of what
/// the history says of them.
public final class TpeSearch {
  private final TpeSampler sampler;
  private final SearchTask task;
  private final SearchSpace space;
  private final IntPredicate chosen;

  private List<TpeGroup> groups;

  /// How many finished trials the groups know, and how many of these can be ranked.
  private int seen;

  private int ranked;

  /// @param chosen which parameters, by index
  public TpeSearch(TpeSampler sampler, SearchTask task, IntPredicate chosen) {
    this.sampler = sampler;
    this.task = task;
    this.chosen = chosen;
    space = task.space();
    groups = groups();
  }

  /// In the order of the space: each after those that its existence depends on.
  private List<TpeGroup> groups() {
    var members = new LinkedHashMap<Object, List<Axis>>();
    for (int i = 0; i < space.dimension(); i++) {
      if (chosen.test(i)) {
        var parameter = space.parameters().get(i);
        boolean always = parameter.condition().isAlways();
        boolean together = sampler.multivariate() && (sampler.group() || always);
        var key = together ? parameter.condition() : parameter.name();
        members.computeIfAbsent(key, _ -> new ArrayList<>()).add(Axis.of(i, parameter));
      }
    }
    var parents = new HashSet<String>();
    space.parameters().forEach(parameter -> addParents(parameter.condition(), parents));
    return members.values().stream()
        .map(axes ->
            new TpeGroup(
                sampler,
                task.objectives(),
                axes,
                isParent(axes, parents),
                AxesBelief.of(axes, space.parameters())))
        .toList();
  }

  private boolean isParent(List<Axis> axes, Set<String> parents) {
    return axes.stream()
        .anyMatch(axis -> parents.contains(space.parameters().get(axis.parameter()).name()));
  }

  private static void addParents(Condition condition, Set<String> parents) {
    switch (condition) {
      case Condition.In(String parent, _) -> parents.add(parent);
      case Condition.All(var all) -> all.forEach(one -> addParents(one, parents));
      case Condition.Any(var any) -> any.forEach(one -> addParents(one, parents));
    }
  }

  /// Whether everything is chosen in one step, so that each candidate is a whole configuration.
  boolean isJoint() {
    return groups.size() == 1 && space.isUnconditional();
  }

  /// Whether there are enough trials for a model.
  boolean isReady() {
    return ranked >= sampler.start();
  }

  /// Writes the codes of those of its parameters that exist; the others stay as they are. Before
  /// there are enough trials they are drawn uniformly in units, or from what is expected of them.
  ///
  /// @param accepts whether codes may be proposed; asked where [#isJoint]
  public void choose(
      RandomGenerator random, History history, double[] codes, Predicate<double[]> accepts) {
    if (groups.isEmpty()) {
      return;
    }
    var pending =
        sampler.constantLiar() && isReady()
            ? history.pending().stream().map(History.Pending::configuration).toList()
            : List.<Configuration>of();
    for (var group : groups) {
      if (group.isActive(space, codes)) {
        group.choose(random, isReady(), pending, codes, accepts);
      }
    }
  }

  /// Brings the memo up to date.
  public void follow(History history) {
    if (history.size() < seen) {
      groups = groups();
      seen = 0;
      ranked = 0;
    }
    for (; seen < history.size(); seen++) {
      var trial = history.get(seen);
      ranked += Merit.of(trial, task.objectives()).isRanked() ? 1 : 0;
      for (var group : groups) {
        if (group.isActive(trial.configuration())) {
          group.add(trial);
        }
      }
    }
  }
}
