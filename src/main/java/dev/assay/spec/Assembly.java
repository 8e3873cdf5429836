package dev.assay.spec;

import dev.assay.device.Backend;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.sampler.ContextSampler;
import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.run.TrialRunner;
import dev.assay.run.command.CommandRunner;
import dev.assay.run.command.CommandSettings;
import dev.assay.run.command.TrialWatcher;
import dev.assay.run.function.FunctionRunner;
import dev.assay.run.function.NumericFunction;
import dev.assay.run.kernel.KernelRunner;
import dev.assay.run.table.TableRunner;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.StoppingRules;
import dev.assay.space.Configuration;
import dev.assay.storage.Storage;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Pruner;
import dev.assay.trial.Sampler;
import dev.assay.trial.StoppingRule;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes of a study file what can be run: a study, and what runs its trials.
public final class Assembly {
  private final StudyFile file;
  private final boolean here;

  public Assembly(StudyFile file) {
    this(file, true);
  }

  /// @param here whether trials run on this machine; else its GPUs are no matter
  public Assembly(StudyFile file, boolean here) {
    this.file = file;
    this.here = here;
  }

  /// What runs the trials; external ones have their directories beside the study file.
  public TrialRunner runner(Backend backend) {
    return runner(backend, file.directory().resolve("trials"), TrialWatcher.NONE);
  }

  /// What runs the trials.
  ///
  /// @param trials where trials get their directories, if they have any
  /// @param watcher sees what they print
  /// @throws Problem when the objective cannot be run: no such data, metric, program or parameter
  public TrialRunner runner(Backend backend, Path trials, TrialWatcher watcher) {
    PopulationRules.check(file);
    CurveRules.check(file);
    RepeatRules.check(file);
    return switch (file.objective()) {
      case ObjectiveSpec.Train train -> TrainerAssembly.runner(file, train, backend, trials);
      case ObjectiveSpec.Function function -> function(function);
      case ObjectiveSpec.Command(var settings, var place) ->
          command(settings, place, trials, watcher);
      case ObjectiveSpec.Kernel kernel -> kernel(kernel);
      case ObjectiveSpec.Table table -> table(table);
      case ObjectiveSpec.AskTell() ->
          throw new Problem(
              "The file has no objective, so there is nothing to run.",
              file.name(),
              "Add one, or let a program ask and tell: assay serve FILE --stdio.");
    };
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
      var bounded = file.constraints().stream().map(OutcomeConstraint::metric).toList();
      runner.check(file.space(), bounded, here);
      return runner;
    });
    return runner;
  }

  private TrialRunner kernel(ObjectiveSpec.Kernel spec) {
    try {
      return new KernelRunner(spec.settings(), file.objectives(), file.directory(), file.space());
    } catch (Problem problem) {
      throw KernelReader.located(problem, spec.formulas(), file.places(), spec.place());
    }
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

  private TrialRunner table(ObjectiveSpec.Table spec) {
    var repeats = spec.repeats();
    var place = repeats == null ? spec.place() : repeats.place();
    return file.locate(
        () -> {
          var runner =
              new TableRunner(
                  spec.file(),
                  spec.table(),
                  file.objectives(),
                  repeats == null ? "mean" : repeats.text());
          runner.check(file.space());
          return runner;
        },
        place);
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
    PopulationRules.check(file);
    CurveRules.check(file);
    RepeatRules.check(file);
    var builder = Study.over(file.space()).named(file.name()).storage(storage);
    file.objectives().forEach(builder::objective);
    file.constraints().forEach(builder::subjectTo);
    builder.fix(file.fixed());
    builder.was(file.was());
    file.start().forEach(builder::start);
    var rule = stoppingRule();
    if (rule != null) {
      builder.stopWhen(rule);
    }
    return builder
        .sampler(sampler(engine))
        .pruner(pruner())
        .seed(file.seed())
        .batch(file.batch())
        .restarts(file.restarts())
        .describe("objective", objective);
  }

  private Sampler sampler(GpEngine engine) {
    var sampler =
        file.sampler()
            .create((name, options) -> Samplers.create(name, options(name, options), engine));
    return file.objective() instanceof ObjectiveSpec.Kernel kernel
            && !kernel.settings().context().isEmpty()
        ? new ContextSampler(sampler, kernel.settings().context())
        : sampler;
  }

  /// The sampler's options, with what follows from the rest of the file.
  private Map<String, @Nullable Object> options(
      String name, Map<String, @Nullable Object> options) {
    return CurveRules.options(file, name, PopulationRules.options(file, name, options));
  }

  /// What ends the study beside its budget: whichever of two comes first.
  private @Nullable StoppingRule stoppingRule() {
    var regret = file.regret();
    var named = file.rule();
    if (named == null) {
      return regret;
    }
    var rule = named.create(StoppingRules::create);
    return regret == null
        ? rule
        : (task, history) -> regret.reached(task, history) || rule.reached(task, history);
  }

  private Pruner pruner() {
    return file.pruner()
        .create((name, options) -> {
          var raced = name.equals("none") ? RepeatRules.pruner(file) : null;
          var pruner = Pruners.create(raced == null ? name : raced, options);
          pruner.check(file.objectives());
          return pruner;
        });
  }
}
