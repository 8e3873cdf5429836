package dev.assay.device;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.words.Log;
import dev.assay.random.Philox;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// From how many observations on a device is faster than the processor: measured once a device,
/// driver and build, and kept in the user's cache directory for a time.
final class Crossover {
  private static final Logger LOG = Log.of(Crossover.class);

  /// More than any problem has: the processor is always faster.
  static final int NEVER = Integer.MAX_VALUE;

  private static final int[] SIZES = {32, 64, 128, 256, 512, 1024};
  private static final int DIMENSION = 8;
  private static final int POINTS = 64;

  /// Timed runs of a size, of which the fastest counts.
  private static final int RUNS = 3;

  /// Where one run takes longer on the device no larger size is tried.
  private static final double PATIENCE_SECONDS = 1;

  /// Likewise where all that were timed took longer.
  private static final double ALL_SECONDS = 6;

  private static final Duration KEPT = Duration.ofDays(30);

  /// That the processor is always faster may be because somebody else was calculating.
  private static final Duration NEVER_KEPT = Duration.ofDays(1);

  private final DeviceCache cache;
  private final LongSupplier nanoTime;

  Crossover(DeviceCache cache) {
    this(cache, System::nanoTime);
  }

  /// @param nanoTime as [System#nanoTime]
  Crossover(DeviceCache cache, LongSupplier nanoTime) {
    this.cache = cache;
    this.nanoTime = nanoTime;
  }

  /// @param file that measurements are kept in; null for none
  Crossover(@Nullable Path file) {
    this(new DeviceCache(file, InstantSource.system()));
  }

  /// @param identity of both: devices, driver, build
  int between(GpEngine processor, GpEngine device, String identity) {
    var kept = cache.get(identity, KEPT);
    if (kept != null && kept.matches("[1-9]\\d{0,8}")) {
      return Integer.parseInt(kept);
    }
    if (Integer.toString(NEVER).equals(cache.get(identity, NEVER_KEPT))) {
      return NEVER;
    }
    try {
      int from = measure(processor, device);
      LOG.info(
          "Gaussian processes of {} observations and more go to {}: {}",
          from == NEVER ? "no number" : from,
          device.id(),
          identity);
      cache.put(identity, Integer.toString(from));
      return from;
    } catch (RuntimeException e) { // says nothing of how fast it is when it works
      LOG.warn("{} failed while it was measured, and is left out: {}", device.id(), e.toString());
      return NEVER;
    }
  }

  private int measure(GpEngine processor, GpEngine device) {
    double all = 0;
    for (int n : SIZES) {
      double there = seconds(device, n);
      double here = seconds(processor, n);
      if (there < here) {
        return n;
      }
      all += RUNS * (there + here);
      if (there > PATIENCE_SECONDS || all > ALL_SECONDS) {
        break;
      }
    }
    return NEVER;
  }

  /// The fastest of some runs after one that opens, loads and compiles.
  private double seconds(GpEngine engine, int n) {
    work(engine, n);
    double best = Double.POSITIVE_INFINITY;
    for (int run = 0; run < RUNS; run++) {
      long start = nanoTime.getAsLong();
      work(engine, n);
      best = Math.min(best, (nanoTime.getAsLong() - start) * 1e-9);
    }
    return best;
  }

  /// What a suggestion is made of: likelihoods, conditioning, acquisition with gradients.
  private static void work(GpEngine engine, int n) {
    var random = new Philox(n, 0);
    var x = random.doubles((long) n * DIMENSION).toArray();
    var y = random.doubles(n).map(v -> v - 0.5).toArray();
    var covariance = CovarianceFunction.product();
    int p = covariance.roles(DIMENSION).size() + 2;
    var theta = new double[2 * p];
    Arrays.fill(theta, -0.5);
    theta[p - 2] = theta[2 * p - 2] = -6; // log noise
    try (var session = engine.open(Box.continuous(DIMENSION))) {
      session.observe(x, new double[][] {y});
      session.logLikelihood(covariance, 0, theta, new double[2], new double[2 * p]);
      session.condition(
          java.util.List.of(new GpSession.Model(covariance, Arrays.copyOf(theta, p), 0)));
      var points = random.doubles((long) POINTS * DIMENSION).toArray();
      session.acquisition(
          new LogExpectedImprovement(0, -0.5),
          points,
          new double[POINTS],
          new double[POINTS * DIMENSION]);
    }
  }
}
