package dev.assay.run;

import dev.assay.device.Backend;
import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Budget;
import dev.assay.study.Cause;
import dev.assay.study.Objective;
import dev.assay.study.Outcome;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.study.Workers;
import dev.assay.train.FoldResult;
import dev.assay.train.FoldedData;
import dev.assay.train.FusedTrainer;
import dev.assay.train.Metric;
import dev.assay.train.Model;
import dev.assay.train.TrainRequest;
import dev.assay.train.TrainResult;
import dev.assay.train.TrainerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Trains a built-in model with each trial's parameters and scores it on the validation folds.
///
/// Trials run side by side on as many threads as the machine has cores; a trial's own folds are
/// trained one after the other then, so that no core waits for a slow fold.
///
/// @param fixed trainer parameters that are not searched
/// @param metrics one for each objective
/// @param reporting whether values are reported after every epoch, for a pruner to see
public record TrainerRunner(
    Model model,
    FoldedData data,
    Map<String, @Nullable Object> fixed,
    List<Metric> metrics,
    Backend backend,
    boolean reporting)
    implements TrialRunner {
  /// The metrics that the objectives name.
  ///
  /// @throws Problem for an unknown one, or a direction that makes it worse
  public static List<Metric> metrics(List<Objective> objectives) {
    var metrics = new ArrayList<Metric>();
    for (var objective : objectives) {
      var metric = Metric.named(objective.metric());
      boolean maximized = objective.direction() == dev.assay.study.Direction.MAXIMIZE;
      if (metric.maximised() != maximized) {
        throw new Problem(
            "The direction makes the metric worse.",
            metric.key() + (maximized ? " under maximize" : " under minimize"),
            "Write " + (maximized ? "minimize: " : "maximize: ") + metric.key() + ".");
      }
      metrics.add(metric);
    }
    return metrics;
  }

  /// Refuses a space that the model cannot be trained with, before the first trial.
  public void check(SearchSpace space) {
    var known = model.parameters().stream().map(parameter -> parameter.name()).toList();
    for (var parameter : space.parameters()) {
      var name = parameter.name();
      if (!known.contains(name)) {
        throw new Problem(
            "The trainer has no such parameter.", name, Nearest.suggest(name, known));
      }
      if (fixed.containsKey(name)) {
        throw new Problem(
            "A parameter is both searched and fixed.",
            name + " = " + fixed.get(name),
            "Remove it from space or from objective.fixed.");
      }
      for (var value : extremes(parameter.distribution())) {
        model.parameter(name).check(value);
      }
    }
    // Fixed values, and the largest batch against the rows.
    var largest = new LinkedHashMap<String, @Nullable Object>(fixed);
    for (var parameter : space.parameters()) {
      if (parameter.name().equals("batch_size")) {
        extremes(parameter.distribution()).stream()
            .map(Number.class::cast)
            .max(java.util.Comparator.comparingLong(Number::longValue))
            .ifPresent(batch -> largest.put("batch_size", batch));
      }
    }
    trainer(1).check(TrainerSettings.of(model, largest));
  }

  private static List<@Nullable Object> extremes(Distribution distribution) {
    return switch (distribution) {
      case FloatRange range -> List.of(range.low(), range.high());
      case IntRange range -> List.of(range.low(), range.high());
      case Choice choice -> choice.options();
    };
  }

  @Override
  public Map<String, @Nullable Object> describe() {
    var description = new LinkedHashMap<String, @Nullable Object>();
    description.put("train", model.key());
    description.put("data", data.data().name());
    description.put("rows", data.data().rows());
    description.put("folds", data.folds().size());
    description.put("fixed", fixed);
    return description;
  }

  @Override
  public Result run(Study<Configuration> study, Budget budget, int parallel) {
    int cores = Runtime.getRuntime().availableProcessors();
    int workers = Math.min(parallel, cores);
    var trainer = trainer(Math.max(1, cores / workers));
    return study.run(
        (configuration, trial) -> evaluate(trainer, trial), budget, Workers.of(workers));
  }

  private FusedTrainer trainer(int threads) {
    return new FusedTrainer(backend.trainEngine(threads), data);
  }

  private Outcome evaluate(FusedTrainer trainer, Trial<Configuration> trial)
      throws InterruptedException {
    var parameters = new LinkedHashMap<String, @Nullable Object>(fixed);
    parameters.putAll(trial.parameters().values());
    var request = new TrainRequest(TrainerSettings.of(model, parameters), trial.seed());
    try (var run = trainer.open(List.of(request))) {
      int epoch = reporting ? 1 : Integer.MAX_VALUE;
      for (; ; epoch++) {
        var result = run.advance(epoch).getFirst();
        if (result.ended()) {
          return outcome(trial, result);
        }
        if (trial.report(epoch, means(result)).prune()) {
          attach(trial, result);
          return Outcome.pruned();
        }
      }
    }
  }

  private Outcome outcome(Trial<Configuration> trial, TrainResult result) {
    attach(trial, result);
    return result.diverged()
        ? Outcome.failed(Cause.DIVERGED, "the loss of a fold became too large or NaN")
        : Outcome.complete(means(result));
  }

  private double[] means(TrainResult result) {
    return metrics.stream().mapToDouble(result::mean).toArray();
  }

  /// Scores of every metric, by fold, and what training cost.
  private static void attach(Trial<Configuration> trial, TrainResult result) {
    if (!result.diverged()) {
      var scores = new LinkedHashMap<String, @Nullable Object>();
      for (var metric : Metric.values()) {
        var score = new LinkedHashMap<String, @Nullable Object>();
        score.put("mean", result.mean(metric));
        score.put("sd", result.deviation(metric));
        score.put("folds", result.folds().stream().map(fold -> fold.score(metric)).toList());
        scores.put(metric.key(), score);
      }
      trial.attribute("scores", scores);
    }
    trial.attribute("fit_seconds", result.fitSeconds());
    trial.attribute(
        "fold_fit_seconds", result.folds().stream().map(FoldResult::fitSeconds).toList());
    trial.attribute("epochs", result.folds().stream().map(FoldResult::epochs).toList());
  }
}
