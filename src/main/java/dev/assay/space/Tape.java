package dev.assay.space;

import dev.assay.space.Expression.Operator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Bounds of constraints while their parameters are being settled one by one: interval arithmetic
/// (Moore 1966) on the expressions' nodes, each node once however often it stands in them.
///
/// Settling a parameter computes anew only what depends on it. A bound is never too tight: rounding
/// is monotone, so that what is computed of the ends of an interval bounds what is computed of
/// anything within. Variables are counted in the order in which they are settled. Not thread-safe.
final class Tape {
  /// What a node reads.
  enum Reads {
    NOTHING,
    VARIABLE,
    NODES
  }

  /// What a node computes of what it reads.
  enum Op {
    CONSTANT(Reads.NOTHING),
    VARIABLE(Reads.VARIABLE),
    OPTION(Reads.VARIABLE),
    MEMBER(Reads.VARIABLE),
    ADD(Reads.NODES),
    SUBTRACT(Reads.NODES),
    MULTIPLY(Reads.NODES),
    DIVIDE(Reads.NODES),
    REMAINDER(Reads.NODES),
    MIN(Reads.NODES),
    MAX(Reads.NODES),
    ABSOLUTE(Reads.NODES),
    FLOOR(Reads.NODES),
    LOG2(Reads.NODES),
    LESS(Reads.NODES),
    AT_MOST(Reads.NODES),
    EQUAL(Reads.NODES),
    NOT_EQUAL(Reads.NODES),
    NOT(Reads.NODES),
    AND(Reads.NODES),
    OR(Reads.NODES);

    final Reads reads;

    Op(Reads reads) {
      this.reads = reads;
    }
  }

  /// @param left the first operand, or the variable
  /// @param right the second operand, where there is one
  /// @param number of a constant; the code of an option
  /// @param table the numbers behind a variable's codes, where they are not the values; the codes
  ///   of which a member's is one
  record Node(Op op, int left, int right, double number, double @Nullable [] table) {}

  private final IntervalArithmetic interval = new IntervalArithmetic();
  private final Node[] nodes;
  private final double[] low;
  private final double[] high;

  /// For each node the first and the last variable that it depends on.
  private final int[] first;

  private final int[] last;

  /// For each variable the nodes that depend on it, operands before what uses them, and which of
  /// the roots are among them.
  private final int[][] dependants;

  private final int[][] rootsOf;
  private final int[] roots;

  /// Bounds of each variable's code; NaN where it is inactive.
  private final double[] least;

  private final double[] most;
  private final double[][] domains;

  /// Of each node the last walk of [#key] that came by.
  private final int[] visited;

  private int visit;

  Tape(Node[] nodes, int[] first, int[] last, int[] roots, double[][] domains) {
    this.nodes = nodes;
    this.first = first;
    this.last = last;
    this.roots = roots;
    this.domains = domains;
    low = new double[nodes.length];
    high = new double[nodes.length];
    visited = new int[nodes.length];
    least = new double[domains.length];
    most = new double[domains.length];
    dependants = new int[domains.length][];
    rootsOf = new int[domains.length][];
    var uses = uses();
    for (int v = 0; v < domains.length; v++) {
      int variable = v;
      dependants[v] =
          java.util.stream.IntStream.range(0, nodes.length)
              .filter(n -> uses[n][variable])
              .toArray();
      rootsOf[v] = Arrays.stream(roots).filter(n -> uses[n][variable]).toArray();
      widest(v);
    }
    for (int n = 0; n < nodes.length; n++) {
      compute(n);
    }
  }

  private boolean[][] uses() {
    var uses = new boolean[nodes.length][domains.length];
    for (int n = 0; n < nodes.length; n++) {
      var node = nodes[n];
      switch (node.op.reads) {
        case NOTHING -> {}
        case VARIABLE -> uses[n][node.left] = true;
        case NODES -> {
          for (int v = 0; v < domains.length; v++) {
            uses[n][v] = uses[node.left][v] || node.right >= 0 && uses[node.right][v];
          }
        }
      }
    }
    return uses;
  }

  /// Lets a variable take anything in its domain again.
  void release(int variable) {
    widest(variable);
    update(variable);
  }

  private void widest(int variable) {
    least[variable] = Arrays.stream(domains[variable]).min().orElse(0);
    most[variable] = Arrays.stream(domains[variable]).max().orElse(0);
  }

  /// Takes codes out of a variable's domain.
  void narrow(int variable, double[] codes) {
    domains[variable] = codes;
    release(variable);
  }

  /// Settles a variable, or holds it within bounds; NaN makes it inactive.
  ///
  /// @return false where a constraint can no longer hold
  boolean settle(int variable, double from, double to) {
    least[variable] = from;
    most[variable] = to;
    update(variable);
    return arePossible(rootsOf[variable]);
  }

  /// Whether every constraint may still hold.
  boolean isPossible() {
    return arePossible(roots);
  }

  private boolean arePossible(int[] some) {
    for (int root : some) {
      if (high[root] == 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether a node is a truth that holds whatever is not settled.
  boolean isTrue(int node) {
    return low[node] == 1;
  }

  private void update(int variable) {
    for (int node : dependants[variable]) {
      compute(node);
    }
  }

  private void compute(int n) {
    var node = nodes[n];
    boolean ofNodes = node.op.reads == Reads.NODES;
    double a = ofNodes ? low[node.left] : 0;
    double b = ofNodes ? high[node.left] : 0;
    double c = node.right < 0 ? 0 : low[node.right];
    double d = node.right < 0 ? 0 : high[node.right];
    switch (node.op) {
      case CONSTANT -> interval.value(node.number, node.number);
      case VARIABLE -> variable(node);
      case OPTION -> option(least[node.left], most[node.left], node.number);
      case MEMBER -> member(least[node.left], most[node.left], node.table);
      case ADD -> interval.arithmetic(Operator.ADD, a, b, c, d);
      case SUBTRACT -> interval.arithmetic(Operator.SUBTRACT, a, b, c, d);
      case MULTIPLY -> interval.arithmetic(Operator.MULTIPLY, a, b, c, d);
      case DIVIDE -> interval.arithmetic(Operator.DIVIDE, a, b, c, d);
      case REMAINDER -> interval.arithmetic(Operator.REMAINDER, a, b, c, d);
      case MIN -> interval.arithmetic(Operator.MIN, a, b, c, d);
      case MAX -> interval.arithmetic(Operator.MAX, a, b, c, d);
      case ABSOLUTE -> interval.absolute(a, b);
      case FLOOR -> interval.floor(a, b);
      case LOG2 -> interval.log2(a, b);
      case LESS -> interval.less(a, b, c, d);
      case AT_MOST -> interval.atMost(a, b, c, d);
      case EQUAL -> interval.equal(a, b, c, d);
      case NOT_EQUAL -> interval.notEqual(a, b, c, d);
      case NOT -> interval.not(a, b);
      case AND -> interval.and(a, b, c, d);
      case OR -> interval.or(a, b, c, d);
    }
    low[n] = interval.low();
    high[n] = interval.high();
  }

  private void variable(Node node) {
    double from = least[node.left];
    double to = most[node.left];
    if (Double.isNaN(from)) {
      interval.value(0, 0); // inactive: what names it holds anyway
    } else if (node.table == null) {
      interval.value(from, to);
    } else {
      double smallest = node.table[(int) from];
      double largest = smallest;
      for (int k = (int) from + 1; k <= to; k++) {
        smallest = Math.min(smallest, node.table[k]);
        largest = Math.max(largest, node.table[k]);
      }
      interval.value(smallest, largest);
    }
  }

  private void option(double from, double to, double code) {
    boolean possible = from <= code && code <= to;
    interval.truth(possible && from == to, possible);
  }

  private void member(double from, double to, double @Nullable [] codes) {
    boolean possible = false;
    for (double code : java.util.Objects.requireNonNull(codes)) {
      possible |= from <= code && code <= to;
    }
    interval.truth(possible && from == to, possible);
  }

  /// What is settled of the variables before `depth` as far as it still matters: two ways of
  /// settling them with equal keys can be completed in the same ways.
  ///
  /// Walks down from the constraints that are open, and from `others`. A node whose value is known
  /// stands for all below it.
  ///
  /// @return how many entries of `out` were written, -1 where they are too few
  int key(int depth, int[] others, long[] out) {
    visit++;
    int size = 0;
    for (int root : roots) {
      size = key(root, depth, out, size);
    }
    for (int other : others) {
      size = key(other, depth, out, size);
    }
    return size;
  }

  /// A bit pattern that no computed number has.
  private static final long OPEN = 0xFFF8_0000_0000_0001L;

  private int key(int n, int depth, long[] out, int size) {
    if (first[n] >= depth || visited[n] == visit || size < 0) {
      return size;
    }
    visited[n] = visit;
    if (size == out.length) {
      return -1;
    }
    long bits = Double.doubleToLongBits(low[n]);
    if (last[n] < depth || bits == Double.doubleToLongBits(high[n])) {
      out[size] = bits;
      return size + 1;
    }
    out[size] = OPEN;
    int next = key(nodes[n].left, depth, out, size + 1);
    return nodes[n].right < 0 ? next : key(nodes[n].right, depth, out, next);
  }
}
