package dev.assay.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleSupplier;

/// Times a kernel until its median is known well enough.
///
/// @param warmup runs that do not count
/// @param runs that count, at least
/// @param until the half width of the median's 95 % interval, relative to it, that is enough; 0:
///   the runs are all
/// @param most runs that count, at most
/// @param seconds after which it ends with what it has, once it has the least runs
/// @param coldCache whether the device's caches are emptied before each run
public record Measurement(
    int warmup, int runs, double until, int most, double seconds, boolean coldCache) {
  /// A run further from the median than so many median deviations is an outlier: 5 of the standard
  /// deviations of a normal distribution.
  private static final double OUTLIER = 5 * 1.4826;

  /// One may have been disturbed.
  private static final int RUNS_OF_HOPELESS = 2;

  /// One run, in milliseconds.
  @FunctionalInterface
  interface Run {
    double milliseconds() throws KernelFailure;
  }

  /// @param run what is timed
  /// @param hopeless milliseconds; where two runs take longer, no more are made
  /// @param clock seconds of the host, for the limit
  /// @return milliseconds of each run that counts, in order
  List<Double> of(Run run, double hopeless, DoubleSupplier clock) throws KernelFailure {
    double start = clock.getAsDouble();
    for (int i = 0; i < warmup; i++) {
      run.milliseconds();
    }
    var times = new ArrayList<Double>();
    while (times.size() < runs
        || until > 0
            && times.size() < most
            && relativeHalfWidth(times) > until
            && clock.getAsDouble() - start < seconds) {
      times.add(run.milliseconds());
      if (times.size() == RUNS_OF_HOPELESS && Collections.min(times) > hopeless) {
        break;
      }
    }
    return Collections.unmodifiableList(times);
  }

  public static double median(List<Double> times) {
    var sorted = sorted(times);
    int n = sorted.length;
    return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /// Of the median's interval between order statistics (binomial, normal approximation), which asks
  /// for no distribution; infinite where there are too few runs.
  public static double relativeHalfWidth(List<Double> times) {
    int n = times.size();
    int below = (int) Math.floor((n - 1.96 * Math.sqrt(n)) / 2);
    if (below < 1) {
      return Double.POSITIVE_INFINITY;
    }
    var sorted = sorted(times);
    return (sorted[n - below] - sorted[below - 1]) / 2 / median(times);
  }

  /// How many runs are far from the others.
  public static int outliers(List<Double> times) {
    double median = median(times);
    double deviation = median(times.stream().map(time -> Math.abs(time - median)).toList());
    return (int)
        times.stream().filter(time -> Math.abs(time - median) > OUTLIER * deviation).count();
  }

  private static double[] sorted(List<Double> times) {
    var sorted = times.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
