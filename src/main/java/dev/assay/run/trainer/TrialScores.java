package dev.assay.run.trainer;

import dev.assay.study.Trial;
import dev.assay.train.FoldResult;
import dev.assay.train.FusedRun;
import dev.assay.train.Metric;
import dev.assay.train.Task;
import dev.assay.train.TrainResult;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.OutcomeConstraint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What a trial of the built-in trainer keeps: its objectives' values, and as attributes the scores
/// of every metric by fold and what training cost.
///
/// @param metrics one for each objective
/// @param constraints the bounds on metrics that are no objectives, kept as attributes
/// @param training whether the training rows are scored too
record TrialScores(List<Metric> metrics, List<OutcomeConstraint> constraints, boolean training) {
  /// The attribute that says what training cost.
  static final String FIT_SECONDS = "fit_seconds";

  /// One value for each objective: the mean over the folds.
  double[] values(TrainResult result) {
    return metrics.stream().mapToDouble(result::mean).toArray();
  }

  Outcome outcome(TrainResult result) {
    return result.diverged()
        ? Outcome.failed(Cause.DIVERGED, "the loss of a fold became too large or NaN")
        : Outcome.complete(values(result));
  }

  /// @param request the trial's index in the run
  void attach(Trial<?> trial, FusedRun run, int request, TrainResult result) {
    attach(trial, result, training(run, request, result));
  }

  /// Scores of the training rows; empty where they are not wanted, or there are none.
  List<FoldResult> training(FusedRun run, int request, TrainResult result) {
    return training && !result.diverged() ? run.trainingScores(request) : List.of();
  }

  void attach(Trial<?> trial, TrainResult result, List<FoldResult> trained) {
    if (!result.diverged()) {
      for (var constraint : constraints) {
        if (!constraint.metric().equals(FIT_SECONDS)) {
          trial.attribute(constraint.metric(), result.mean(Metric.named(constraint.metric())));
        }
      }
      trial.attribute("scores", scores(result.folds()));
      if (!trained.isEmpty()) {
        trial.attribute("train_scores", scores(trained));
      }
    }
    trial.attribute(FIT_SECONDS, result.fitSeconds());
    trial.attribute(
        "fold_fit_seconds", result.folds().stream().map(FoldResult::fitSeconds).toList());
    trial.attribute("epochs", result.folds().stream().map(FoldResult::epochs).toList());
  }

  private Map<String, @Nullable Object> scores(List<FoldResult> folds) {
    var all = new LinkedHashMap<String, @Nullable Object>();
    Task task = metrics.getFirst().task();
    var result = new TrainResult(folds);
    for (var metric : Metric.of(task)) {
      var score = new LinkedHashMap<String, @Nullable Object>();
      score.put("mean", finite(result.mean(metric)));
      score.put("sd", finite(result.deviation(metric)));
      ToDoubleFunction<FoldResult> ofFold = fold -> fold.score(metric);
      score.put("folds", folds.stream().map(f -> finite(ofFold.applyAsDouble(f))).toList());
      all.put(metric.key(), score);
    }
    return all;
  }

  /// JSON has no NaN: a metric that does not exist for these rows is null.
  private static @Nullable Object finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
