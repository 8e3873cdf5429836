package dev.assay.space;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/// The solutions of constraints between parameters with few values, as a multivalued decision
/// diagram (Srinivasan et al. 1990; Bergman et al. 2016) that knows how many solutions each of its
/// nodes has, and how likely they are: they are drawn without being listed and without a draw in
/// vain.
///
/// Level k of the diagram settles variable k. A node stands for all ways of settling those before
/// it that can be completed alike; its edges are the values that lead to a solution. Node 0 is the
/// end.
final class Diagram {
  static final int END = 0;

  /// Edges up to which shortest paths are sought.
  private static final int SMALL = 4096;

  /// No node: no solution.
  static final int NOWHERE = -1;

  private final int[] order;
  private final int root;

  /// Of each node the first of its edges; they end where the next node's begin.
  private final int[] starts;

  private final double[] codes;
  private final int[] children;

  /// Of each edge the weight of itself and of those before it at its node.
  private final double[] cumulative;

  private final long[] counts;

  /// @param order which parameter each variable is
  Diagram(
      int[] order,
      int root,
      int[] starts,
      double[] codes,
      int[] children,
      double[] cumulative,
      long[] counts) {
    this.order = order;
    this.root = root;
    this.starts = starts;
    this.codes = codes;
    this.children = children;
    this.cumulative = cumulative;
    this.counts = counts;
  }

  int root() {
    return root;
  }

  /// How many solutions there are; more than [Conditions#MOST] are not told apart.
  long count() {
    return root == NOWHERE ? 0 : counts[root];
  }

  /// The weights of all solutions: each the product of its values' weights.
  double weight() {
    return root == NOWHERE ? 0 : total(root);
  }

  private double total(int node) {
    return node == END ? 1 : cumulative[starts[node + 1] - 1];
  }

  /// The first and, exclusively, the last edge of a node.
  int firstEdge(int node) {
    return starts[node];
  }

  int endOfEdges(int node) {
    return starts[node + 1];
  }

  double code(int edge) {
    return codes[edge];
  }

  int child(int edge) {
    return children[edge];
  }

  /// Writes a solution, drawn in proportion to its weight.
  void draw(RandomGenerator random, double[] out) {
    at(_ -> random.nextDouble(), out);
  }

  /// Writes the solution at a point of the unit cube: each coordinate chooses among the values that
  /// those before it leave, so that evenly spread points give evenly spread solutions (Rosenblatt
  /// 1952).
  ///
  /// @param point gives each parameter of the space a unit value, asked for once
  void at(IntToDoubleFunction point, double[] out) {
    int node = root;
    for (int index : order) {
      int edge = edge(node, point.applyAsDouble(index));
      out[index] = codes[edge];
      node = children[edge];
    }
  }

  private int edge(int node, double unit) {
    int from = starts[node];
    int to = starts[node + 1];
    double target = unit * cumulative[to - 1];
    int at = Arrays.binarySearch(cumulative, from, to, target);
    // An edge has what lies from the one before up to, but without, its own.
    return Math.min(at >= 0 ? at + 1 : -at - 1, to - 1);
  }

  /// What a value costs a solution that is sought near another one.
  interface Cost {
    double of(int parameter, double code);
  }

  /// Writes the solution with the smallest sum of costs, a shortest path; in a large diagram one
  /// that takes the cheapest value at every step.
  void nearest(Cost cost, double[] out) {
    var toEnd = codes.length <= SMALL ? toEnd(cost) : new double[starts.length - 1];
    int node = root;
    for (int index : order) {
      int chosen = starts[node];
      double least = Double.POSITIVE_INFINITY;
      for (int edge = starts[node]; edge < starts[node + 1]; edge++) {
        double sum = toEnd[children[edge]] + cost.of(index, codes[edge]);
        if (sum < least) {
          least = sum;
          chosen = edge;
        }
      }
      out[index] = codes[chosen];
      node = children[chosen];
    }
  }

  /// By node: the cheapest way to the end. A node's children have smaller numbers than the node.
  private double[] toEnd(Cost cost) {
    var best = new double[starts.length - 1];
    var levels = new int[best.length];
    levels[END] = order.length;
    for (int node = 1; node < best.length; node++) {
      levels[node] = levels[children[starts[node]]] - 1;
      int index = order[levels[node]];
      best[node] = Double.POSITIVE_INFINITY;
      for (int edge = starts[node]; edge < starts[node + 1]; edge++) {
        best[node] = Math.min(best[node], best[children[edge]] + cost.of(index, codes[edge]));
      }
    }
    return best;
  }
}
