package dev.assay.exchange;

import dev.assay.exchange.ParquetFile.Column;
import dev.assay.exchange.ParquetFile.Type;
import dev.assay.report.StudyView;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The trials of a study as columns with types: those of the CSV export, and `reports`, the
/// intermediate values as JSON.
final class TrialColumns {
  private final StudyView view;
  private final List<Column> columns = new ArrayList<>();

  private TrialColumns(StudyView view) {
    this.view = view;
  }

  static List<Column> of(StudyView view) {
    var own = new TrialColumns(view);
    own.collect();
    return own.columns;
  }

  private void collect() {
    add("id", Type.WHOLE, trial -> (long) trial.number());
    add("state", Type.TEXT, trial -> trial.state().word());
    for (int i = 0; i < view.objectives().size(); i++) {
      int place = i;
      add(
          "value_" + view.objectives().get(i).metric(),
          Type.REAL,
          trial -> trial.state() == TrialState.COMPLETE ? trial.values().get(place) : null);
    }
    for (var parameter : view.space().parameters()) {
      guessed("param_" + parameter.name(), trial -> param(trial, parameter.name()));
    }
    add("cause", Type.TEXT, trial -> trial.cause() == null ? null : trial.cause().word());
    add("detail", Type.TEXT, trial -> trial.detail().isEmpty() ? null : trial.detail());
    add(
        "started",
        Type.MILLIS,
        trial -> trial.startedMillis() == 0 ? null : (Object) trial.startedMillis());
    add(
        "seconds",
        Type.REAL,
        trial -> trial.state().isFinished() ? (Object) trial.seconds() : null);
    add("restarts", Type.WHOLE, trial -> (long) trial.restarts());
    add("steps", Type.WHOLE, trial -> (long) trial.reports().size());
    add("reports", Type.TEXT, this::reports);
    var keys = new LinkedHashSet<String>();
    view.trials().forEach(trial -> keys.addAll(trial.attributes().keySet()));
    for (var key : keys) {
      guessed("attribute_" + key, trial -> trial.attributes().get(key));
    }
  }

  /// The option null is a text, so that it is another cell than that of an inactive parameter.
  private static @Nullable Object param(TrialRecord trial, String name) {
    var values = trial.configuration().values();
    var value = values.get(name);
    return value == null && values.containsKey(name) ? "null" : value;
  }

  private @Nullable Object reports(TrialRecord trial) {
    var reports = new ArrayList<Object>();
    for (var report : trial.reports()) {
      var one = new LinkedHashMap<String, @Nullable Object>();
      one.put("step", report.step());
      for (int i = 0; i < report.values().size(); i++) {
        one.put(view.objectives().get(i).metric(), ForeignJson.stored(report.values().get(i)));
      }
      reports.add(one);
    }
    return reports.isEmpty() ? null : ForeignJson.write(reports);
  }

  private void add(String name, Type type, Function<TrialRecord, @Nullable Object> cell) {
    columns.add(new Column(name, type, row -> cell.apply(view.trials().get(row))));
  }

  /// A column of the type that all its values have; of several, or of lists and maps, as JSON text.
  private void guessed(String name, Function<TrialRecord, @Nullable Object> cell) {
    var type = type(view.trials().stream().map(cell::apply).toList());
    add(
        name,
        type,
        trial -> {
          var value = cell.apply(trial);
          return value == null ? null : converted(value, type);
        });
  }

  private static Type type(Collection<? extends @Nullable Object> values) {
    boolean wholes = true;
    boolean reals = true;
    boolean truths = true;
    for (var value : values) {
      wholes &= value == null || value instanceof Long || value instanceof Integer;
      reals &= value == null || value instanceof Number;
      truths &= value == null || value instanceof Boolean;
    }
    return wholes ? Type.WHOLE : reals ? Type.REAL : truths ? Type.TRUTH : Type.TEXT;
  }

  private static Object converted(Object value, Type type) {
    return switch (type) {
      case WHOLE, MILLIS -> ((Number) value).longValue();
      case REAL -> ((Number) value).doubleValue();
      case TRUTH -> value;
      case TEXT -> value instanceof String text ? text : ForeignJson.write(value);
    };
  }
}
