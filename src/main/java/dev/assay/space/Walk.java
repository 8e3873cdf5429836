package dev.assay.space;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The solutions of a finite space one after the other, the last parameter varying fastest, found
/// as they are asked for.
///
/// Along a component's diagram every step leads to a solution. Where a diagram says not everything,
/// or settles its parameters in another order, a value is passed over as soon as bounds exclude it.
final class Walk implements Supplier<double @Nullable []> {
  private final DerivedSolutions solutions;
  private final int d;

  /// The codes up to the level that is being worked on.
  private final double[] codes;

  /// By parameter: which value is next; and along a diagram the node where it stands.
  private final long[] next;

  private final int[] nodes;
  private int level;

  Walk(DerivedSolutions solutions) {
    this.solutions = solutions;
    d = solutions.dimension();
    codes = new double[d];
    next = new long[d];
    nodes = new int[d];
    level = solutions.isProvedEmpty() ? -1 : 0;
    if (level == 0) {
      enter(0);
    }
  }

  /// The next solution's codes; null at the end.
  @Override
  public double @Nullable [] get() {
    while (level >= 0) {
      if (!advance(level)) {
        leave(level--);
      } else if (level == d - 1) {
        if (solutions.holds(codes)) {
          return codes.clone();
        }
      } else {
        enter(++level);
      }
    }
    return null;
  }

  private void enter(int i) {
    next[i] = 0;
    var place = solutions.place(i);
    if (place != null && place.diagram() != null) {
      nodes[i] =
          place.before() < 0
              ? place.diagram().root()
              : place.diagram().child(chosenEdge(place.before()));
      next[i] = place.diagram().firstEdge(nodes[i]);
    }
  }

  /// Edges are counted from the first of all; next has gone one beyond the one that was taken.
  private int chosenEdge(int i) {
    return (int) next[i] - 1;
  }

  private boolean advance(int i) {
    var place = solutions.place(i);
    if (place != null && place.diagram() != null) {
      if (next[i] == place.diagram().endOfEdges(nodes[i])) {
        return false;
      }
      codes[i] = place.diagram().code((int) next[i]++);
      return true;
    }
    if (!solutions.exists(i, codes)) {
      codes[i] = Double.NaN;
      return next[i]++ == 0 && settles(place, Double.NaN);
    }
    while (next[i] < solutions.size(i)) {
      codes[i] = solutions.code(i, next[i]++);
      if (settles(place, codes[i])) {
        return true;
      }
    }
    return false;
  }

  private static boolean settles(DerivedSolutions.@Nullable Place place, double code) {
    return place == null || place.tape().settle(place.variable(), code, code);
  }

  private void leave(int i) {
    var place = solutions.place(i);
    if (place != null && place.diagram() == null) {
      place.tape().release(place.variable());
    }
  }
}
