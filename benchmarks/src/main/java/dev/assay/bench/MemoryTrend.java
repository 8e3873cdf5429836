package dev.assay.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.StatUtils;

/// How one kind of memory moved over a run of equal rounds.
///
/// It grows by the median of the last quarter of the samples less that of the second quarter: what
/// is allocated once, in the first quarter, is no growth, and a single sample that stands out does
/// not decide.
///
/// @param name of the memory
/// @param megabytes the samples, evenly spaced
/// @param bound megabytes of growth beyond which it is a leak
record MemoryTrend(String name, List<Double> megabytes, double bound) {
  /// Fewer samples have no quarters.
  static final int FEWEST = 4;

  MemoryTrend {
    megabytes = List.copyOf(megabytes);
  }

  private static double median(List<Double> part) {
    return StatUtils.percentile(part.stream().mapToDouble(Double::doubleValue).toArray(), 50);
  }

  /// The median of the second quarter.
  double before() {
    int n = megabytes.size();
    return median(megabytes.subList(n / 4, n / 2));
  }

  /// The median of the last quarter.
  double after() {
    int n = megabytes.size();
    return median(megabytes.subList(n - n / 4, n));
  }

  double growth() {
    return after() - before();
  }

  boolean isLeak() {
    return growth() > bound;
  }

  /// One line.
  String words() {
    return String.format(
        Locale.ROOT,
        "%-8s %9.2f MB in the second quarter, %9.2f MB in the last: %+.2f MB, %.0f MB allowed%s",
        name,
        before(),
        after(),
        growth(),
        bound,
        isLeak() ? "  LEAK" : "");
  }

  /// @param run what else is to be known of it
  Measurement measurement(Map<String, String> run) {
    var all = megabytes.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    var parameters = new LinkedHashMap<>(run);
    parameters.put("second quarter", words(before()));
    parameters.put("last quarter", words(after()));
    parameters.put("least", words(all.getMin()));
    parameters.put("most", words(all.getMax()));
    parameters.put("allowed", words(bound));
    parameters.put("verdict", isLeak() ? "leak" : "flat");
    return Measurement.single("leaks." + name, parameters, growth(), "MB");
  }

  private static String words(double megabytes) {
    return String.format(Locale.ROOT, "%.2f MB", megabytes);
  }
}
