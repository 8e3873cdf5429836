package dev.assay.pruner;

import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.History;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Trials with learning curves, for the pruners' tests.
public final class Curves {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private Curves() {}

  /// Reports of steps 1, 2, ...
  public static List<Report> reports(double... values) {
    return every(1, values);
  }

  /// Reports of steps s, 2s, ...
  public static List<Report> every(int s, double... values) {
    var reports = new ArrayList<Report>();
    for (int i = 0; i < values.length; i++) {
      reports.add(new Report((long) (i + 1) * s, List.of(values[i])));
    }
    return reports;
  }

  public static TrialRecord trial(int number, TrialState state, List<Report> reports) {
    return new TrialRecord(
        number,
        state,
        SPACE.defaults(),
        Map.of(),
        reports,
        state == TrialState.COMPLETE ? List.of(reports.getLast().values().getFirst()) : List.of(),
        state == TrialState.FAILED ? Cause.NOT_FINITE : null,
        "",
        Map.of(),
        1,
        1,
        0);
  }

  /// Completed trials 0, 1, ... with these curves.
  public static History completed(List<List<Report>> curves) {
    var trials = new ArrayList<TrialRecord>();
    for (var curve : curves) {
      trials.add(trial(trials.size(), TrialState.COMPLETE, curve));
    }
    return History.of(trials, List.of());
  }

  /// Completed trials that reported one value each, at step 1.
  public static History atStepOne(double... values) {
    var curves = new ArrayList<List<Report>>();
    for (double value : values) {
      // A second report, so that step 1 is not where trials end.
      curves.add(List.of(new Report(1, List.of(value)), new Report(1000, List.of(value))));
    }
    return completed(curves);
  }

  public static History.Pending running(int number, List<Report> reports) {
    return new History.Pending(number, SPACE.defaults(), reports);
  }
}
