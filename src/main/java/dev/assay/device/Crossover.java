package dev.assay.device;

import dev.assay.acquisition.LogExpectedImprovement;
import dev.assay.engine.Box;
import dev.assay.engine.GpEngine;
import dev.assay.engine.GpSession;
import dev.assay.gp.CovarianceFunction;
import dev.assay.problem.Log;
import dev.assay.random.Philox;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// From how many observations on a device is faster than the processor: measured once a machine,
/// device and driver, and kept in the user's cache directory.
final class Crossover {
  private static final Logger LOG = Log.of(Crossover.class);

  /// More than any problem has: the processor is always faster.
  static final int NEVER = Integer.MAX_VALUE;

  private static final int[] SIZES = {32, 64, 128, 256, 512, 1024};
  private static final int DIMENSION = 8;
  private static final int POINTS = 64;

  /// Past this many seconds no larger size is tried.
  private static final double PATIENCE = 2;

  private final @Nullable Path cache;

  /// @param cache the file that measurements are kept in; null for none
  Crossover(@Nullable Path cache) {
    this.cache = cache;
  }

  static Crossover ofUser() {
    var configured = System.getenv("XDG_CACHE_HOME");
    var home = System.getProperty("user.home");
    var directory =
        configured != null && !configured.isBlank()
            ? Path.of(configured)
            : home == null ? null : Path.of(home, ".cache");
    return new Crossover(
        directory == null ? null : directory.resolve("assay").resolve("crossover.properties"));
  }

  /// @param identity of the device: what its [Availability] says
  int between(GpEngine processor, GpEngine device, String identity) {
    var known = read();
    var kept = known.getProperty(identity);
    if (kept != null && kept.matches("\\d{1,9}|" + NEVER)) {
      return Integer.parseInt(kept);
    }
    int from = measure(processor, device);
    LOG.info(
        "Gaussian processes of {} observations and more go to {}: {}",
        from == NEVER ? "no number" : from,
        device.id(),
        identity);
    known.setProperty(identity, Integer.toString(from));
    write(known);
    return from;
  }

  private static int measure(GpEngine processor, GpEngine device) {
    long start = System.nanoTime();
    for (int n : SIZES) {
      try {
        if (seconds(device, n) < seconds(processor, n)) {
          return n;
        }
      } catch (RuntimeException e) {
        LOG.warn("{} failed while it was measured, and is left out: {}", device.id(), e.toString());
        return NEVER;
      }
      if ((System.nanoTime() - start) * 1e-9 > PATIENCE) {
        break;
      }
    }
    return NEVER;
  }

  /// The faster of two runs after one that compiles.
  private static double seconds(GpEngine engine, int n) {
    double best = Double.POSITIVE_INFINITY;
    for (int run = 0; run < 3; run++) {
      long start = System.nanoTime();
      work(engine, n);
      double seconds = (System.nanoTime() - start) * 1e-9;
      best = run == 0 ? best : Math.min(best, seconds);
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

  private Properties read() {
    var known = new Properties();
    if (cache != null && Files.isRegularFile(cache)) {
      try (var in = Files.newBufferedReader(cache)) {
        known.load(in);
      } catch (IOException | IllegalArgumentException e) {
        LOG.info("{} cannot be read, and is measured anew: {}", cache, e.toString());
      }
    }
    return known;
  }

  private void write(Properties known) {
    if (cache == null) {
      return;
    }
    try {
      var directory = cache.toAbsolutePath().getParent();
      Files.createDirectories(directory);
      var fresh = Files.createTempFile(directory, "crossover", ".tmp");
      try (var out = Files.newBufferedWriter(fresh)) {
        known.store(out, null);
      }
      try {
        Files.move(
            fresh, cache, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(fresh, cache, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      LOG.info("{} cannot be written: {}", cache, e.toString());
    }
  }
}
