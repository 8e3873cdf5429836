package dev.assay.space;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The solutions of a finite space one after the other, the last parameter varying fastest, found
/// as they are asked for.
///
/// Along a component's diagram every step leads to a solution. Where a diagram says not everything,
/// or settles its parameters in another order, a value is passed over as soon as bounds exclude it.
final class Walk implements Supplier<double @Nullable []> {
  private final SearchSpace space;
  private final List<@Nullable Domain> domains;
  private final int d;

  /// By parameter; null for a free one.
  private final @Nullable Place[] places;

  /// The codes up to the level that is being worked on.
  private final double[] codes;

  /// By parameter: which value is next; and along a diagram the node where it stands.
  private final long[] next;

  private final int[] nodes;
  private int level;

  /// How a walk settles a parameter.
  ///
  /// @param diagram its component's, where it can be followed in the order of the space
  /// @param before the component's parameter before this one, -1: none
  /// @param tape of the component, where there is no diagram; the walk's own, since it holds what
  ///   was settled
  /// @param variable which of the tape's this one is
  private record Place(@Nullable Diagram diagram, int before, Tape tape, int variable) {}

  Walk(SearchSpace space, List<@Nullable Domain> domains, List<Conjunction> conjunctions) {
    this.space = space;
    this.domains = domains;
    d = space.dimension();
    places = places(d, conjunctions);
    codes = new double[d];
    next = new long[d];
    nodes = new int[d];
    level = conjunctions.stream().anyMatch(Conjunction::isProvedEmpty) ? -1 : 0;
    if (level == 0) {
      enter(0);
    }
  }

  private static @Nullable Place[] places(int dimension, List<Conjunction> conjunctions) {
    var all = new Place[dimension];
    for (var conjunction : conjunctions) {
      var component = conjunction.component();
      var order = component.order(component.few());
      var tape = component.tape(order, new int[order.length]);
      int before = -1;
      for (int v = 0; v < order.length; v++) {
        all[order[v]] = new Place(conjunction.ordered(), before, tape, v);
        before = order[v];
      }
    }
    return all;
  }

  /// The next solution's codes; null at the end.
  @Override
  public double @Nullable [] get() {
    while (level >= 0) {
      if (!advance(level)) {
        leave(level--);
      } else if (level == d - 1) {
        var found = codes.clone();
        if (space.satisfies(new Configuration(space, found))) {
          return found;
        }
      } else {
        enter(++level);
      }
    }
    return null;
  }

  private void enter(int i) {
    next[i] = 0;
    var place = places[i];
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
    var place = places[i];
    if (place != null && place.diagram() != null) {
      if (next[i] == place.diagram().endOfEdges(nodes[i])) {
        return false;
      }
      codes[i] = place.diagram().code((int) next[i]++);
      return true;
    }
    if (!space.exists(i, codes)) {
      codes[i] = Double.NaN;
      return next[i]++ == 0 && settles(place, Double.NaN);
    }
    while (next[i] < size(i)) {
      codes[i] = code(i, next[i]++);
      if (settles(place, codes[i])) {
        return true;
      }
    }
    return false;
  }

  /// How many codes a parameter has.
  private long size(int i) {
    var domain = domains.get(i);
    return domain == null
        ? space.parameters().get(i).distribution().count().orElseThrow()
        : domain.size();
  }

  /// A parameter's k-th code.
  private double code(int i, long k) {
    var domain = domains.get(i);
    return domain == null
        ? space.parameters().get(i).distribution().nth(k)
        : domain.codes()[(int) k];
  }

  private static boolean settles(@Nullable Place place, double code) {
    return place == null || place.tape().settle(place.variable(), code, code);
  }

  private void leave(int i) {
    var place = places[i];
    if (place != null && place.diagram() == null) {
      place.tape().release(place.variable());
    }
  }
}
