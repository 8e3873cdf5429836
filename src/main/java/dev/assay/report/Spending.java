package dev.assay.report;

import dev.assay.run.table.TableRunner;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a study spent where: by what became of trials, and by how far they came.
///
/// ```
/// {"metric": "seconds", "unit": "seconds", "ends": ["complete", "pruned"],
///  "rows": [{"from": 1, "to": 1, "trials": [3, 9], "spent": [31.5, 80.2]}]}
/// ```
///
/// `from` and `to` are the least and the greatest last step of the trials of a row, both null for
/// those that reported none; `trials` and `spent` have an entry for each of `ends`.
final class Spending {
  /// Of more last steps, those between two powers of two are one row.
  private static final int MOST_ROWS = 10;

  /// How a trial that confirms a finalist is counted, whatever became of it.
  private static final String CONFIRMING = "confirming";

  private static final List<String> ENDS =
      List.of(
          TrialState.COMPLETE.word(),
          TrialState.PRUNED.word(),
          TrialState.FAILED.word(),
          TrialState.DISCARDED.word(),
          CONFIRMING);

  private static final String SECONDS = "seconds";

  /// A trial that reported no step.
  private static final long NOWHERE = -1;

  private final StudyView view;
  private final @Nullable String metric;

  /// By last step.
  private final TreeMap<Long, Row> byStep = new TreeMap<>();

  /// Trials whose last steps are alike; entries as [#ENDS].
  private static final class Row {
    long from;
    long to;
    final long[] trials = new long[ENDS.size()];
    final double[] spent = new double[ENDS.size()];

    Row(long step) {
      from = step;
      to = step;
    }

    void add(Row other) {
      from = Math.min(from, other.from);
      to = Math.max(to, other.to);
      for (int i = 0; i < trials.length; i++) {
        trials[i] += other.trials[i];
        spent[i] += other.spent[i];
      }
    }
  }

  private Spending(StudyView view) {
    this.view = view;
    metric = metric(view);
    view.trials().stream().filter(trial -> trial.state().isFinished()).forEach(this::add);
  }

  /// As plain JSON values.
  static Map<String, @Nullable Object> of(StudyView view) {
    return new Spending(view).document();
  }

  /// The metric that says what a trial cost: the sampler's, or one of that name; null: seconds.
  private static @Nullable String metric(StudyView view) {
    var named =
        view.definition().content().get("sampler") instanceof Map<?, ?> sampler
                && sampler.get("settings") instanceof Map<?, ?> settings
                && settings.get(TableRunner.COST) instanceof String cost
            ? cost
            : TableRunner.COST;
    for (var name : List.of(named, TableRunner.COST)) {
      if (view.trials().stream().anyMatch(trial -> cost(trial, name, view) > 0)) {
        return name;
      }
    }
    return null;
  }

  /// 0 where a trial says nothing, or what no cost is.
  private static double cost(TrialRecord trial, String metric, StudyView view) {
    var said = trial.metric(metric, view.objectives());
    return said == null || !(said > 0) || said.isInfinite() ? 0 : said;
  }

  private void add(TrialRecord trial) {
    var row = byStep.computeIfAbsent(lastStep(trial), Row::new);
    int end = ENDS.indexOf(Confirmation.is(trial) ? CONFIRMING : trial.state().word());
    row.trials[end]++;
    row.spent[end] += metric == null ? trial.seconds() : cost(trial, metric, view);
  }

  /// Of a part of a training, where it ended in the whole of it. The runs of a trial of several are
  /// no steps.
  private static long lastStep(TrialRecord trial) {
    if (trial.reports().isEmpty() || trial.attributes().get(TrialRecord.RUNS) instanceof Number) {
      return NOWHERE;
    }
    long reported = trial.reports().getLast().step();
    var segment = Segment.of(trial);
    return segment == null || trial.state() != TrialState.COMPLETE
        ? reported
        : Math.max(reported, segment.to());
  }

  private List<Row> rows() {
    if (byStep.size() <= MOST_ROWS) {
      return List.copyOf(byStep.values());
    }
    var rows = new TreeMap<Long, Row>();
    for (var row : byStep.values()) {
      long step = row.from;
      // 3 and 4, 5 to 8, ...: what ends at a power of two is the longest of its row
      long key = step <= 1 ? step : 64L - Long.numberOfLeadingZeros(step - 1) + 1;
      rows.computeIfAbsent(key, _ -> new Row(step)).add(row);
    }
    return List.copyOf(rows.values());
  }

  private Map<String, @Nullable Object> document() {
    var rows = rows();
    var ends = new ArrayList<Integer>();
    for (int i = 0; i < ENDS.size(); i++) {
      int end = i;
      if (rows.stream().anyMatch(row -> row.trials[end] > 0)) {
        ends.add(end);
      }
    }
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("metric", metric == null ? SECONDS : metric);
    document.put("unit", unit());
    document.put("ends", ends.stream().map(ENDS::get).toList());
    document.put("rows", rows.stream().map(row -> row(row, ends)).toList());
    return document;
  }

  /// What the metric counts, where that is known.
  private @Nullable String unit() {
    if (metric == null) {
      return SECONDS;
    }
    return metric.equals(TableRunner.COST)
            && view.facts().get(TableRunner.FACT) instanceof Map<?, ?> clock
            && clock.get("unit") instanceof String unit
        ? unit
        : null;
  }

  private static Map<String, @Nullable Object> row(Row row, List<Integer> ends) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("from", row.from == NOWHERE ? null : row.from);
    map.put("to", row.to == NOWHERE ? null : row.to);
    map.put("trials", ends.stream().map(end -> row.trials[end]).toList());
    map.put("spent", ends.stream().map(end -> row.spent[end]).toList());
    return map;
  }
}
