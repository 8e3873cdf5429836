package dev.assay.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

  static Measurement of(RunResult result) {
    var primary = result.getPrimaryResult();
    var statistics = primary.getStatistics();
    var parameters = new LinkedHashMap<String, String>();
    var benchmark = result.getParams();
    benchmark.getParamsKeys().forEach(key -> parameters.put(key, benchmark.getParam(key)));
    var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    double error = primary.getScoreError();
    var name = benchmark.getBenchmark();
    return new Measurement(
        name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
        parameters,
        primary.getScore(),
        Double.isNaN(error) ? null : error,
        primary.getScoreUnit(),
        statistics.getPercentile(50),
        statistics.getPercentile(99),
        allocated == null ? null : allocated.getScore(),
        null);
  }
}
