package dev.assay.internal.surrogate;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;

/// What models expect everywhere on a grid of one dimension, for tests that work out by themselves
/// which of its points is the best.
///
/// @param means by model and position
/// @param deviations by model and position
@SuppressWarnings("ArrayRecordComponent")
record GridModels(double[][] means, double[][] deviations) {
  static final double[] POSITIONS = IntStream.range(0, 41).mapToDouble(i -> i / 40.0).toArray();

  static final Box BOX = new Box(List.of(new Coordinate.Grid(POSITIONS)));

  static final NormalDistribution NORMAL = new NormalDistribution(0, 1);

  static double[] values(double[] points, DoubleUnaryOperator function) {
    return Arrays.stream(points).map(function).toArray();
  }

  static GridModels of(Known known, List<FittedModels.Weighted> models) {
    var means = new double[models.size()][POSITIONS.length];
    var deviations = new double[models.size()][POSITIONS.length];
    try (var session = GpEngine.standard().open(BOX)) {
      session.observe(
          known.points(),
          models.stream().map(FittedModels.Weighted::outputs).toArray(double[][]::new));
      session.condition(
          IntStream.range(0, means.length).mapToObj(k -> model(models.get(k), k)).toList());
      for (int k = 0; k < means.length; k++) {
        session.predict(k, POSITIONS, means[k], deviations[k]);
        deviations[k] = values(deviations[k], v -> Math.sqrt(Math.max(1e-20, v)));
      }
    }
    return new GridModels(means, deviations);
  }

  private static GpSession.Model model(FittedModels.Weighted model, int output) {
    return new GpSession.Model(model.member().covariance(), model.theta(), output);
  }

  /// P(output < bound).
  double below(int model, int position, double bound) {
    return NORMAL.cumulativeProbability(
        (bound - means[model][position]) / deviations[model][position]);
  }

  /// E[max(0, incumbent - output)].
  double improvement(int model, int position, double incumbent) {
    double s = deviations[model][position];
    double u = (incumbent - means[model][position]) / s;
    return s * (u * NORMAL.cumulativeProbability(u) + NORMAL.density(u));
  }

  /// The first position where something is largest.
  static int best(IntToDoubleFunction value) {
    int best = 0;
    for (int i = 1; i < POSITIONS.length; i++) {
      best = value.applyAsDouble(i) > value.applyAsDouble(best) ? i : best;
    }
    return best;
  }

  static double[] standardised(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance =
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    return values(values, v -> (v - mean) / Math.sqrt(variance));
  }
}
