package dev.assay.internal.sampler.genetic;

import dev.assay.internal.sampler.prior.Axis;
import dev.assay.internal.sampler.prior.Belief;
import dev.assay.space.SearchSpace;
import java.util.random.RandomGenerator;

/// Children of two configurations, gene by gene.
///
/// Uniform crossover; polynomial mutation of ordered parameters (Deb and Agrawal 1995), another
/// option for unordered ones. A parameter that neither parent gives, because it does not exist
/// under its choices, is drawn uniformly, or from its prior.
///
/// @param crossover the probability that a child has two parents and not one
/// @param swap the probability that a gene is the second parent's
/// @param mutation the probability that a gene mutates; 0: 1/d
/// @param eta the mutation's index: the larger, the smaller its steps
record Breeding(SearchSpace space, double crossover, double swap, double mutation, double eta) {
  /// Codes of a child; those of parameters that do not exist are NaN.
  double[] child(double[] mother, double[] father, RandomGenerator random) {
    int d = space.dimension();
    var codes = new double[d];
    boolean crossed = random.nextDouble() < crossover;
    double rate = mutation > 0 ? mutation : 1.0 / d;
    for (int i = 0; i < d; i++) {
      if (!space.exists(i, codes)) {
        codes[i] = Double.NaN;
        continue;
      }
      boolean second = crossed && random.nextDouble() < swap;
      double code = second ? father[i] : mother[i];
      if (Double.isNaN(code)) {
        code = second ? mother[i] : father[i];
      }
      boolean fresh = Double.isNaN(code);
      if (fresh) {
        code = Belief.code(space.parameters().get(i), random.nextDouble());
      } else if (random.nextDouble() < rate) {
        code = mutated(Axis.of(i, space.parameters().get(i)), code, random);
      }
      codes[i] = code;
    }
    return codes;
  }

  private double mutated(Axis axis, double code, RandomGenerator random) {
    if (axis.isCategory()) {
      if (axis.options() == 1) {
        return code;
      }
      int other = random.nextInt(axis.options() - 1);
      return other < code ? other : other + 1;
    }
    double moved = axis.code(polynomial(axis.coordinate(code), random.nextDouble()));
    // A step within the cell would be none.
    return moved == code && axis.cell() > 0 && axis.cell() < 1
        ? neighbour(axis, code, random)
        : moved;
  }

  private static double neighbour(Axis axis, double code, RandomGenerator random) {
    double nudge = random.nextBoolean() ? 1e-9 : -1e-9;
    double at = nudge > 0 ? axis.cellEnd(code) + nudge : axis.cellStart(code) + nudge;
    return axis.code(
        at < 0 ? axis.cellEnd(code) + 1e-9 : at > 1 ? axis.cellStart(code) - 1e-9 : at);
  }

  /// The mutation of Deb and Agrawal, as Deb's later code has it: bounded by [0, 1].
  private double polynomial(double x, double u) {
    double power = 1 / (eta + 1);
    double delta =
        u < 0.5
            ? Math.pow(2 * u + (1 - 2 * u) * Math.pow(1 - x, eta + 1), power) - 1
            : 1 - Math.pow(2 * (1 - u) + (2 * u - 1) * Math.pow(x, eta + 1), power);
    return Math.clamp(x + delta, 0.0, 1.0);
  }
}
