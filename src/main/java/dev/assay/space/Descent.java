package dev.assay.space;

import java.util.random.RandomGenerator;

/// Looks for one solution where drawing finds none: halves the parameters' ranges in turn, drops a
/// part as soon as bounds exclude it, and goes into the halves in random order (branch and prune,
/// Van Hentenryck, McAllester and Kapur 1997). What comes to its end without a solution has proved
/// that there is none.
final class Descent {
  /// Narrower parts of a continuous range count as one point.
  private static final double FINEST = 0x1p-40;

  private final Component component;
  private final Existence existence;
  private final int[] order;
  private final int few;
  private final Tape tape;
  private final RandomGenerator random;

  /// Bounds by variable: indices of a domain's sorted codes, or units.
  private final double[] from;

  private final double[] to;
  private final double[][] sorted;
  private int budget;
  private boolean complete = true;

  /// Whether parameter i exists under the codes of those before it.
  interface Existence {
    boolean test(int parameter, double[] codes);
  }

  Descent(Component component, Existence existence, RandomGenerator random) {
    this.component = component;
    this.existence = existence;
    this.random = random;
    var members = component.few();
    few = members.size();
    order = component.order(members);
    tape = component.tape(order, new int[order.length]);
    from = new double[order.length];
    to = new double[order.length];
    sorted = new double[few][];
    for (int v = 0; v < order.length; v++) {
      if (v < few) {
        sorted[v] = component.bounds(order[v]).clone();
        java.util.Arrays.sort(sorted[v]);
      }
      to[v] = v < few ? sorted[v].length - 1 : 1;
    }
  }

  /// @param codes out: those of the component's members
  /// @param parts how many may be looked at
  /// @return whether a solution was found
  boolean find(double[] codes, int parts) {
    budget = parts;
    complete = true;
    return tape.isPossible() && search(codes);
  }

  /// Whether the last search that found nothing has seen everything.
  boolean isProof() {
    return complete;
  }

  private boolean search(double[] codes) {
    if (sample(codes)) {
      return true;
    }
    int v = widest();
    if (v < 0) {
      // Of finitely many points this was one; of a continuum it is a part too small to divide.
      complete &= isPoint();
      return false;
    }
    if (--budget < 0) {
      complete = false;
      return false;
    }
    double low = from[v];
    double high = to[v];
    double middle = v < few ? Math.floor((low + high) / 2) : (low + high) / 2;
    boolean upper = random.nextBoolean();
    boolean found = half(v, upper, low, middle, high, codes);
    if (!found && budget >= 0) {
      found = half(v, !upper, low, middle, high, codes);
    }
    from[v] = low;
    to[v] = high;
    settle(v);
    return found;
  }

  private boolean half(
      int v, boolean upper, double low, double middle, double high, double[] codes) {
    from[v] = !upper ? low : v < few ? middle + 1 : middle;
    to[v] = upper ? high : middle;
    return settle(v) && search(codes);
  }

  private boolean settle(int v) {
    return v < few
        ? tape.settle(v, sorted[v][(int) from[v]], sorted[v][(int) to[v]])
        : tape.settle(v, code(v, from[v]), code(v, to[v]));
  }

  private double code(int v, double unit) {
    return component.parameters().get(order[v]).distribution().fromUnit(unit);
  }

  /// The variable whose part is the largest share of its range; -1 where all are points.
  private int widest() {
    int widest = -1;
    double most = FINEST;
    for (int v = 0; v < order.length; v++) {
      double width = (to[v] - from[v]) / (v < few ? sorted[v].length : 1);
      if (width > most && (v < few || code(v, from[v]) < code(v, to[v]))) {
        most = width;
        widest = v;
      }
    }
    return widest;
  }

  private boolean isPoint() {
    for (int v = few; v < order.length; v++) {
      if (code(v, from[v]) < code(v, to[v])) {
        return false;
      }
    }
    return true;
  }

  /// Tries a random point of the part.
  private boolean sample(double[] codes) {
    for (int v = 0; v < order.length; v++) {
      double u = random.nextDouble();
      codes[order[v]] =
          v < few
              ? sorted[v][(int) (from[v] + Math.floor(u * (to[v] - from[v] + 1)))]
              : code(v, from[v] + u * (to[v] - from[v]));
    }
    for (int member : component.members()) {
      if (!existence.test(member, codes)) {
        codes[member] = Double.NaN;
      }
    }
    return Clause.hold(component.clauses(), codes);
  }
}
