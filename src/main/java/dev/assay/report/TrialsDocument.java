package dev.assay.report;

import dev.assay.trial.Cause;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON answer of `trials`, as plain JSON values. Every key is always there, null where
/// unknown.
///
/// ```json
/// [{"id": 0, "state": "complete", "params": {"hidden": 64}, "values": {"accuracy": 0.97},
///   "steps": [{"step": 1, "values": {"accuracy": 0.91}}], "cause": null, "detail": null,
///   "started": "2026-01-01T00:00:00.000Z", "seconds": 1.2, "attributes": {"fold_scores": [0.96]},
///   "confirms": null}]
/// ```
///
/// `values` is null unless the trial is complete, `started` while it waits, `seconds` until it is
/// finished, `cause` and `detail` unless it failed. `confirms` is the number of the finalist that
/// the trial was run to confirm; null for trials of the search.
public final class TrialsDocument {
  private TrialsDocument() {}

  public static List<Map<String, @Nullable Object>> of(StudyView view) {
    var list = new ArrayList<Map<String, @Nullable Object>>(view.trials().size());
    for (var trial : view.trials()) {
      list.add(of(trial, view.objectives()));
    }
    return list;
  }

  /// One trial.
  public static Map<String, @Nullable Object> of(TrialRecord trial, List<Objective> objectives) {
    boolean failed = trial.state() == TrialState.FAILED;
    var entry = new LinkedHashMap<String, @Nullable Object>();
    entry.put("id", trial.number());
    entry.put("state", trial.state().word());
    entry.put("params", trial.configuration().values());
    entry.put(
        "values",
        trial.state() == TrialState.COMPLETE
            ? JsonValues.byMetric(objectives, trial.values())
            : null);
    entry.put("steps", steps(trial.reports(), objectives));
    entry.put("cause", word(trial.cause()));
    entry.put("detail", failed ? trial.detail() : null);
    entry.put("started", started(trial));
    entry.put("seconds", trial.state().isFinished() ? trial.seconds() : null);
    entry.put("attributes", JsonValues.finite(trial.attributes()));
    entry.put("confirms", Confirmation.confirmed(trial));
    return entry;
  }

  private static List<Map<String, @Nullable Object>> steps(
      List<Report> reports, List<Objective> objectives) {
    var steps = new ArrayList<Map<String, @Nullable Object>>(reports.size());
    for (var report : reports) {
      var step = new LinkedHashMap<String, @Nullable Object>();
      step.put("step", report.step());
      step.put("values", JsonValues.byMetric(objectives, report.values()));
      steps.add(step);
    }
    return steps;
  }

  /// A cause as in JSON answers: `out_of_memory`.
  static @Nullable String word(@Nullable Cause cause) {
    return cause == null ? null : cause.word();
  }

  /// When a trial was last started, ISO 8601 in UTC; null while it waits.
  static @Nullable String started(TrialRecord trial) {
    return trial.startedMillis() == 0
        ? null
        : Instant.ofEpochMilli(trial.startedMillis()).toString();
  }
}
