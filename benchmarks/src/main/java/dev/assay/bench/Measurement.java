package dev.assay.bench;

import dev.assay.device.Timing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.TDistribution;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/// One measured benchmark, as it stands in a results file.
///
/// @param score the mean
/// @param error half the width of the 99.9 % confidence interval; null with fewer than three
///   measurements
/// @param unit of score, error, p50 and p99
/// @param bytesPerOperation allocated on the heap; null where it was not measured
/// @param peer another tool's figure for the same work in the same run; null: none
public record Measurement(
    String benchmark,
    Map<String, String> parameters,
    double score,
    @Nullable Double error,
    String unit,
    double p50,
    double p99,
    @Nullable Double bytesPerOperation,
    @Nullable Peer peer) {

  /// Another tool's figure.
  ///
  /// @param score in the unit of the measurement
  public record Peer(String name, String version, double score) {}

  Measurement with(Map<String, String> newParameters) {
    return new Measurement(
        benchmark, newParameters, score, error, unit, p50, p99, bytesPerOperation, peer);
  }

  /// One figure that was not repeated.
  public static Measurement single(
      String name, Map<String, String> parameters, double value, String unit) {
    return new Measurement(name, parameters, value, null, unit, value, value, null, null);
  }

  /// The same with another tool's figure.
  public Measurement beside(Peer other) {
    return new Measurement(
        benchmark, parameters, score, error, unit, p50, p99, bytesPerOperation, other);
  }

  /// A time of some operations at once, for one of them.
  Measurement dividedBy(double operations) {
    return new Measurement(
        benchmark,
        parameters,
        score / operations,
        error == null ? null : (Double) (error / operations),
        unit,
        p50 / operations,
        p99 / operations,
        bytesPerOperation == null ? null : (Double) (bytesPerOperation / operations),
        peer);
  }

  /// Whether more is better: rates, GFLOP/s and GB/s.
  boolean isRate() {
    return unit.endsWith("/s");
  }

  /// How many times as fast as the peer; NaN without one.
  double ratio() {
    return peer == null ? Double.NaN : isRate() ? score / peer.score() : peer.score() / score;
  }

  /// `n 1000, sampler tpe`.
  String parameterWords() {
    return String.join(
        ", ", parameters.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
  }

  /// What a benchmark measured, then each of its own counters.
  static List<Measurement> of(RunResult result) {
    var parameters = new LinkedHashMap<String, String>();
    var benchmark = result.getParams();
    benchmark.getParamsKeys().forEach(key -> parameters.put(key, benchmark.getParam(key)));
    var secondary = result.getSecondaryResults();
    var counted = secondary.get("allocatedBytes");
    var allocated = counted == null ? secondary.get("gc.alloc.rate.norm") : counted;
    var full = benchmark.getBenchmark();
    var name = full.substring(full.lastIndexOf('.', full.lastIndexOf('.') - 1) + 1);
    var measurements = new ArrayList<Measurement>();
    measurements.add(
        of(
            name,
            parameters,
            result.getPrimaryResult(),
            result.getPrimaryResult().getScoreUnit(),
            allocated == null
                ? null
                : allocated.getStatistics().getMean()
                    / (counted == null ? 1 : benchmark.getOpsPerInvocation())));
    secondary.forEach((key, counter) -> {
      if (!key.startsWith("gc.") && !key.equals("allocatedBytes")) {
        measurements.add(of(name + "." + key, parameters, counter, unit(key), null));
      }
    });
    return measurements;
  }

  /// From repeats that no harness made: the mean with the half-width of its 99.9 % confidence
  /// interval (Student's t).
  public static Measurement ofRepeats(
      String name,
      Map<String, String> parameters,
      String unit,
      double[] repeats,
      @Nullable Peer peer) {
    var sorted = repeats.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
    double squares = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).sum();
    Double error =
        n < 3
            ? null
            : (Double)
                (new TDistribution(null, n - 1).inverseCumulativeProbability(0.9995)
                    * Math.sqrt(squares / (n - 1) / n));
    return new Measurement(
        name,
        parameters,
        mean,
        error,
        unit,
        sorted[(n - 1) / 2],
        sorted[(int) Math.ceil(0.99 * n) - 1],
        null,
        peer);
  }

  /// What a back end timed itself.
  static Measurement of(Timing timing) {
    var sorted = timing.milliseconds().stream().sorted().toList();
    int last = sorted.size() - 1;
    return new Measurement(
        timing.name(),
        timing.parameters(),
        sorted.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN),
        null,
        "ms/op",
        sorted.get(last / 2),
        sorted.get(last * 99 / 100),
        null,
        null);
  }

  private static String unit(String counter) {
    return counter.endsWith("Milliseconds") ? "ms/op" : "1/op";
  }

  private static Measurement of(
      String name,
      Map<String, String> parameters,
      Result<?> result,
      String unit,
      @Nullable Double bytes) {
    var statistics = result.getStatistics();
    double error = result.getScoreError();
    return new Measurement(
        name,
        parameters,
        statistics.getMean(),
        Double.isNaN(error) ? null : error,
        unit,
        statistics.getPercentile(50),
        statistics.getPercentile(99),
        bytes,
        null);
  }
}
