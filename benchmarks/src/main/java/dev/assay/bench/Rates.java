package dev.assay.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Turns times of single operations into rates, and holds them against the machine's ceilings.
///
/// Operations are counted as the arithmetic needs them, not as an implementation does them: what is
/// saved by symmetry is not counted, what is wasted is not either.
final class Rates {
  private static final int D = GpOperationsBenchmark.D;
  private static final int M = GpOperationsBenchmark.CANDIDATES;

  /// Floating-point operations of one call, by n. An exponential and a root count as one each.
  private static final Map<String, ToDoubleFunction<Integer>> OPERATIONS =
      Map.of(
          "GpOperationsBenchmark.cholesky", n -> (double) n * n * n / 3,
          "GpOperationsBenchmark.solve", n -> (double) M * n * n,
          // K: n²/2 pairs of 3d + 8; L: n³/3; K⁻¹: 2n³/3; gradient: n²/2 pairs of 3d.
          "GpOperationsBenchmark.likelihoodAndGradient",
              n -> (double) n * n * n + n * (double) n * (3.0 * D + 4),
          "GpOperationsBenchmark.condition",
              n -> (double) n * n * n / 3 + n * (double) n / 2 * (3.0 * D + 8),
          // k*: m·n pairs; the mean 2mn; the variance m·n².
          "GpOperationsBenchmark.posterior", n -> M * (n * (3.0 * D + 10) + (double) n * n),
          // The same twice over for the gradient: L⁻ᵀ, and 4d for each pair.
          "GpOperationsBenchmark.acquisitionAndGradient",
              n -> M * (n * (7.0 * D + 14) + 2.0 * n * n));

  private Rates() {}

  /// A rate for each measured time of a known operation.
  static List<Measurement> of(List<Measurement> times, Ceilings ceilings) {
    var rates = new ArrayList<Measurement>();
    double doubles = Ceilings.best(ceilings.dgemm());
    double floats = Ceilings.best(ceilings.sgemm());
    for (var time : times) {
      var operations = OPERATIONS.get(time.benchmark());
      if (operations != null && time.unit().equals("ms/op")) {
        int n = Integer.parseInt(time.parameters().getOrDefault("n", "0"));
        rates.add(rate(time, operations.applyAsDouble(n) / 1e6, doubles, "DGEMM"));
      } else if (time.benchmark().equals("TrainBenchmark.sample")) {
        var shape = time.parameters().getOrDefault("shape", "");
        rates.add(rate(time, TrainBenchmark.operations(shape) / 1e3, floats, "SGEMM"));
      }
    }
    return rates;
  }

  /// @param giga billions of operations that take a second where the time is 1 of its unit
  private static Measurement rate(Measurement time, double giga, double ceiling, String of) {
    double rate = giga / time.score();
    var parameters = new LinkedHashMap<>(time.parameters());
    parameters.put("ceiling", String.format(Locale.ROOT, "%.1f GFLOP/s %s", ceiling, of));
    parameters.put("share", String.format(Locale.ROOT, "%.0f %%", 100 * rate / ceiling));
    return new Measurement(
        time.benchmark() + ".rate",
        parameters,
        rate,
        time.error() == null ? null : (Double) (rate * time.error() / time.score()),
        "GFLOP/s",
        giga / time.p50(),
        giga / time.p99(),
        null,
        null);
  }
}
