package dev.assay.compare;

import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import java.util.Arrays;

/// Resamples the seeds of a case with replacement, the same resamples for every contender and every
/// moment, so that pairs stay together (Efron 1979).
final class Bootstrap {
  private static final int RESAMPLES = 1000;

  /// A median and its percentile interval, 95 %.
  record Interval(double median, double low, double high) {}

  private final RunTable table;

  /// RESAMPLES × seeds.
  private final int[][] drawn;

  Bootstrap(RunTable table) {
    this.table = table;
    int n = table.seeds();
    var streams = new Streams(table.firstSeed());
    drawn = new int[RESAMPLES][n];
    for (int i = 0; i < RESAMPLES; i++) {
      var random = streams.stream(i, Purpose.BOOTSTRAP);
      Arrays.setAll(drawn[i], _ -> random.nextInt(n));
    }
  }

  /// Of the losses of one contender, one for each seed.
  Interval interval(double[] losses) {
    var medians = new double[RESAMPLES];
    Arrays.setAll(medians, i -> median(resampled(losses, drawn[i])));
    Arrays.sort(medians);
    return new Interval(
        median(losses),
        medians[(int) (0.025 * (RESAMPLES - 1))],
        medians[(int) Math.ceil(0.975 * (RESAMPLES - 1))]);
  }

  /// How often each contender's median is the best; equal ones share.
  double[] probabilitiesBest() {
    var shares = new double[table.contenders()];
    var medians = new double[shares.length];
    for (var draw : drawn) {
      Arrays.setAll(medians, c -> median(resampled(table.losses(c), draw)));
      double best = Arrays.stream(medians).min().orElseThrow();
      long equal = Arrays.stream(medians).filter(m -> m == best).count();
      Arrays.setAll(shares, c -> shares[c] + (medians[c] == best ? 1.0 / equal : 0));
    }
    return Arrays.stream(shares).map(share -> share / RESAMPLES).toArray();
  }

  private static double[] resampled(double[] losses, int[] draw) {
    var sample = new double[draw.length];
    Arrays.setAll(sample, s -> losses[draw[s]]);
    return sample;
  }

  /// Of any values; the mean of the middle two where their number is even, the larger one where
  /// that is infinite.
  static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
