package dev.assay.report;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.storage.StoredStudy;
import dev.assay.trial.Cause;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;

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
  /// Trials between two looks at whether anybody reads them.
  private static final int LOOK = 1000;

  private TrialsDocument() {}

  public static List<Map<String, @Nullable Object>> of(StudyView view) {
    var list = new ArrayList<Map<String, @Nullable Object>>(view.trials().size());
    for (var trial : view.trials()) {
      list.add(of(trial, view.objectives()));
    }
    return list;
  }

  /// The same of a stored study, trial by trial as they are read; ends early where nobody reads
  /// what is written.
  ///
  /// @param writer how it is laid out
  /// @return how many trials were written
  /// @throws tools.jackson.core.exc.JacksonIOException where it cannot be written
  public static int write(StoredStudy study, ObjectWriter writer, OutputStream out) {
    var space = StudyFacts.space(study.definition(), study.facts());
    var objectives = study.definition().objectives();
    int[] count = {0};
    try (var array =
        writer
            .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
            .writeValuesAsArray(out)) {
      study.each(
          space,
          trial -> {
            array.write(of(trial, objectives));
            return ++count[0] % LOOK != 0 || !(out instanceof PrintStream s && s.checkError());
          });
    }
    return count[0];
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
