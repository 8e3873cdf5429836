package dev.assay.report;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.trial.Direction;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A column of a table of trials: something that each trial has or lacks, by the name that people
/// use for it.
///
/// @param value of a trial: a number or a text; null where it has none
/// @param largestFirst whether what is largest stands first where trials are sorted by it
record TrialColumn(
    String name, Function<TrialRecord, @Nullable Object> value, boolean largestFirst) {
  static final TrialColumn CAUSE =
      new TrialColumn("cause", trial -> TrialsDocument.word(trial.cause()), false);

  /// A parameter's, whatever else has the same name.
  static TrialColumn parameter(String name) {
    return new TrialColumn(
        name,
        trial -> trial.configuration().has(name) ? trial.configuration().get(name) : null,
        false);
  }

  /// Every column that a study's trials can have: `id`, `state`, the metrics, `time` in seconds,
  /// the parameters, `cause`, `detail`, `started`, `restarts`, and what the trials attached.
  static Map<String, TrialColumn> all(StudyView view) {
    var all = new LinkedHashMap<String, TrialColumn>();
    add(all, new TrialColumn("id", TrialRecord::number, false));
    add(all, new TrialColumn("state", trial -> trial.state().word(), false));
    var objectives = view.objectives();
    for (int k = 0; k < objectives.size(); k++) {
      int index = k;
      boolean largest = objectives.get(k).direction() == Direction.MAXIMIZE;
      add(all, new TrialColumn(objectives.get(k).metric(), t -> metric(t, index), largest));
    }
    add(all, new TrialColumn("time", TrialColumn::seconds, true));
    for (var parameter : view.space().parameters()) {
      add(all, parameter(parameter.name()));
    }
    add(all, CAUSE);
    add(all, new TrialColumn("detail", t -> t.detail().isEmpty() ? null : t.detail(), false));
    add(all, new TrialColumn("started", TrialsDocument::started, true));
    add(all, new TrialColumn("restarts", TrialRecord::restarts, true));
    for (var trial : view.trials()) {
      for (var key : trial.attributes().keySet()) {
        add(all, new TrialColumn(key, t -> t.attributes().get(key), true));
      }
    }
    return all;
  }

  /// The first of a name counts: a parameter's before an attribute's.
  private static void add(Map<String, TrialColumn> all, TrialColumn column) {
    all.putIfAbsent(column.name, column);
  }

  /// @throws Problem for a name that no column has
  static TrialColumn named(String name, StudyView view, String option) {
    var all = all(view);
    var column = all.get(name);
    if (column == null) {
      throw new Problem(
          "There is no such column.", option + " " + name, Nearest.suggest(name, all.keySet()));
    }
    return column;
  }

  /// Of a trial that did not complete the last that was reported.
  private static @Nullable Double metric(TrialRecord trial, int k) {
    if (k < trial.values().size()) {
      return trial.values().get(k);
    }
    var values = trial.reports().isEmpty() ? List.<Double>of() : trial.reports().getLast().values();
    return k < values.size() ? values.get(k) : null;
  }

  private static @Nullable Double seconds(TrialRecord trial) {
    return trial.state().isFinished() ? trial.seconds() : null;
  }

  /// As a cell of a table.
  String cell(TrialRecord trial) {
    var found = value.apply(trial);
    if (found == null) {
      return "";
    }
    if (name.equals("time") && found instanceof Double seconds) {
      return Figures.duration(seconds);
    }
    return found instanceof Number number
        ? Figures.number(number.doubleValue())
        : Columns.oneLine(JsonValues.text(found));
  }

  /// Whether its cells are numbers, which stand to the right.
  boolean isNumeric(List<TrialRecord> trials) {
    return trials.stream()
        .map(value)
        .filter(Objects::nonNull)
        .allMatch(found -> found instanceof Number);
  }

  /// The order of this column: numbers before texts, what is missing last, the earlier trial before
  /// its equals. Trials that did not complete stand behind those that did, where it is a metric's.
  Comparator<TrialRecord> order(List<String> metrics) {
    Comparator<TrialRecord> byValue = (a, b) -> compare(value.apply(a), value.apply(b));
    boolean metric = metrics.contains(name);
    Comparator<TrialRecord> ended =
        Comparator.comparing(trial -> metric && trial.state() != TrialState.COMPLETE);
    return ended.thenComparing(byValue).thenComparingInt(TrialRecord::number);
  }

  private int compare(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return Boolean.compare(a == null, b == null);
    }
    if (a instanceof Number x && b instanceof Number y) {
      int order = Double.compare(x.doubleValue(), y.doubleValue());
      return largestFirst ? -order : order;
    }
    if (a instanceof Number != b instanceof Number) {
      return a instanceof Number ? -1 : 1;
    }
    return JsonValues.text(a).compareTo(JsonValues.text(b));
  }

  /// Columns by their names.
  static List<TrialColumn> named(List<String> names, StudyView view, String option) {
    var columns = new ArrayList<TrialColumn>();
    names.forEach(name -> columns.add(named(name, view, option)));
    return columns;
  }
}
