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

  /// The metrics that may say what a trial cost, the first before the second: the sampler's, and
  /// one of that name.
  private final List<String> metrics;

  /// Whether any trial did, of each of them.
  private final boolean[] isSaid;

  /// By last step.
  private final TreeMap<Long, Row> byStep = new TreeMap<>();

  /// Trials whose last steps are alike; entries as [#ENDS].
  private static final class Row {
    long from;
    long to;
    final long[] trials = new long[ENDS.size()];

    /// By each of the metrics, and in seconds behind them.
    final double[][] spent;

    Row(long step, int amounts) {
      from = step;
      to = step;
      spent = new double[amounts][ENDS.size()];
    }

    Row(Row other) {
      this(other.from, other.spent.length);
      add(other);
    }

    void add(Row other) {
      from = Math.min(from, other.from);
      to = Math.max(to, other.to);
      for (int i = 0; i < trials.length; i++) {
        trials[i] += other.trials[i];
        for (int k = 0; k < spent.length; k++) {
          spent[k][i] += other.spent[k][i];
        }
      }
    }
  }

  /// @param view of the study, of whose trials nothing is counted yet
  Spending(StudyView view) {
    this.view = view;
    metrics = List.of(named(view), TableRunner.COST);
    isSaid = new boolean[metrics.size()];
  }

  /// A copy, which goes on by itself.
  ///
  /// @param view of the study as it is now
  Spending(StudyView view, Spending other) {
    this.view = view;
    metrics = other.metrics;
    isSaid = other.isSaid.clone();
    other.byStep.forEach((step, row) -> byStep.put(step, new Row(row)));
  }

  /// As plain JSON values.
  static Map<String, @Nullable Object> of(StudyView view) {
    var spending = new Spending(view);
    view.trials().forEach(spending::add);
    return spending.document();
  }

  private static String named(StudyView view) {
    return view.definition().content().get("sampler") instanceof Map<?, ?> sampler
            && sampler.get("settings") instanceof Map<?, ?> settings
            && settings.get(TableRunner.COST) instanceof String cost
        ? cost
        : TableRunner.COST;
  }

  /// The place of what counts among a row's amounts.
  private int counted() {
    for (int k = 0; k < isSaid.length; k++) {
      if (isSaid[k]) {
        return k;
      }
    }
    return isSaid.length;
  }

  /// 0 where a trial says nothing, or what no cost is.
  private static double cost(TrialRecord trial, String metric, StudyView view) {
    var said = trial.metric(metric, view.objectives());
    return said == null || !(said > 0) || said.isInfinite() ? 0 : said;
  }

  /// Counts a trial, if it has ended.
  void add(TrialRecord trial) {
    boolean ended = trial.state().isFinished();
    var row = ended ? byStep.computeIfAbsent(lastStep(trial), this::row) : null;
    int end = ENDS.indexOf(Confirmation.is(trial) ? CONFIRMING : trial.state().word());
    for (int k = 0; k <= isSaid.length; k++) {
      double spent = k < isSaid.length ? cost(trial, metrics.get(k), view) : trial.seconds();
      if (k < isSaid.length) {
        isSaid[k] |= spent > 0;
      }
      if (row != null) {
        row.spent[k][end] += spent;
      }
    }
    if (row != null) {
      row.trials[end]++;
    }
  }

  private Row row(long step) {
    return new Row(step, isSaid.length + 1);
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
      rows.computeIfAbsent(key, _ -> row(step)).add(row);
    }
    return List.copyOf(rows.values());
  }

  /// As plain JSON values.
  Map<String, @Nullable Object> document() {
    int counted = counted();
    var metric = counted < isSaid.length ? metrics.get(counted) : null;
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
    document.put("unit", unit(metric));
    document.put("ends", ends.stream().map(ENDS::get).toList());
    document.put("rows", rows.stream().map(row -> row(row, ends, counted)).toList());
    return document;
  }

  /// What the metric counts, where that is known.
  private @Nullable String unit(@Nullable String metric) {
    if (metric == null) {
      return SECONDS;
    }
    return metric.equals(TableRunner.COST)
            && view.facts().get(TableRunner.FACT) instanceof Map<?, ?> clock
            && clock.get("unit") instanceof String unit
        ? unit
        : null;
  }

  private static Map<String, @Nullable Object> row(Row row, List<Integer> ends, int counted) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("from", row.from == NOWHERE ? null : row.from);
    map.put("to", row.to == NOWHERE ? null : row.to);
    map.put("trials", ends.stream().map(end -> row.trials[end]).toList());
    map.put("spent", ends.stream().map(end -> row.spent[counted][end]).toList());
    return map;
  }
}
