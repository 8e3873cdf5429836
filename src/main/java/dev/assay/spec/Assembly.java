package dev.assay.spec;

import dev.assay.device.Backend;
import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.random.Streams;
import dev.assay.run.FunctionRunner;
import dev.assay.run.NumericFunction;
import dev.assay.run.TrainerRunner;
import dev.assay.run.TrialRunner;
import dev.assay.run.command.CommandRunner;
import dev.assay.run.command.CommandSettings;
import dev.assay.run.command.TrialWatcher;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.study.Storage;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.train.DataSets;
import dev.assay.train.Model;
import dev.assay.train.Validation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes of a study file what can be run: a study, and what runs its trials.
public final class Assembly {
  private final StudyFile file;

  public Assembly(StudyFile file) {
    this.file = file;
  }

  /// What runs the trials; external ones have their directories beside the study file.
  public TrialRunner runner(Backend backend) {
    return runner(backend, file.directory().resolve("trials"), TrialWatcher.NONE);
  }

  /// What runs the trials.
  ///
  /// @param trials where external trials get their directories
  /// @param watcher sees what they print
  /// @throws Problem when the objective cannot be run: no such data, metric, program or parameter
  public TrialRunner runner(Backend backend, Path trials, TrialWatcher watcher) {
    return switch (file.objective()) {
      case ObjectiveSpec.Train train -> trainer(train, backend);
      case ObjectiveSpec.Function function -> function(function);
      case ObjectiveSpec.Command(var settings, var place) ->
          command(settings, place, trials, watcher);
      case ObjectiveSpec.Table(_, var place) -> throw later("table", place);
      case ObjectiveSpec.AskTell() ->
          throw new Problem(
              "The file has no objective, so there is nothing to run.",
              file.name(),
              "Add one, or let a program ask and tell: assay serve FILE --stdio.");
    };
  }

  private static Problem later(String kind, Place place) {
    return new Problem(
        "This version cannot run an objective of that kind.",
        kind + " (" + place + ")",
        "Use train, or let a program ask and tell: assay serve FILE --stdio.");
  }

  private TrialRunner command(
      CommandSettings settings, Place place, Path trials, TrialWatcher watcher) {
    var runner =
        new CommandRunner(
            settings,
            file.objectives(),
            file.directory(),
            trials,
            file.keep(),
            file.resources(),
            watcher);
    place.locate(() -> {
      runner.check(file.space());
      return runner;
    });
    return runner;
  }

  private TrialRunner function(ObjectiveSpec.Function spec) {
    var function = spec.place().locate(() -> NumericFunction.named(spec.name()));
    return file.locate(
        () -> {
          var runner = new FunctionRunner(function, file.objectives());
          runner.check(file.space());
          return runner;
        },
        spec.place());
  }

  private TrialRunner trainer(ObjectiveSpec.Train train, Backend backend) {
    var model = train.model().place().locate(() -> Model.named(train.model().text()));
    var data =
        train
            .data()
            .place()
            .locate(() -> DataSets.load(train.data().text(), train.label(), file.directory()));
    var folds =
        train.data().place().locate(() -> fold(train).apply(data, new Streams(file.seed())));
    var runner =
        new TrainerRunner(
            model,
            folds,
            fixed(train, model),
            TrainerRunner.metrics(file.objectives()),
            backend,
            !file.pruner().name().equals("none"));
    runner.check(file.space());
    return runner;
  }

  private static Validation fold(ObjectiveSpec.Train train) {
    return train.folds() == 0
        ? new Validation.HoldOut(train.holdout())
        : new Validation.CrossValidation(train.folds());
  }

  private static Map<String, @Nullable Object> fixed(ObjectiveSpec.Train train, Model model) {
    var fixed = new LinkedHashMap<String, @Nullable Object>();
    train
        .fixed()
        .forEach((name, node) ->
            fixed.put(name, node.place().locate(() -> model.parameter(name).check(node.plain()))));
    return fixed;
  }

  /// The study, ready to be opened.
  ///
  /// @param objective what the objective is, as JSON values: part of the definition
  public StudyBuilder<Configuration> study(
      Storage storage, Map<String, @Nullable Object> objective) {
    var builder = Study.over(file.space()).named(file.name()).storage(storage);
    file.objectives().forEach(builder::objective);
    file.start().forEach(builder::start);
    return builder
        .sampler(file.sampler().create(Samplers::create))
        .pruner(file.pruner().create(Pruners::create))
        .seed(file.seed())
        .batch(file.batch())
        .restarts(file.restarts())
        .describe("objective", objective);
  }
}
