package dev.assay.internal.sampler.gp;

import dev.assay.internal.surrogate.Known;
import dev.assay.space.Configuration;
import dev.assay.trial.Cause;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What a history says of the objectives, for a model that needs a number for every trial.
///
/// A pruned trial counts with its last reported value, at best the median of the completed ones: it
/// was stopped because it was not better. A failed trial counts with their upper quartile: worth
/// avoiding, no cliff; where it fails is learned apart.
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
      case FAILED, DISCARDED, RUNNING, WAITING -> quantile(known, 0.75);
    };
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }

  /// The configurations with the smallest losses of the first objective, the best first.
  List<Configuration> best(int most) {
    return IntStream.range(0, configurations.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> losses[0][i]))
        .limit(most)
        .map(configurations::get)
        .toList();
  }

  /// Whether the first objective's values are of a coarse grid.
  boolean isStepped() {
    return Known.isStepped(losses[0]);
  }

  /// The first objective's losses.
  double[] first() {
    return Arrays.copyOf(losses[0], losses[0].length);
  }

  /// How far each outcome constraint is exceeded, 0 or less where it is kept: for each constraint n
  /// values. A trial of which it is not known counts with the median of the others; a constraint of
  /// which nothing is known is left out.
  static double[][] excesses(History history, int constraints) {
    var excesses = new ArrayList<double[]>();
    for (int c = 0; c < constraints; c++) {
      int constraint = c;
      var known =
          history.finished().stream()
              .filter(t -> t.constraints().size() > constraint)
              .mapToDouble(t -> t.constraints().get(constraint))
              .filter(Double::isFinite)
              .sorted()
              .toArray();
      if (known.length > 0) {
        double median = quantile(known, 0.5);
        excesses.add(
            history.finished().stream().mapToDouble(t -> excess(t, constraint, median)).toArray());
      }
    }
    return excesses.toArray(double[][]::new);
  }

  /// The excesses, and where trials failed (other than by losing whoever ran them) one constraint
  /// more: that a trial brings a value.
  static double[][] excessesAndFailures(History history, int constraints) {
    var excesses = excesses(history, constraints);
    if (history.finished().stream().noneMatch(ObservedLosses::teaches)) {
      return excesses;
    }
    var all = Arrays.copyOf(excesses, excesses.length + 1);
    all[excesses.length] =
        history.finished().stream().mapToDouble(t -> teaches(t) ? 0.5 : -0.5).toArray();
    return all;
  }

  /// Whether a trial failed, and not by losing whoever ran it.
  static boolean teaches(TrialRecord trial) {
    return trial.state() == TrialState.FAILED && trial.cause() != Cause.LOST;
  }

  private static double excess(TrialRecord trial, int constraint, double unknown) {
    double excess =
        trial.constraints().size() > constraint ? trial.constraints().get(constraint) : Double.NaN;
    return Double.isFinite(excess) ? excess : unknown;
  }
}
