package dev.assay.space;

import dev.assay.random.Philox;
import dev.assay.space.Descent.Existence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The solutions of one [Component].
///
/// What its parameters with few values can be is a [Diagram]. Where it takes too much work, the
/// widest clauses are left out of it; these, and those about a continuum, are *open*: they are
/// looked at once everything is drawn, and what breaks them is drawn anew. Where that succeeds too
/// seldom, draws wander from solution to solution.
final class Conjunction {
  /// Values that may be tried for a diagram: at first, and at most.
  private static final long FIRST_EFFORT = 1 << 14;

  private static final long MOST_EFFORT = 1 << 22;

  /// Draws that show how often something holds: at most, and how many of them are to succeed.
  private static final int PILOT = 100_000;

  private static final int WANTED = 32;

  /// Below this share of successes draws wander.
  private static final double SELDOM = 1e-3;

  /// Parts that may be looked at in search of the first solution.
  private static final int PARTS = 100_000;

  /// Searches downhill for solutions to wander from, and how long each goes on.
  private static final int ATTEMPTS = 8;

  private static final int MOVES = 20;

  private final Component given;

  /// What bounds leave of it.
  private final Component component;

  private final Existence existence;
  private final int dimension;
  private final List<Clause> open;
  private final @Nullable Diagram diagram;
  private final boolean declaredOrder;

  /// Units within which the members with many values lie.
  private final double[] from;

  private final double[] to;
  private final int[] drawnFreely;

  /// Whether it is certain that there is no solution.
  private boolean isEmpty;

  /// How often a draw keeps the open clauses.
  private double success = 1;

  /// Solutions to wander from; empty where drawing succeeds often enough.
  private final List<double[]> starts = new ArrayList<>();

  private final Wandering wandering;

  Conjunction(Component given, Existence existence, int dimension) {
    this.given = given;
    this.existence = existence;
    this.dimension = dimension;
    var bounds = new Bounds(given);
    component = bounds.component();
    from = bounds.from();
    to = bounds.to();
    if (bounds.isEmpty()) {
      isEmpty = true;
      diagram = null;
      declaredOrder = false;
      open = List.of();
      drawnFreely = new int[0];
    } else {
      var built = component.dependsOnMany() ? null : build(component);
      diagram = built == null ? null : built.diagram();
      declaredOrder = built != null && built.declared();
      isEmpty = diagram != null && diagram.root() == Diagram.NOWHERE;
      open = built == null ? component.clauses() : built.open();
      drawnFreely =
          (diagram == null ? component.members() : component.many())
              .stream().mapToInt(Integer::intValue).toArray();
    }
    wandering = new Wandering(component, existence, diagram, open);
    if (!isEmpty && !open.isEmpty()) {
      explore();
    }
  }

  private record Built(Diagram diagram, boolean declared, List<Clause> open) {}

  /// The diagram of as many clauses as it can hold.
  private static Built build(Component component) {
    var open = new ArrayList<Clause>();
    var inside = new ArrayList<>(component.clauses());
    inside.sort(Comparator.comparingInt(clause -> clause.variables().size()));
    long effort = MOST_EFFORT;
    while (true) {
      var part = component.with(inside::contains);
      for (long most = Math.min(FIRST_EFFORT, effort); most <= effort; most *= 16) {
        for (boolean declared : new boolean[] {true, false}) {
          var diagram = diagram(part, declared ? part.few() : part.narrowOrder(), most);
          if (diagram != null) {
            component.clauses().stream()
                .filter(c -> c.variables().stream().anyMatch(i -> !component.isFew(i)))
                .filter(c -> !open.contains(c))
                .forEach(open::add);
            return new Built(diagram, declared, List.copyOf(open));
          }
        }
      }
      open.add(inside.removeLast());
      effort = MOST_EFFORT / 16;
    }
  }

  private static @Nullable Diagram diagram(Component part, List<Integer> few, long effort) {
    var order = part.order(few);
    var exists = new int[order.length];
    var tape = part.tape(order, exists);
    var domains =
        few.stream()
            .map(i -> java.util.Objects.requireNonNull(part.domains().get(i)))
            .toArray(Domain[]::new);
    return new DiagramBuilder(tape, order, domains, Arrays.copyOf(exists, few.size()))
        .build(effort);
  }

  /// Finds out how often the open clauses hold, and a solution to begin with where that is seldom.
  private void explore() {
    var random = new Philox(0, 0);
    var codes = new double[dimension];
    success =
        pilot(() -> {
          boolean found = tryDraw(random, codes);
          if (found) {
            starts.add(codes.clone());
          }
          return found;
        });
    if (success >= SELDOM) {
      starts.clear();
    } else if (starts.isEmpty()) {
      descend(codes);
    }
  }

  /// The share of draws that succeed, of as many as show it.
  static double pilot(BooleanSupplier draw) {
    int found = 0;
    int draws = 0;
    while (draws < PILOT && found < WANTED) {
      draws++;
      found += draw.getAsBoolean() ? 1 : 0;
    }
    return (double) found / draws;
  }

  /// Looks for a first solution: downhill from the best of some draws, then part by part.
  private void descend(double[] codes) {
    var random = new Philox(0, 1);
    for (int attempt = 0; attempt < ATTEMPTS && !component.many().isEmpty(); attempt++) {
      var best = new double[dimension];
      double least = Double.POSITIVE_INFINITY;
      for (int draw = 0; draw < 100; draw++) {
        boolean found = tryDraw(random, codes);
        double violation = found ? 0 : Violation.of(open, codes);
        if (violation < least) {
          least = violation;
          System.arraycopy(codes, 0, best, 0, codes.length);
        }
      }
      if (wandering.improve(random, best, MOVES)) {
        starts.add(best);
      }
    }
    if (starts.isEmpty()) {
      var descent = new Descent(component, existence, random);
      if (descent.find(codes, PARTS)) {
        starts.add(codes.clone());
      } else {
        isEmpty = descent.isProof();
      }
    }
  }

  boolean isProvedEmpty() {
    return isEmpty;
  }

  /// Whether a solution is known, or certain to be drawn.
  boolean isSolved() {
    return !isEmpty && (success >= SELDOM || !starts.isEmpty());
  }

  /// How many solutions there are; -1 where that is not known.
  long count() {
    boolean counted = diagram != null && open.isEmpty() && component.many().isEmpty();
    return isEmpty ? 0 : !counted ? -1 : java.util.Objects.requireNonNull(diagram).count();
  }

  /// The probability that a draw without regard to constraints is a solution, as far as it is
  /// known.
  double share() {
    double share = diagram == null ? 1 : diagram.weight();
    for (int j = 0; j < from.length; j++) {
      share *= to[j] - from[j];
    }
    return share * success;
  }

  /// With what bounds leave of its parameters' values.
  Component component() {
    return component;
  }

  /// As it was given.
  Component given() {
    return given;
  }

  /// The diagram, where it says everything and settles the members in the order of the space.
  @Nullable Diagram ordered() {
    return open.isEmpty() && declaredOrder ? diagram : null;
  }

  /// Writes the codes of the members, drawn evenly in units from those that hold.
  void draw(RandomGenerator random, double[] codes) {
    if (success >= SELDOM) {
      for (int draw = 0; draw < PILOT; draw++) {
        if (tryDraw(random, codes)) {
          return;
        }
      }
    }
    if (starts.isEmpty()) { // as good as impossible; any solution will do
      new Descent(component, existence, random).find(codes, PARTS);
      return;
    }
    var start = starts.get(random.nextInt(starts.size()));
    for (int member : component.members()) {
      codes[member] = start[member];
    }
    wandering.move(random, codes);
  }

  private boolean tryDraw(RandomGenerator random, double[] codes) {
    return at(_ -> random.nextDouble(), codes);
  }

  private void put(int index, double unit, double[] codes) {
    codes[index] =
        existence.test(index, codes)
            ? component.parameters().get(index).distribution().fromUnit(unit)
            : Double.NaN;
  }

  /// Writes the codes of the members at a point of the unit cube.
  ///
  /// @param point gives each parameter of the space a unit value, asked for once
  /// @return false where the point stands for none
  boolean at(IntToDoubleFunction point, double[] codes) {
    if (diagram != null) {
      diagram.at(point, codes);
    }
    int j = 0;
    for (int index : drawnFreely) {
      double u = point.applyAsDouble(index);
      put(index, diagram != null ? from[j] + u * (to[j] - from[j]) : u, codes);
      j++;
    }
    return Clause.hold(open, codes);
  }

  /// Writes codes of the members that hold and lie near others.
  ///
  /// @param goal codes of the space
  void near(double[] goal, Diagram.Cost cost, RandomGenerator random, double[] codes) {
    if (diagram != null) {
      diagram.nearest(cost, codes);
      for (int index : drawnFreely) {
        if (Double.isNaN(goal[index]) && existence.test(index, codes)) {
          put(index, random.nextDouble(), codes);
        } else {
          codes[index] = existence.test(index, codes) ? goal[index] : Double.NaN;
        }
      }
      if (Clause.hold(open, codes)) {
        return;
      }
    }
    draw(random, codes);
    wandering.approach(goal, codes);
  }
}
