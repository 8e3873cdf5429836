package dev.assay.internal.surrogate;

import dev.assay.gp.ParameterRole;
import java.util.Arrays;
import java.util.List;

/// Where to look next in many dimensions: a box around the best point, wider where the model's
/// length scales are long, that grows after successes and shrinks after failures. TuRBO, Eriksson
/// et al. 2019, section 2, with one region.
///
/// Its size follows from the order of the outcomes alone, so that it needs no memory. Failures are
/// counted by outcome: in batches of q it shrinks after as many outcomes as one by one, as does
/// TuRBO, which counts batches, max(4, d)/q of them. A region that has shrunk to nothing is opened
/// to the whole box again, where TuRBO starts afresh: what is known stays known.
///
/// @param low d lower bounds
/// @param high d upper bounds
@SuppressWarnings("ArrayRecordComponent")
record TrustRegion(double[] low, double[] high) {
  private static final double FIRST = 0.8;
  private static final double LARGEST = 1.6;
  private static final double SMALLEST = 1.0 / 128;
  private static final int SUCCESSES = 3;

  /// A success gains more than this share of the best value.
  private static final double GAIN = 1e-3;

  /// @param points n × d, in the order in which their values became known
  /// @param values n outputs, to be minimised
  /// @param start how many of them were there before the region
  /// @param roles what the model's hyperparameters are
  /// @param theta the model's hyperparameters
  static TrustRegion of(
      double[] points, double[] values, int start, List<ParameterRole> roles, double[] theta) {
    int d = points.length / values.length;
    double side = side(values, start, d);
    int best = SurrogateModels.order(values)[0];
    var weights = weights(roles, theta, d);
    var low = new double[d];
    var high = new double[d];
    for (int j = 0; j < d; j++) {
      double half = weights[j] * side / 2;
      double centre = points[best * d + j];
      low[j] = Math.clamp(centre - half, 0, 1);
      high[j] = Math.clamp(centre + half, 0, 1);
    }
    return new TrustRegion(low, high);
  }

  static double side(double[] values, int start, int d) {
    double side = FIRST;
    double best = Double.POSITIVE_INFINITY;
    int successes = 0;
    int failures = 0;
    for (int i = 0; i < values.length; i++) {
      boolean success =
          values[i] < best - GAIN * Math.abs(best) || best == Double.POSITIVE_INFINITY;
      best = Math.min(best, values[i]);
      if (i < start) {
        continue;
      }
      successes = success ? successes + 1 : 0;
      failures = success ? 0 : failures + 1;
      if (successes == SUCCESSES) {
        side = Math.min(2 * side, LARGEST);
        successes = 0;
      } else if (failures == Math.max(4, d)) {
        side = side / 2 < SMALLEST ? 2 : side / 2;
        failures = 0;
      }
    }
    return side;
  }

  /// Length scales divided by their geometric mean.
  private static double[] weights(List<ParameterRole> roles, double[] theta, int d) {
    var logs = new double[d];
    int found = 0;
    for (int i = 0; i < theta.length && found < d; i++) {
      if (roles.get(i) == ParameterRole.LENGTH_SCALE) {
        logs[found++] = theta[i];
      }
    }
    double mean = found == d ? Arrays.stream(logs).average().orElse(0) : 0;
    var weights = new double[d];
    for (int j = 0; j < d; j++) {
      weights[j] = found == d ? Math.exp(logs[j] - mean) : 1;
    }
    return weights;
  }
}
