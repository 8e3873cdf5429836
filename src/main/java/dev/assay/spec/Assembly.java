package dev.assay.spec;

import dev.assay.device.Backend;
import dev.assay.engine.GpEngine;
import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.random.Streams;
import dev.assay.run.FunctionRunner;
import dev.assay.run.NumericFunction;
import dev.assay.run.TrainerRunner;
import dev.assay.run.TrialRunner;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.study.Storage;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.train.DataSets;
import dev.assay.train.Model;
import dev.assay.train.Validation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes of a study file what can be run: a study, and what runs its trials.
public final class Assembly {
  private final StudyFile file;

  public Assembly(StudyFile file) {
    this.file = file;
  }

  /// What runs the trials.
  ///
  /// @throws Problem when the objective cannot be run: no such data, metric or trainer parameter
  public TrialRunner runner(Backend backend) {
    return switch (file.objective()) {
      case ObjectiveSpec.Train train -> trainer(train, backend);
      case ObjectiveSpec.Function function -> function(function);
      case ObjectiveSpec.Command(_, _, var place) -> throw later("command", place);
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

  /// The study, ready to be opened; Gaussian processes are computed on the processor.
  ///
  /// @param objective what the objective is, as JSON values: part of the definition
  public StudyBuilder<Configuration> study(
      Storage storage, Map<String, @Nullable Object> objective) {
    return study(storage, objective, GpEngine.standard());
  }

  /// The study, ready to be opened.
  ///
  /// @param objective what the objective is, as JSON values: part of the definition
  /// @param engine what computes Gaussian processes, for samplers that have any
  public StudyBuilder<Configuration> study(
      Storage storage, Map<String, @Nullable Object> objective, GpEngine engine) {
    var builder = Study.over(file.space()).named(file.name()).storage(storage);
    file.objectives().forEach(builder::objective);
    file.start().forEach(builder::start);
    return builder
        .sampler(file.sampler().create((name, options) -> Samplers.create(name, options, engine)))
        .pruner(file.pruner().create(Pruners::create))
        .seed(file.seed())
        .batch(file.batch())
        .describe("objective", objective);
  }
}
