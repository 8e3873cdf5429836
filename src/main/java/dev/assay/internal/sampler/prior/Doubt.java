package dev.assay.internal.sampler.prior;

import dev.assay.space.Distribution;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/// How much what was found contradicts what was expected of one parameter.
public final class Doubt {
  /// Places of a belief by which it is known what is usual.
  private static final int PLACES = 64;

  private static final double LEAST_DEVIATION = 0.1;

  private final Belief belief;

  /// Of log p, as draws from the belief have it.
  private final double mean;

  private final double deviation;

  public Doubt(Belief belief, Distribution distribution) {
    this.belief = belief;
    var usual = new double[PLACES];
    for (int k = 0; k < PLACES; k++) {
      double place = belief.quantile((k + 0.5) / PLACES);
      usual[k] = belief.logDensity(distribution.fromUnit(place));
    }
    mean = Arrays.stream(usual).average().orElseThrow();
    double variance =
        Arrays.stream(usual).map(log -> (log - mean) * (log - mean)).average().orElseThrow();
    deviation = Math.max(LEAST_DEVIATION, Math.sqrt(variance));
  }

  /// What is left of the belief's weight: 1 / e for each standard deviation but the first by which
  /// the values lie further out than draws from it.
  ///
  /// @param codes of the best trials; of none, all is left
  public double left(DoubleStream codes) {
    double found = codes.map(belief::logDensity).average().orElse(mean);
    return Math.exp(-Math.max(0, (mean - found) / deviation - 1));
  }
}
