package dev.assay.exchange;

import dev.assay.internal.words.NumberText;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A run of a tool that keeps neither distributions nor objectives: parameters, metrics at its end,
/// and perhaps on the way.
final class Run {
  final Map<String, @Nullable Object> params = new LinkedHashMap<>();
  final Map<String, @Nullable Object> metrics = new LinkedHashMap<>();

  /// Metrics by step.
  final TreeMap<Long, Map<String, @Nullable Object>> history = new TreeMap<>();

  final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
  String state = "complete";
  String detail = "";
  @Nullable Cause cause;
  long startedMicros;
  long endedMicros;
  int restarts;

  /// A text of a table as the value that is meant.
  static @Nullable Object typed(String text) {
    var stripped = text.strip();
    if (stripped.matches("[+-]?[0-9]{1,18}")) {
      return Long.valueOf(stripped);
    }
    if (stripped.equalsIgnoreCase("true") || stripped.equalsIgnoreCase("false")) {
      return Boolean.valueOf(stripped.toLowerCase(Locale.ROOT));
    }
    var number = NumberText.find(stripped);
    return number.isPresent()
            && !Double.isInfinite(number.getAsDouble())
            && !Double.isNaN(number.getAsDouble())
        ? (Object) number.getAsDouble()
        : text;
  }

  /// A number, or the text of one, finite or not; null for anything else.
  static @Nullable Double number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    var found = value instanceof String text ? NumberText.find(text) : null;
    return found == null || found.isEmpty() ? null : (Double) found.getAsDouble();
  }

  /// Maps within maps under one name, `optimizer/lr`, as Ray and W&B show them.
  static void flatten(String prefix, Map<?, ?> map, Map<String, @Nullable Object> into) {
    map.forEach((key, value) -> {
      var name = prefix + key;
      if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
        flatten(name + "/", inner, into);
      } else {
        into.put(name, value);
      }
    });
  }

  /// @param own the parameters; empty: all are
  Draft draft(int number, List<Objective> objectives, List<String> own) {
    var draft = new Draft(number);
    params.forEach((name, value) -> {
      boolean isParameter = own.isEmpty() || own.contains(name);
      (isParameter ? draft.params : draft.attributes).put(name, ForeignJson.stored(value));
    });
    own.stream()
        .filter(name -> !params.containsKey(name) && metrics.containsKey(name))
        .forEach(name -> draft.params.put(name, metrics.get(name)));
    attributes.forEach((key, value) -> draft.attributes.putIfAbsent(key, value));
    draft.startedMicros = startedMicros;
    draft.endedMicros = endedMicros;
    draft.restarts = restarts;
    reports(draft, objectives);
    values(draft, objectives);
    var rest = new LinkedHashMap<String, @Nullable Object>(metrics);
    objectives.forEach(objective -> rest.remove(objective.metric()));
    draft.params.keySet().forEach(rest::remove);
    if (!rest.isEmpty()) {
      draft.attributes.put(TrialRecord.METRICS, rest);
    }
    return draft;
  }

  /// Curves of metrics that are no objectives stay together in an attribute.
  private void reports(Draft draft, List<Objective> objectives) {
    var others = new ArrayList<Map<String, @Nullable Object>>();
    history.forEach((step, point) -> {
      var values = new ArrayList<Double>();
      var rest = new LinkedHashMap<String, @Nullable Object>(point);
      boolean any = false;
      for (var objective : objectives) {
        var value = number(rest.remove(objective.metric()));
        values.add(value == null ? Double.NaN : value);
        any |= value != null;
      }
      if (any) {
        draft.reports.put(step, values);
      }
      if (!rest.isEmpty()) {
        rest.put("step", step);
        others.add(rest);
      }
    });
    if (!others.isEmpty()) {
      draft.attributes.put("history", others);
    }
  }

  private void values(Draft draft, List<Objective> objectives) {
    var values = new ArrayList<Double>();
    for (var objective : objectives) {
      var value = number(metrics.get(objective.metric()));
      if (value != null) {
        values.add(value);
      }
    }
    boolean all = values.size() == objectives.size();
    end(draft);
    if (draft.state == TrialState.COMPLETE && !all) {
      draft.fail(Cause.NO_VALUE, "it has no value of each objective");
    } else if (draft.state == TrialState.COMPLETE && !values.stream().allMatch(Double::isFinite)) {
      draft.fail(Cause.NOT_FINITE, "its value is " + values);
      draft.origin.put(Origin.STATE, "COMPLETE");
    }
    if (draft.state == TrialState.COMPLETE) {
      draft.values = values;
    } else if (!values.isEmpty()) {
      draft.origin.put(Origin.VALUES, ForeignJson.stored(values));
    }
  }

  private void end(Draft draft) {
    switch (state.strip().toLowerCase(Locale.ROOT)) {
      case "complete", "completed", "finished", "done", "ok", "terminated", "success", "" ->
          draft.state = TrialState.COMPLETE;
      case "pruned", "stopped", "early_stopped" -> draft.state = TrialState.PRUNED;
      case "waiting", "pending", "scheduled", "new", "paused" -> draft.state = TrialState.WAITING;
      case "running" -> {
        draft.fail(Cause.LOST, "was running when it was imported");
        draft.origin.put(Origin.STATE, "RUNNING");
      }
      case "killed", "preempted" ->
          draft.fail(cause == null ? Cause.KILLED : cause, or(detail, state));
      case String other -> draft.fail(cause == null ? Cause.ERROR : cause, or(detail, other));
    }
  }

  private static String or(String detail, String state) {
    return detail.isEmpty() ? "its state was " + state : detail;
  }
}
