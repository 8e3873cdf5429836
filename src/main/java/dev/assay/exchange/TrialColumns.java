package dev.assay.exchange;

import dev.assay.exchange.ParquetFile.Column;
import dev.assay.exchange.ParquetFile.Type;
import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The trials of a study as columns with types: those of the CSV export, and `reports`, the
/// intermediate values as JSON. All trials are looked at first, since what they attached, and what
/// parameters a program made up as it went, has the type that all its values have: of several, or
/// of lists and maps, JSON text.
final class TrialColumns {
  private final SearchSpace space;
  private final List<Objective> objectives;
  private final Map<String, Set<Type>> parameters = new LinkedHashMap<>();
  private final Map<String, Set<Type>> attributes = new LinkedHashMap<>();

  TrialColumns(SearchSpace space, List<Objective> objectives) {
    this.space = space;
    this.objectives = objectives;
  }

  /// Looks at a trial; the order in which attributes are met is that of their columns.
  void look(TrialRecord trial) {
    trial.attributes().forEach((key, value) -> see(attributes, key, value));
    if (space.isOpen()) {
      trial.configuration().values().forEach((name, value) -> see(parameters, name, option(value)));
    }
  }

  private static void see(Map<String, Set<Type>> kinds, String name, @Nullable Object value) {
    var types = kinds.computeIfAbsent(name, _ -> EnumSet.noneOf(Type.class));
    if (value != null) {
      types.add(type(value));
    }
  }

  List<Column<TrialRecord>> columns() {
    var columns = new ArrayList<Column<TrialRecord>>();
    columns.add(new Column<>("id", Type.WHOLE, trial -> (long) trial.number()));
    columns.add(new Column<>("state", Type.TEXT, trial -> trial.state().word()));
    for (int i = 0; i < objectives.size(); i++) {
      int place = i;
      columns.add(
          new Column<>(
              "value_" + objectives.get(i).metric(),
              Type.REAL,
              trial -> trial.state() == TrialState.COMPLETE ? trial.values().get(place) : null));
    }
    for (var parameter : space.parameters()) {
      var name = parameter.name();
      var type =
          space.isOpen()
              ? common(parameters.getOrDefault(name, Set.of()))
              : type(parameter.distribution());
      columns.add(converted("param_" + name, type, trial -> param(trial, name)));
    }
    columns.add(
        new Column<>(
            "cause", Type.TEXT, trial -> trial.cause() == null ? null : trial.cause().word()));
    columns.add(
        new Column<>(
            "detail", Type.TEXT, trial -> trial.detail().isEmpty() ? null : trial.detail()));
    columns.add(
        new Column<>(
            "started",
            Type.MILLIS,
            trial -> trial.startedMillis() == 0 ? null : (Object) trial.startedMillis()));
    columns.add(
        new Column<>(
            "seconds",
            Type.REAL,
            trial -> trial.state().isFinished() ? (Object) trial.seconds() : null));
    columns.add(new Column<>("restarts", Type.WHOLE, trial -> (long) trial.restarts()));
    columns.add(new Column<>("steps", Type.WHOLE, trial -> (long) trial.reports().size()));
    columns.add(new Column<>("reports", Type.TEXT, this::reports));
    attributes.forEach((key, types) ->
        columns.add(
            converted("attribute_" + key, common(types), trial -> trial.attributes().get(key))));
    return columns;
  }

  private static @Nullable Object param(TrialRecord trial, String name) {
    var configuration = trial.configuration();
    return configuration.has(name) ? option(configuration.get(name)) : null;
  }

  /// The option null is a text, so that it is another cell than that of an inactive parameter.
  private static Object option(@Nullable Object value) {
    return value == null ? "null" : value;
  }

  private @Nullable Object reports(TrialRecord trial) {
    var reports = new ArrayList<Object>();
    for (var report : trial.reports()) {
      var one = new LinkedHashMap<String, @Nullable Object>();
      one.put("step", report.step());
      for (int i = 0; i < report.values().size(); i++) {
        one.put(objectives.get(i).metric(), ForeignJson.stored(report.values().get(i)));
      }
      reports.add(one);
    }
    return reports.isEmpty() ? null : ForeignJson.write(reports);
  }

  private static Column<TrialRecord> converted(
      String name, Type type, Function<TrialRecord, @Nullable Object> cell) {
    return new Column<>(
        name,
        type,
        trial -> {
          var value = cell.apply(trial);
          return value == null ? null : converted(value, type);
        });
  }

  private static Type type(Distribution distribution) {
    return switch (distribution) {
      case FloatRange _ -> Type.REAL;
      case IntRange _ -> Type.WHOLE;
      case Choice(var options, boolean _) -> {
        var types = EnumSet.noneOf(Type.class);
        options.forEach(value -> types.add(type(option(value))));
        yield common(types);
      }
    };
  }

  private static Type type(Object value) {
    return value instanceof Long || value instanceof Integer
        ? Type.WHOLE
        : value instanceof Number ? Type.REAL : value instanceof Boolean ? Type.TRUTH : Type.TEXT;
  }

  private static Type common(Set<Type> types) {
    return Set.of(Type.WHOLE).containsAll(types)
        ? Type.WHOLE
        : Set.of(Type.WHOLE, Type.REAL).containsAll(types)
            ? Type.REAL
            : Set.of(Type.TRUTH).containsAll(types) ? Type.TRUTH : Type.TEXT;
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
