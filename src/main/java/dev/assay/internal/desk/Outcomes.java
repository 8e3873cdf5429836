package dev.assay.internal.desk;

import dev.assay.internal.trial.MissingValues;
import dev.assay.problem.Problem;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Report;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;

/// Checks what objectives say about a trial.
public final class Outcomes {
  private Outcomes() {}

  /// The outcome, or a failed one where a value is not finite.
  static Outcome checked(Outcome outcome, List<Objective> objectives) {
    if (!(outcome instanceof Outcome.Complete(var values))) {
      return outcome;
    }
    if (values.size() != objectives.size()) {
      throw new Problem(
          "A complete trial needs one value for each objective.",
          values.size() + " values for " + objectives.size() + " objectives",
          "Give them in the order of the objectives.");
    }
    for (int i = 0; i < values.size(); i++) {
      if (!Double.isFinite(values.get(i))) {
        return Outcome.failed(Cause.NOT_FINITE, objectives.get(i).metric() + " = " + values.get(i));
      }
    }
    return outcome;
  }

  /// The trial as it ended: judged by the outcome constraints, or failed where one of them cannot
  /// be judged.
  static TrialRecord judged(TrialRecord ended, SearchTask task) {
    if (ended.state() != TrialState.COMPLETE) {
      return ended;
    }
    for (var constraint : task.constraints()) {
      var metric = ended.metric(constraint.metric(), task.objectives());
      if (metric == null) {
        return ended.failed(Cause.NO_VALUE, MissingValues.of(constraint));
      }
      if (!Double.isFinite(metric)) {
        return ended.failed(Cause.NOT_FINITE, constraint.metric() + " = " + metric);
      }
    }
    return ended.under(task.constraints(), task.objectives());
  }

  /// A report, checked against those before it.
  ///
  /// @throws Problem where its step is not a later one, or it has another number of values
  public static Report report(
      List<Report> before, long step, double[] values, List<Objective> objectives) {
    if (values.length != objectives.size()) {
      throw new Problem(
          "A report needs one value for each objective.",
          values.length + " values for " + objectives.size() + " objectives",
          "Give NaN for those not known yet.");
    }
    if (!before.isEmpty() && before.getLast().step() >= step) {
      throw new Problem(
          "The steps of a trial must ascend.",
          "step " + step + " after step " + before.getLast().step(),
          "Report each step once, in order.");
    }
    var list = new ArrayList<Double>(values.length);
    for (double value : values) {
      list.add(value);
    }
    return new Report(step, list);
  }
}
