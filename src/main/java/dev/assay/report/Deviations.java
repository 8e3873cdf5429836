package dev.assay.report;

import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.List;
import java.util.Map;

/// How much the repeats of a trial (the folds of a cross-validation) differ, where the trial says.
final class Deviations {
  private Deviations() {}

  /// The standard deviation of a trial's repeats; NaN where unknown. It is looked for in the
  /// attribute `scores`, under the metric's name, as `sd`; for the only objective also in the list
  /// `fold_scores`.
  static double of(TrialRecord trial, String metric, boolean only) {
    if (trial.state() != TrialState.COMPLETE) {
      return Double.NaN;
    }
    if (trial.attributes().get("scores") instanceof Map<?, ?> scores
        && scores.get(metric) instanceof Map<?, ?> score
        && score.get("sd") instanceof Number sd) {
      return sd.doubleValue();
    }
    return only && trial.attributes().get("fold_scores") instanceof List<?> folds
        ? deviation(folds)
        : Double.NaN;
  }

  private static double deviation(List<?> values) {
    double mean = 0;
    for (var value : values) {
      if (!(value instanceof Number number)) {
        return Double.NaN;
      }
      mean += number.doubleValue() / values.size();
    }
    double squares = 0;
    for (var value : values) {
      squares += Math.pow(((Number) value).doubleValue() - mean, 2);
    }
    return values.size() < 2 ? Double.NaN : Math.sqrt(squares / (values.size() - 1));
  }
}
