package dev.assay.run.command;

import dev.assay.trial.Objective;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is known of each metric in one try.
///
/// The last value of a metric counts. Where the program names one that cannot be read, the one
/// before it is not the last: the metric has no value until the next. Once the program has said
/// which values are its result, nothing changes them.
final class LatestValues {
  private final List<String> objectives;
  private final Map<String, Double> values = new LinkedHashMap<>();
  private final Map<String, String> origins = new TreeMap<>();

  /// Why objectives have no value, where that is known.
  private final Map<String, String> reasons = new HashMap<>();

  private boolean isFinal;

  LatestValues(List<Objective> objectives) {
    this.objectives = objectives.stream().map(Objective::metric).toList();
  }

  /// @return whether it counts: after the result nothing does
  boolean take(ReportLine line, String origin) {
    if (isFinal) {
      return false;
    }
    line.values()
        .forEach((metric, value) -> {
          values.put(metric, value);
          origins.put(metric, origin);
          reasons.remove(metric);
        });
    isFinal = line.isFinal();
    return true;
  }

  /// Its last value cannot be read.
  void spoil(String metric, String why) {
    if (!isFinal) {
      values.remove(metric);
      origins.remove(metric);
      reasons.put(metric, why);
    }
  }

  /// It was not found, unless it has been.
  void lack(String metric, String why) {
    if (!values.containsKey(metric)) {
      reasons.put(metric, why);
    }
  }

  /// Whether it has no value, and nothing says why.
  boolean isUnknown(String metric) {
    return !values.containsKey(metric) && !reasons.containsKey(metric);
  }

  /// Whether the last line said that its values are the result.
  boolean isFinal() {
    return isFinal;
  }

  /// Whether any objective has a value.
  boolean any() {
    return objectives.stream().anyMatch(values::containsKey);
  }

  /// The objectives without a value.
  List<String> missing() {
    return objectives.stream().filter(metric -> !values.containsKey(metric)).toList();
  }

  /// One value for each objective; NaN where it is missing.
  double[] result() {
    return objectives.stream().mapToDouble(o -> values.getOrDefault(o, Double.NaN)).toArray();
  }

  /// What is no objective.
  Map<String, Double> others() {
    var others = new LinkedHashMap<>(values);
    objectives.forEach(others::remove);
    return others;
  }

  /// Where each value was found.
  Map<String, String> origins() {
    return new TreeMap<>(origins);
  }

  /// Why the first objective without a value of which that is known has none; else null.
  @Nullable String reason() {
    return missing().stream().map(reasons::get).filter(Objects::nonNull).findFirst().orElse(null);
  }
}
