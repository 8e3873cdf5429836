package dev.assay.space;

import dev.assay.space.Descent.Existence;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Draws from a part of the unit cube that is too small to be hit at random, given one point in it:
/// hit-and-run (Smith 1984), whose steps are uniform on the chord through the current point; where
/// the chord is not known, it shrinks around that point until a step is allowed (Neal 2003, section
/// 4), which leaves the uniform distribution as it is, whatever the part's shape.
///
/// Directions are one parameter's, two parameters' in the ratio in which their sum or their
/// difference stays, or random ones: bands around sums and orderings are long along those. In
/// between, the parameters with few values are drawn anew from their diagram and kept where
/// everything still holds. The draws are uniform as far as the steps mix: parts of the set that no
/// such step connects are reached only from starts in them.
final class Wandering {
  /// Times that a chord is shrunk.
  private static final int SHRINKS = 48;

  private final Component component;
  private final Existence existence;
  private final @Nullable Diagram diagram;
  private final int[] many;
  private final List<Clause> open;
  private final int steps;

  /// How much the open clauses may be broken; 0 but on the way to a first solution.
  private double allowed;

  /// @param open the clauses that a solution of the diagram may break
  Wandering(
      Component component, Existence existence, @Nullable Diagram diagram, List<Clause> open) {
    this.component = component;
    this.existence = existence;
    this.diagram = diagram;
    this.open = open;
    many = component.many().stream().mapToInt(Integer::intValue).toArray();
    steps = 40 * (many.length + 2);
  }

  /// Moves from one solution to another.
  ///
  /// @param codes of the space; those of the component's members are a solution, and are one again
  void move(RandomGenerator random, double[] codes) {
    var units = new double[many.length];
    for (int j = 0; j < many.length; j++) {
      double code = codes[many[j]];
      units[j] = Double.isNaN(code) ? random.nextDouble() : inCell(random, many[j], code);
    }
    for (int step = 0; step < steps; step++) {
      if (diagram != null && step % 8 == 7) {
        redraw(random, units, codes);
      } else if (many.length > 0) {
        run(random, direction(random), units, codes);
      }
      allowed = allowed > 0 ? Math.min(allowed, Violation.of(open, codes)) : 0;
    }
  }

  private boolean isAllowed(double[] codes) {
    return allowed > 0 ? Violation.of(open, codes) <= allowed : Clause.hold(open, codes);
  }

  /// Moves to a solution from a point that breaks open clauses: as before, but to where they are
  /// broken less and less.
  ///
  /// @param moves how many, each of many steps
  /// @return whether a solution was found
  boolean improve(RandomGenerator random, double[] codes, int moves) {
    for (int move = 0; move < moves && !Clause.hold(open, codes); move++) {
      allowed = Violation.of(open, codes);
      move(random, codes);
    }
    allowed = 0;
    return Clause.hold(open, codes);
  }

  /// A unit value that stands for a code: of a whole number any that rounds to it.
  private double inCell(RandomGenerator random, int index, double code) {
    var distribution = component.parameters().get(index).distribution();
    double unit = distribution.toUnit(code);
    double width = 1.0 / distribution.count().orElse(Long.MAX_VALUE);
    double other = Math.clamp(unit + width * (random.nextDouble() - 0.5), 0.0, 1.0);
    return distribution.fromUnit(other) == code ? other : unit;
  }

  private void redraw(RandomGenerator random, double[] units, double[] codes) {
    var before = codes.clone();
    java.util.Objects.requireNonNull(diagram).draw(random, codes);
    write(units, codes);
    if (!isAllowed(codes)) {
      System.arraycopy(before, 0, codes, 0, codes.length);
    }
  }

  private double[] direction(RandomGenerator random) {
    var direction = new double[many.length];
    int kind = random.nextInt(4);
    int first = random.nextInt(many.length);
    if (kind == 0 || many.length == 1) {
      direction[first] = 1;
    } else if (kind == 1) {
      for (int j = 0; j < direction.length; j++) {
        direction[j] = random.nextGaussian();
      }
    } else {
      int second = (first + 1 + random.nextInt(many.length - 1)) % many.length;
      direction[first] = 1 / span(first);
      direction[second] = (kind == 2 ? -1 : 1) / span(second);
    }
    return direction;
  }

  private double span(int j) {
    return switch (component.parameters().get(many[j]).distribution()) {
      case FloatRange(var low, var high, var log, _) when !log -> high - low;
      case IntRange(var low, var high, var log, _) when !log -> high - low;
      case FloatRange _, IntRange _, Choice _ -> 1;
    };
  }

  /// One step along a direction.
  private void run(RandomGenerator random, double[] direction, double[] units, double[] codes) {
    double low = Double.NEGATIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;
    for (int j = 0; j < units.length; j++) {
      if (direction[j] != 0) {
        double a = -units[j] / direction[j];
        double b = (1 - units[j]) / direction[j];
        low = Math.max(low, Math.min(a, b));
        high = Math.min(high, Math.max(a, b));
      }
    }
    var start = units.clone();
    for (int shrink = 0; shrink < SHRINKS; shrink++) {
      double length = low + (high - low) * random.nextDouble();
      for (int j = 0; j < units.length; j++) {
        units[j] = Math.clamp(start[j] + length * direction[j], 0.0, 1.0);
      }
      write(units, codes);
      if (isAllowed(codes)) {
        return;
      }
      if (length < 0) {
        low = length;
      } else {
        high = length;
      }
    }
    System.arraycopy(start, 0, units, 0, units.length);
    write(units, codes);
  }

  private void write(double[] units, double[] codes) {
    for (int j = 0; j < units.length; j++) {
      codes[many[j]] =
          existence.test(many[j], codes)
              ? component.parameters().get(many[j]).distribution().fromUnit(units[j])
              : Double.NaN;
    }
  }

  /// Writes a point between a solution and another point, as near to the latter as the line allows.
  ///
  /// @param goal of the space; members with few values are taken from `codes`
  /// @param codes in: a solution; out: another one
  void approach(double[] goal, double[] codes) {
    var from = new double[many.length];
    var to = new double[many.length];
    for (int j = 0; j < many.length; j++) {
      var distribution = component.parameters().get(many[j]).distribution();
      double here = codes[many[j]];
      double there = goal[many[j]];
      from[j] = Double.isNaN(here) ? 0.5 : distribution.toUnit(here);
      to[j] = Double.isNaN(there) ? from[j] : distribution.toUnit(there);
    }
    double reached = 0;
    double missed = 1;
    var units = new double[many.length];
    var found = Arrays.copyOf(codes, codes.length);
    for (int halving = 0; halving < 30; halving++) {
      double share = halving == 0 ? 1 : (reached + missed) / 2;
      for (int j = 0; j < many.length; j++) {
        units[j] = from[j] + share * (to[j] - from[j]);
      }
      write(units, codes);
      if (isAllowed(codes)) {
        reached = share;
        System.arraycopy(codes, 0, found, 0, codes.length);
        if (halving == 0) {
          break;
        }
      } else {
        missed = share;
      }
    }
    System.arraycopy(found, 0, codes, 0, codes.length);
  }
}
