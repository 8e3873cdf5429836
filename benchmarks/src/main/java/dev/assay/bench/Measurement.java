package dev.assay.bench;

import dev.assay.device.Timing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    @Nullable Object peer) {

  /// What a benchmark measured, then each of its own counters.
  static List<Measurement> of(RunResult result) {
    var parameters = new LinkedHashMap<String, String>();
    var benchmark = result.getParams();
    benchmark.getParamsKeys().forEach(key -> parameters.put(key, benchmark.getParam(key)));
    var secondary = result.getSecondaryResults();
    var allocated = secondary.get("gc.alloc.rate.norm");
    var full = benchmark.getBenchmark();
    var name = full.substring(full.lastIndexOf('.', full.lastIndexOf('.') - 1) + 1);
    var measurements = new ArrayList<Measurement>();
    measurements.add(
        of(
            name,
            parameters,
            result.getPrimaryResult(),
            result.getPrimaryResult().getScoreUnit(),
            allocated == null ? null : allocated.getScore()));
    secondary.forEach((key, counter) -> {
      if (!key.startsWith("gc.")) {
        measurements.add(of(name + "." + key, parameters, counter, unit(key), null));
      }
    });
    return measurements;
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
