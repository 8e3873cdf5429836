package dev.assay.sampler;

import dev.assay.space.Configuration;
import dev.assay.study.History;
import dev.assay.study.Objective;
import dev.assay.study.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a history says of the objectives, for a model that needs a number for every trial.
///
/// A pruned trial counts with its last reported value, at best the median of the completed ones: it
/// was stopped because it was not better. A failed trial counts with their upper quartile: worth
/// avoiding, no cliff.
///
/// @param configurations n of them
/// @param losses for each objective n values, to be minimised
/// @param completed how many of the trials have true values
@SuppressWarnings("ArrayRecordComponent")
record ObservedLosses(List<Configuration> configurations, double[][] losses, int completed) {
  static ObservedLosses of(History history, List<Objective> objectives) {
    var configurations = new ArrayList<Configuration>();
    for (var trial : history.finished()) {
      configurations.add(trial.configuration());
    }
    var losses = new double[objectives.size()][];
    int completed = 0;
    for (int k = 0; k < losses.length; k++) {
      int objective = k;
      var known =
          history.finished().stream()
              .filter(ObservedLosses::isComplete)
              .mapToDouble(t -> loss(t, objective, objectives))
              .sorted()
              .toArray();
      completed = known.length;
      losses[k] = new double[history.size()];
      for (int i = 0; i < history.size(); i++) {
        losses[k][i] = value(history.get(i), k, objectives, known);
      }
    }
    return new ObservedLosses(configurations, losses, completed);
  }

  private static boolean isComplete(TrialRecord trial) {
    return !trial.values().isEmpty();
  }

  private static double loss(TrialRecord trial, int k, List<Objective> objectives) {
    return objectives.get(k).direction().asLoss(trial.values().get(k));
  }

  private static double value(
      TrialRecord trial, int k, List<Objective> objectives, double[] known) {
    return switch (trial.state()) {
      case COMPLETE -> loss(trial, k, objectives);
      case PRUNED -> {
        double median = quantile(known, 0.5);
        if (trial.reports().isEmpty() || trial.reports().getLast().values().size() <= k) {
          yield median;
        }
        double last =
            objectives.get(k).direction().asLoss(trial.reports().getLast().values().get(k));
        yield Double.isFinite(last) && known.length > 0
            ? Math.clamp(last, median, known[known.length - 1])
            : median;
      }
      case FAILED, RUNNING, WAITING -> quantile(known, 0.75);
    };
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }

  /// The first objective's losses.
  double[] first() {
    return Arrays.copyOf(losses[0], losses[0].length);
  }
}
