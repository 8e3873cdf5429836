package dev.assay.space;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Counts the configurations that conditions leave.
///
/// Parameters that no condition joins multiply. Of those that some join, a parent's values fall
/// into classes that no condition tells apart; the parameters are gone through one by one, and what
/// follows is counted once for each state of the parents that it still asks about.
final class ConditionCount {
  private final List<Parameter> parameters;

  /// By parameter: which others its existence depends on.
  private final List<Set<Integer>> parents = new ArrayList<>();

  private final List<@Nullable Predicate<double[]>> active;
  private final Map<List<Double>, Long> known = new HashMap<>();
  private final Map<Integer, Map<Double, Long>> classes = new HashMap<>();
  private List<Integer> order = List.of();

  private ConditionCount(List<Parameter> parameters) {
    this.parameters = parameters;
    var indices = new HashMap<String, Integer>();
    for (int i = 0; i < parameters.size(); i++) {
      indices.put(parameters.get(i).name(), i);
    }
    for (var parameter : parameters) {
      var own = new TreeSet<Integer>();
      Conditions.parents(parameter.condition()).forEach(name -> own.add(indices.get(name)));
      parents.add(own);
    }
    active = Conditions.compile(parameters, indices);
  }

  /// @param parameters countable ones, each after its parents
  /// @return their configurations; more than [Conditions#MOST] are not told apart
  static long of(List<Parameter> parameters) {
    return new ConditionCount(parameters).count();
  }

  private long count() {
    long count = 1;
    var seen = new boolean[parameters.size()];
    for (int i = 0; i < seen.length; i++) {
      if (!seen[i]) {
        var group = new TreeSet<Integer>();
        gather(i, group);
        group.forEach(member -> seen[member] = true);
        count = Conditions.saturatedProduct(count, ofGroup(group));
      }
    }
    return count;
  }

  private void gather(int i, Set<Integer> group) {
    if (group.add(i)) {
      for (int j = 0; j < parents.size(); j++) {
        if (parents.get(i).contains(j) || parents.get(j).contains(i)) {
          gather(j, group);
        }
      }
    }
  }

  private long ofGroup(Set<Integer> group) {
    known.clear();
    order = order(group);
    return from(0, new double[parameters.size()]);
  }

  /// Each after its parents: those that are nobody's parent as soon as they can, else the one after
  /// which the fewest parents wait for children.
  private List<Integer> order(Set<Integer> group) {
    var left = new TreeSet<>(group);
    var placed = new ArrayList<Integer>();
    while (!left.isEmpty()) {
      int best = -1;
      long least = Long.MAX_VALUE;
      for (int candidate : left) {
        if (least > 0 && placed.containsAll(parents.get(candidate))) {
          boolean isParent = isAsked(candidate, left, candidate);
          long open =
              isParent ? 1 + placed.stream().filter(p -> isAsked(p, left, candidate)).count() : 0;
          if (open < least) {
            least = open;
            best = candidate;
          }
        }
      }
      placed.add(best);
      left.remove(best);
    }
    return placed;
  }

  private boolean isAsked(int parent, Set<Integer> left, int without) {
    return left.stream().anyMatch(i -> i != without && parents.get(i).contains(parent));
  }

  private long from(int position, double[] codes) {
    if (position == order.size()) {
      return 1;
    }
    var key = key(position, codes);
    var found = known.get(key);
    if (found != null) {
      return found;
    }
    int i = order.get(position);
    var test = active.get(i);
    long sum = 0;
    if (test != null && !test.test(codes)) {
      codes[i] = Double.NaN;
      sum = from(position + 1, codes);
    } else {
      for (var entry : classes.computeIfAbsent(i, this::classes).entrySet()) {
        codes[i] = entry.getKey();
        long each = from(position + 1, codes);
        sum = Conditions.saturatedSum(sum, Conditions.saturatedProduct(entry.getValue(), each));
      }
    }
    known.put(key, sum);
    return sum;
  }

  private List<Double> key(int position, double[] codes) {
    var key = new ArrayList<Double>();
    key.add((double) position);
    for (int before : order.subList(0, position)) {
      if (order.subList(position, order.size()).stream()
          .anyMatch(i -> parents.get(i).contains(before))) {
        key.add(codes[before]);
      }
    }
    return key;
  }

  /// How many values there are of each kind that conditions tell apart, under a code of that kind;
  /// those that no condition names are under infinity.
  private Map<Double, Long> classes(int i) {
    var name = parameters.get(i).name();
    var distribution = parameters.get(i).distribution();
    var clauses =
        parameters.stream()
            .flatMap(parameter -> parameter.condition().clauses())
            .filter(clause -> clause.parent().equals(name))
            .map(clause -> clause.values().stream().map(distribution::code).toList())
            .distinct()
            .toList();
    var kinds = new LinkedHashMap<List<Integer>, double[]>(); // a code, and how many
    var codes = new TreeSet<Double>();
    clauses.forEach(codes::addAll);
    for (double code : codes) {
      var in = new ArrayList<Integer>();
      for (int c = 0; c < clauses.size(); c++) {
        if (clauses.get(c).contains(code)) {
          in.add(c);
        }
      }
      kinds.computeIfAbsent(in, _ -> new double[] {code, 0})[1]++;
    }
    var classes = new LinkedHashMap<Double, Long>();
    kinds.values().forEach(kind -> classes.put(kind[0], (long) kind[1]));
    long others = distribution.count().orElseThrow() - codes.size();
    if (others > 0) {
      classes.put(Double.POSITIVE_INFINITY, others);
    }
    return classes;
  }
}
