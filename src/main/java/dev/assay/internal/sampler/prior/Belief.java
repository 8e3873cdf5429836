package dev.assay.internal.sampler.prior;

import dev.assay.internal.statistics.NormalTail;
import dev.assay.space.Parameter;
import dev.assay.space.Prior;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is expected of one parameter ([Prior]) as a distribution over its place in [0, 1], mixed
/// with an even one, so that nothing is held to be impossible. Densities are relative to the even
/// one.
public sealed interface Belief {
  /// The even one's share.
  double EVEN = 0.05;

  /// @return null where nothing is expected
  static @Nullable Belief of(Parameter parameter) {
    return switch (parameter.prior()) {
      case Prior.Around around ->
          new Normal(
              Axis.of(0, parameter),
              around.centre(parameter.distribution()),
              around.deviation(parameter.distribution()));
      case Prior.Weights weights -> new Options(weights.probabilities());
      case null -> null;
    };
  }

  /// The code of a parameter at a unit value: drawn from what is expected where that is uniform.
  static double code(Parameter parameter, double unit) {
    var belief = of(parameter);
    return parameter.distribution().fromUnit(belief == null ? unit : belief.quantile(unit));
  }

  /// The place in [0, 1] below which the belief has this share. Increasing.
  double quantile(double share);

  /// log p at a value.
  double logDensity(double code);

  /// log p at a place, as of a continuum.
  ///
  /// @param slope out: the derivative; or null
  double logDensity(double place, double @Nullable [] slope);

  /// A normal distribution, cut off at 0 and 1.
  final class Normal implements Belief {
    private static final int HALVINGS = 60;

    private final Axis axis;
    private final double centre;
    private final double deviation;
    private final double mass;

    private Normal(Axis axis, double centre, double deviation) {
      this.axis = axis;
      this.centre = centre;
      this.deviation = deviation;
      mass = mass(0, 1);
    }

    /// What the normal has between two places, without cancellation in its tails.
    private double mass(double from, double to) {
      double low = (from - centre) / deviation;
      double high = (to - centre) / deviation;
      return low > 0
          ? NormalTail.cumulative(-low) - NormalTail.cumulative(-high)
          : NormalTail.cumulative(high) - NormalTail.cumulative(low);
    }

    @Override
    public double quantile(double share) {
      double low = 0;
      double high = 1;
      for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if ((1 - EVEN) * mass(0, middle) / mass + EVEN * middle < share) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return high;
    }

    @Override
    public double logDensity(double code) {
      if (axis.cell() == 0) {
        return logDensity(axis.coordinate(code), null);
      }
      double from = Math.max(0, axis.cellStart(code));
      double to = Math.min(1, axis.cellEnd(code));
      return Math.log(EVEN + (1 - EVEN) * mass(from, to) / mass / (to - from));
    }

    @Override
    public double logDensity(double place, double @Nullable [] slope) {
      double z = (place - centre) / deviation;
      double normal = (1 - EVEN) * NormalTail.density(z) / (deviation * mass);
      if (slope != null) {
        slope[0] = -z / deviation * normal / (EVEN + normal);
      }
      return Math.log(EVEN + normal);
    }
  }

  /// Options, each with a probability.
  final class Options implements Belief {
    private final double[] probabilities;

    private Options(double[] probabilities) {
      int n = probabilities.length;
      this.probabilities =
          Arrays.stream(probabilities).map(p -> EVEN / n + (1 - EVEN) * p).toArray();
    }

    @Override
    public double quantile(double share) {
      int n = probabilities.length;
      double left = share;
      for (int i = 0; i < n - 1; i++) {
        if (left < probabilities[i]) {
          return (i + left / probabilities[i]) / n;
        }
        left -= probabilities[i];
      }
      return Math.min(1, (n - 1 + Math.max(0, left) / probabilities[n - 1]) / n);
    }

    @Override
    public double logDensity(double code) {
      return Math.log(probabilities[(int) code] * probabilities.length);
    }

    @Override
    public double logDensity(double place, double @Nullable [] slope) {
      if (slope != null) {
        slope[0] = 0;
      }
      int n = probabilities.length;
      return logDensity(Math.min(n - 1.0, Math.floor(place * n)));
    }
  }
}
