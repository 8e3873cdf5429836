package dev.assay.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Parameters that constraints tie together, with those constraints: what holds for others says
/// nothing about these.
///
/// @param parameters all of the space
/// @param domains by parameter, as far as its values are few
/// @param members the parameters of this component, each after its parents
/// @param clauses what ties them
record Component(
    List<Parameter> parameters,
    List<@Nullable Domain> domains,
    List<Integer> members,
    List<Clause> clauses) {

  /// The components of a space: parameters belong together that one clause asks about, and those
  /// whose existence depends on each other. What no clause asks about is in none.
  static List<Component> of(
      List<Parameter> parameters, List<@Nullable Domain> domains, List<Clause> clauses) {
    var groups = new int[parameters.size()];
    Arrays.setAll(groups, i -> i);
    for (int i = 0; i < groups.length; i++) {
      for (int parent : parents(i, parameters)) {
        join(groups, i, parent);
      }
    }
    var byGroup = new TreeMap<Integer, List<Clause>>();
    for (var clause : clauses) {
      var scope = List.copyOf(scope(clause, parameters));
      scope.forEach(i -> join(groups, i, scope.getFirst()));
    }
    for (var clause : clauses) {
      var scope = scope(clause, parameters);
      int group = scope.isEmpty() ? -1 : groups[scope.iterator().next()];
      byGroup.computeIfAbsent(group, _ -> new ArrayList<>()).add(clause);
    }
    var components = new ArrayList<Component>();
    byGroup.forEach((group, own) -> {
      var members = IntStream.range(0, groups.length).filter(i -> groups[i] == group).boxed();
      components.add(new Component(parameters, domains, members.toList(), List.copyOf(own)));
    });
    return components;
  }

  private static void join(int[] groups, int a, int b) {
    int from = groups[a];
    int to = groups[b];
    for (int i = 0; i < groups.length; i++) {
      if (groups[i] == from) {
        groups[i] = to;
      }
    }
  }

  /// What decides whether a clause holds: what it names, and what of that may not exist.
  private static Set<Integer> scope(Clause clause, List<Parameter> parameters) {
    var scope = clause.variables();
    for (int index : clause.named()) {
      if (!parameters.get(index).condition().isAlways()) {
        scope.add(index);
      }
    }
    return scope;
  }

  private static List<Integer> parents(int index, List<Parameter> parameters) {
    var names = Conditions.parents(parameters.get(index).condition());
    return IntStream.range(0, index)
        .filter(i -> names.contains(parameters.get(i).name()))
        .boxed()
        .toList();
  }

  boolean isFew(int index) {
    return domains.get(index) != null;
  }

  /// The members with few values.
  List<Integer> few() {
    return members.stream().filter(this::isFew).toList();
  }

  /// The members with a continuum of values, or too many to list.
  List<Integer> many() {
    return members.stream().filter(i -> !isFew(i)).toList();
  }

  /// Whether the existence of some member depends on one with many values.
  boolean dependsOnMany() {
    var many = many();
    return members.stream().anyMatch(i -> parents(i, parameters).stream().anyMatch(many::contains));
  }

  /// The same with other domains.
  Component with(List<@Nullable Domain> others) {
    return new Component(parameters, others, members, clauses);
  }

  /// The same with some of the clauses.
  Component with(java.util.function.Predicate<Clause> kept) {
    return new Component(parameters, domains, members, clauses.stream().filter(kept).toList());
  }

  /// The members in the order given, each after its parents and those with few values first.
  int[] order(List<Integer> few) {
    var order = new ArrayList<>(few);
    order.addAll(many());
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  /// A tape of the clauses.
  ///
  /// @param exists out: of each variable the node that says whether it exists, or -1
  Tape tape(int[] order, int[] exists) {
    var bounds = new double[order.length][];
    for (int v = 0; v < order.length; v++) {
      bounds[v] = bounds(order[v]);
    }
    var builder = new TapeBuilder(parameters, order, bounds);
    clauses.forEach(builder::add);
    for (int v = 0; v < order.length; v++) {
      exists[v] = builder.exists(order[v]);
    }
    return builder.build();
  }

  /// The codes of a member with few values, or the smallest and the largest of one with many.
  double[] bounds(int index) {
    var domain = domains.get(index);
    if (domain != null) {
      return domain.codes();
    }
    var distribution = parameters.get(index).distribution();
    return new double[] {distribution.fromUnit(0), distribution.fromUnit(1)};
  }

  /// An order of the members with few values in which as few as possible are waited for at once:
  /// next always comes the one that leaves the fewest settled ones with open clauses.
  List<Integer> narrowOrder() {
    var scopes = clauses.stream().map(clause -> bits(scope(clause, parameters))).toList();
    var settled = new BitSet();
    var left = new ArrayList<>(few());
    var order = new ArrayList<Integer>();
    while (!left.isEmpty()) {
      Integer best = null;
      int least = Integer.MAX_VALUE;
      for (var candidate : left) {
        if (parents(candidate, parameters).stream().anyMatch(left::contains)) {
          continue;
        }
        settled.set(candidate);
        int open = openAfter(settled, scopes);
        settled.clear(candidate);
        if (open < least) {
          least = open;
          best = candidate;
        }
      }
      settled.set(java.util.Objects.requireNonNull(best));
      order.add(best);
      left.remove((Object) best);
    }
    return order;
  }

  private BitSet bits(Set<Integer> scope) {
    var bits = new BitSet();
    scope.stream().filter(this::isFew).forEach(bits::set);
    return bits;
  }

  private static int openAfter(BitSet settled, List<BitSet> scopes) {
    var open = new BitSet();
    for (var scope : scopes) {
      var done = (BitSet) scope.clone();
      done.and(settled);
      if (done.cardinality() < scope.cardinality()) {
        open.or(done);
      }
    }
    return open.cardinality();
  }
}
