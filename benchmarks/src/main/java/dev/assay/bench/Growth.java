package dev.assay.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How much more a trial costs behind the longest history than behind the shortest.
final class Growth {
  private static final String LOOP = "AskTellBenchmark.askAndTell";

  private Growth() {}

  /// The ratio of the medians, where both ends were measured: single shots stand out by a pause of
  /// the collector now and then.
  static List<Measurement> of(List<Measurement> times) {
    var first = at(times, AskTellBenchmark.SHORTEST);
    var last = at(times, AskTellBenchmark.LONGEST);
    var growth = new ArrayList<Measurement>();
    if (first != null && last != null) {
      double ratio = last.p50() / first.p50();
      var parameters = new LinkedHashMap<String, String>();
      parameters.put("of", "medians");
      parameters.put("n", AskTellBenchmark.LONGEST + " against " + AskTellBenchmark.SHORTEST);
      growth.add(Measurement.single(LOOP + ".growth", parameters, ratio, "times"));
    }
    return growth;
  }

  private static @Nullable Measurement at(List<Measurement> times, String n) {
    return times.stream()
        .filter(m -> m.benchmark().equals(LOOP) && n.equals(m.parameters().get("n")))
        .findFirst()
        .orElse(null);
  }
}
