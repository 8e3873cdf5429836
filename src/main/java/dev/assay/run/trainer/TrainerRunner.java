package dev.assay.run.trainer;

import dev.assay.device.Backend;
import dev.assay.device.DeviceFailure;
import dev.assay.device.DeviceTooSmall;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.run.Repeats;
import dev.assay.run.TrialRunner;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.train.FoldedData;
import dev.assay.train.FusedTrainer;
import dev.assay.train.Metric;
import dev.assay.train.Model;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.TrainerSettings;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Trains a built-in model with each trial's parameters and scores it on the validation folds.
///
/// Trials are trained together, their folds as lanes of one launch.
///
/// @param fixed trainer parameters that are not searched
/// @param metrics one for each objective
/// @param reporting whether values are reported after every epoch, for a pruner to see
/// @param trainScores whether the training rows are scored too
/// @param checkpoints where trials that are segments of a training have their directories; null:
///   trials are whole
/// @param repeats how many trainings, each with a seed of its own, a trial is
/// @param precision of the products of dense layers; one that the back end has not is refused
public record TrainerRunner(
    Model model,
    FoldedData data,
    Map<String, @Nullable Object> fixed,
    List<Metric> metrics,
    Backend backend,
    boolean reporting,
    boolean trainScores,
    @Nullable Path checkpoints,
    Repeats repeats,
    Precision precision)
    implements TrialRunner {
  private static final List<String> SIZES =
      List.of("batch_size", "hidden", "layers", "filters", "kernel");

  /// The metrics that the objectives name.
  ///
  /// @throws Problem for an unknown one, or a direction that makes it worse
  public static List<Metric> metrics(List<Objective> objectives) {
    var metrics = new ArrayList<Metric>();
    for (var objective : objectives) {
      var metric = Metric.named(objective.metric());
      boolean maximized = objective.direction() == dev.assay.trial.Direction.MAXIMIZE;
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
        throw new Problem("The trainer has no such parameter.", name, Nearest.suggest(name, known));
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
    trainer(1).check(TrainerSettings.of(model, largest(space)));
  }

  /// Fixed values, and the largest of what is searched that takes rows or memory.
  private Map<String, @Nullable Object> largest(SearchSpace space) {
    var largest = new LinkedHashMap<String, @Nullable Object>(fixed);
    for (var parameter : space.parameters()) {
      if (SIZES.contains(parameter.name())) {
        extremes(parameter.distribution()).stream()
            .map(Number.class::cast)
            .max(java.util.Comparator.comparingLong(Number::longValue))
            .ifPresent(size -> largest.put(parameter.name(), size));
      }
    }
    return largest;
  }

  /// Refuses bounds on what is not measured.
  public void checkConstraints(List<OutcomeConstraint> constraints) {
    var known = new ArrayList<>(List.of(TrialScores.FIT_SECONDS));
    known.addAll(Metric.keys(metrics.getFirst().task()));
    for (var constraint : constraints) {
      if (!known.contains(constraint.metric())) {
        throw new Problem(
            "The trainer measures no such metric.",
            "subject_to: " + constraint,
            Nearest.suggest(constraint.metric(), known));
      }
    }
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
    if (repeats.any()) {
      description.put("repeats", repeats.describe());
    }
    if (precision != Precision.FP32) {
      description.put("precision", precision.key());
    }
    return description;
  }

  @Override
  public Result<Configuration> run(Study<Configuration> study, Budget budget, int parallel) {
    var searching = Thread.currentThread();
    try (var _ = study.whenLost(_ -> searching.interrupt())) {
      return search(study, budget, parallel);
    }
  }

  /// Goes on with what takes over where a device fails that nobody asked for: trials that were
  /// under way begin anew.
  private Result<Configuration> search(Study<Configuration> study, Budget budget, int parallel) {
    long start = System.nanoTime();
    var left = budget;
    while (true) {
      try {
        return attempt(study, left, parallel);
      } catch (DeviceFailure | DeviceTooSmall e) {
        if (!backend.goesOnAfter(e)) {
          throw e;
        }
      }
      var time = budget.time();
      if (time != null) {
        long nanos = time.toNanos() - (System.nanoTime() - start);
        left = budget.within(Duration.ofNanos(Math.max(1, nanos)));
      }
    }
  }

  private Result<Configuration> attempt(Study<Configuration> study, Budget budget, int parallel) {
    var trainer = trainer(Runtime.getRuntime().availableProcessors());
    var scores = new TrialScores(metrics, study.constraints(), trainScores);
    if (checkpoints != null) {
      var trained = new TrainedSegments(checkpoints, trainer, this::settings, study);
      return new PopulationSearch(study, budget, parallel, trainer, this::settings, scores, trained)
          .run();
    }
    return new FusedSearch(
            study, budget, parallel, trainer, this::settings, scores, reporting, repeats)
        .run();
  }

  private FusedTrainer trainer(int threads) {
    return new FusedTrainer(backend.trainEngine(threads, precision), data);
  }

  /// What the trainer makes of a configuration and the fixed parameters.
  public TrainerSettings settings(Configuration configuration) {
    var parameters = new LinkedHashMap<String, @Nullable Object>(fixed);
    parameters.putAll(configuration.values());
    return TrainerSettings.of(model, parameters);
  }
}
