package dev.assay.space;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Settles variables one after the other, depth first, and gives up a value as soon as some
/// constraint can no longer hold. What is left to settle under equal keys ([Tape#key]) is searched
/// once.
final class DiagramBuilder {
  private static final int LONGEST_KEY = 512;

  private final Tape tape;
  private final int[] order;
  private final Domain[] domains;

  /// Of each variable the tape's node that says whether it exists; -1 where it always does.
  private final int[] exists;

  /// By depth: those of [#exists] that later variables ask for.
  private final int[][] asked;

  private final Map<Key, Integer> known = new HashMap<>();
  private final long[] buffer = new long[LONGEST_KEY];
  private long budget;

  private int nodeCount = 1;
  private int edgeCount;
  private int[] starts = new int[64];
  private long[] counts = new long[64];
  private double[] codes = new double[256];
  private int[] children = new int[256];
  private double[] cumulative = new double[256];

  /// What is known before a variable is settled ([Tape#key]).
  private record Key(int depth, long[] entries) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key(int otherDepth, long[] otherEntries)
          && depth == otherDepth
          && Arrays.equals(entries, otherEntries);
    }

    @Override
    public int hashCode() {
      return 31 * depth + Arrays.hashCode(entries);
    }
  }

  /// More work than was allowed.
  private static final class OutOfBudget extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutOfBudget() {
      super("too many values to try", null, false, false);
    }
  }

  /// @param tape of the variables in this order
  /// @param order which parameter each variable is; those beyond the domains are never settled
  /// @param domains of the variables that are settled
  /// @param exists of each variable the tape's node that is 1 where it exists; -1: always
  DiagramBuilder(Tape tape, int[] order, Domain[] domains, int[] exists) {
    this.tape = tape;
    this.order = Arrays.copyOf(order, domains.length);
    this.domains = domains;
    this.exists = exists;
    asked = new int[domains.length][];
    for (int depth = 0; depth < asked.length; depth++) {
      asked[depth] =
          Arrays.stream(exists, depth, exists.length).filter(n -> n >= 0).distinct().toArray();
    }
  }

  /// @param most values that may be tried
  /// @return null where they do not suffice
  @Nullable Diagram build(long most) {
    budget = most;
    counts[Diagram.END] = 1;
    int root;
    try {
      root = tape.isPossible() ? node(0) : Diagram.NOWHERE;
    } catch (OutOfBudget e) {
      return null;
    }
    var ends = Arrays.copyOf(starts, nodeCount + 1);
    ends[nodeCount] = edgeCount;
    return new Diagram(
        order,
        root,
        ends,
        Arrays.copyOf(codes, edgeCount),
        Arrays.copyOf(children, edgeCount),
        Arrays.copyOf(cumulative, edgeCount),
        Arrays.copyOf(counts, nodeCount));
  }

  private int node(int depth) {
    if (depth == domains.length) {
      return Diagram.END;
    }
    int length = tape.key(depth, asked[depth], buffer);
    var key = length < 0 ? null : new Key(depth, Arrays.copyOf(buffer, length));
    var found = key == null ? null : known.get(key);
    if (found != null) {
      return found;
    }
    int node = exists[depth] < 0 || tape.isTrue(exists[depth]) ? branches(depth) : without(depth);
    if (key != null) {
      known.put(key, node);
    }
    return node;
  }

  private int without(int depth) {
    tape.settle(depth, Double.NaN, Double.NaN);
    int child = tape.isPossible() ? node(depth + 1) : Diagram.NOWHERE;
    tape.release(depth);
    return child < 0
        ? child
        : write(new double[] {Double.NaN}, new int[] {child}, new double[] {1}, 1);
  }

  private int branches(int depth) {
    var domain = domains[depth];
    budget -= domain.size();
    if (budget < 0) {
      throw new OutOfBudget();
    }
    var values = new double[domain.size()];
    var ends = new int[domain.size()];
    var weights = new double[domain.size()];
    int size = 0;
    for (int k = 0; k < domain.size(); k++) {
      double code = domain.codes()[k];
      int child = tape.settle(depth, code, code) ? node(depth + 1) : Diagram.NOWHERE;
      if (child >= 0) {
        values[size] = code;
        ends[size] = child;
        weights[size++] = domain.weights()[k];
      }
    }
    tape.release(depth);
    return size == 0 ? Diagram.NOWHERE : write(values, ends, weights, size);
  }

  /// Children are written before their parents, so that each node's edges end where the next ones
  /// begin.
  private int write(double[] values, int[] ends, double[] weights, int size) {
    if (nodeCount + 1 >= starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
      counts = Arrays.copyOf(counts, starts.length);
    }
    while (edgeCount + size > codes.length) {
      codes = Arrays.copyOf(codes, 2 * codes.length);
      children = Arrays.copyOf(children, codes.length);
      cumulative = Arrays.copyOf(cumulative, codes.length);
    }
    int node = nodeCount++;
    starts[node] = edgeCount;
    double sum = 0;
    long count = 0;
    for (int k = 0; k < size; k++) {
      int child = ends[k];
      double below = child == Diagram.END ? 1 : cumulative[starts[child + 1] - 1];
      sum += weights[k] * below;
      count = Conditions.saturatedSum(count, counts[child]);
      codes[edgeCount] = values[k];
      children[edgeCount] = child;
      cumulative[edgeCount++] = sum;
    }
    counts[node] = count;
    return node;
  }
}
