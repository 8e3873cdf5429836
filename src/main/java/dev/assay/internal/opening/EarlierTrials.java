package dev.assay.internal.opening;

import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Trials of earlier studies as JSON values, which a study keeps among its facts.
public final class EarlierTrials {
  private EarlierTrials() {}

  public static List<Map<String, @Nullable Object>> write(List<TrialRecord> trials) {
    var list = new ArrayList<Map<String, @Nullable Object>>(trials.size());
    for (var trial : trials) {
      var entry = new LinkedHashMap<String, @Nullable Object>();
      entry.put("state", trial.state().word());
      entry.put("params", trial.configuration().values());
      entry.put("values", numbers(trial.values()));
      entry.put("constraints", numbers(trial.constraints()));
      entry.put("cause", trial.cause() == null ? null : trial.cause().word());
      entry.put(
          "reports",
          trial.reports().stream()
              .map(report -> Map.of("step", report.step(), "values", numbers(report.values())))
              .toList());
      list.add(entry);
    }
    return list;
  }

  /// NaN as null: JSON has no such number.
  private static List<@Nullable Double> numbers(List<Double> numbers) {
    var list = new ArrayList<@Nullable Double>(numbers.size());
    for (double number : numbers) {
      list.add(Double.isFinite(number) ? number : null);
    }
    return list;
  }

  /// Numbered from below: the last is -1.
  public static List<TrialRecord> read(Object json, SearchSpace space) {
    var entries = (List<?>) json;
    var trials = new ArrayList<TrialRecord>(entries.size());
    for (var entry : entries) {
      trials.add(trial(trials.size() - entries.size(), (Map<?, ?>) entry, space));
    }
    return List.copyOf(trials);
  }

  @SuppressWarnings("unchecked")
  private static TrialRecord trial(int number, Map<?, ?> entry, SearchSpace space) {
    var reports = new ArrayList<Report>();
    for (var report : (List<Map<?, ?>>) Objects.requireNonNull(entry.get("reports"))) {
      var step = (Number) Objects.requireNonNull(report.get("step"));
      reports.add(new Report(step.longValue(), doubles(report.get("values"))));
    }
    var params = (Map<String, @Nullable Object>) Objects.requireNonNull(entry.get("params"));
    return new TrialRecord(
        number,
        TrialState.valueOf(upper(entry.get("state"))),
        space.read(params),
        Map.of(),
        List.copyOf(reports),
        doubles(entry.get("values")),
        doubles(entry.get("constraints")),
        entry.get("cause") == null ? null : Cause.valueOf(upper(entry.get("cause"))),
        "",
        Map.of(),
        0,
        0,
        0);
  }

  private static String upper(@Nullable Object word) {
    return Objects.requireNonNull(word).toString().toUpperCase(Locale.ROOT);
  }

  private static List<Double> doubles(@Nullable Object list) {
    var doubles = new ArrayList<Double>();
    for (var number : (List<?>) Objects.requireNonNull(list)) {
      doubles.add(number == null ? Double.NaN : ((Number) number).doubleValue());
    }
    return List.copyOf(doubles);
  }
}
