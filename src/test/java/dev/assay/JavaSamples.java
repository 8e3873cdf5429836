package dev.assay;

import dev.assay.acquisition.Climb;
import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.OutputWarp;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.engine.Screening;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.internal.pruner.AshaPruner;
import dev.assay.internal.pruner.ForecastPruner;
import dev.assay.internal.pruner.HyperbandPruner;
import dev.assay.internal.pruner.MedianPruner;
import dev.assay.internal.pruner.PatientPruner;
import dev.assay.internal.pruner.PercentilePruner;
import dev.assay.internal.pruner.RacePruner;
import dev.assay.internal.pruner.Schedule;
import dev.assay.internal.pruner.SuccessiveHalvingPruner;
import dev.assay.internal.pruner.ThresholdPruner;
import dev.assay.internal.pruner.WilcoxonPruner;
import dev.assay.internal.sampler.AutoSampler;
import dev.assay.internal.sampler.cmaes.CmaEsSampler;
import dev.assay.internal.sampler.cost.TrialCosts;
import dev.assay.internal.sampler.curves.FreezeThawSampler;
import dev.assay.internal.sampler.genetic.Nsga2Sampler;
import dev.assay.internal.sampler.genetic.Nsga3Sampler;
import dev.assay.internal.sampler.gp.GpSampler;
import dev.assay.internal.sampler.gp.Noisy;
import dev.assay.internal.sampler.gp.RegretRule;
import dev.assay.internal.sampler.halving.HalvingSampler;
import dev.assay.internal.sampler.population.Exploration;
import dev.assay.internal.sampler.population.Factors;
import dev.assay.internal.sampler.population.PbtSampler;
import dev.assay.internal.sampler.simple.AnnealingSampler;
import dev.assay.internal.sampler.simple.GridSampler;
import dev.assay.internal.sampler.tpe.TpeSampler;
import dev.assay.internal.surrogate.Criterion;
import dev.assay.internal.surrogate.SurrogateSettings;
import dev.assay.random.Streams;
import dev.assay.run.Repeats;
import dev.assay.run.command.CommandRunner;
import dev.assay.run.command.CommandSettings;
import dev.assay.run.command.EnvironmentValue;
import dev.assay.run.command.Retries;
import dev.assay.run.command.ValueSource;
import dev.assay.run.function.ParetoFunction;
import dev.assay.run.function.TestFunction;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.run.gpu.GpuResources;
import dev.assay.sampler.gp.Gp;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Workers;
import dev.assay.train.Activation;
import dev.assay.train.Column;
import dev.assay.train.CsvRoles;
import dev.assay.train.DataSet;
import dev.assay.train.Lane;
import dev.assay.train.Layer;
import dev.assay.train.Model;
import dev.assay.train.Optimizer;
import dev.assay.train.Shape;
import dev.assay.train.Target;
import dev.assay.train.TargetScale;
import dev.assay.train.Task;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainerParameter;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import dev.assay.trial.Budget;
import dev.assay.trial.Confirmation;
import dev.assay.trial.FailureLimit;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.SearchTask;
import dev.assay.trial.Segment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// For each public constructor that takes words or numbers, arguments that are right.
final class JavaSamples {
  private JavaSamples() {}

  /// Arguments that are right. `any(...)` marks those of which every finite number, every array, or
  /// every text that is not blank is right.
  record Sample(Class<?> type, List<Object> arguments) {
    @Override
    public String toString() {
      return shortName(type);
    }
  }

  record Any(Object value) {}

  private static Any any(Object value) {
    return new Any(value);
  }

  /// In place of null, which no list of arguments holds.
  static final Object NULL = new Object();

  private static Sample sample(Class<?> type, Object... arguments) {
    return new Sample(type, List.of(arguments));
  }

  static String shortName(Class<?> type) {
    return type.getName().substring("dev.assay.".length());
  }

  static Stream<Sample> samples() {
    return Stream.of(samplers(), pruners(), engines(), runs(), studies(), trainers(), data())
        .flatMap(samples -> samples);
  }

  private static Stream<Sample> samplers() {
    return Stream.of(
        sample(AnnealingSampler.class, 2.0, 0.1),
        sample(CmaEsSampler.class, 0, 0.13, false, true, CmaEsSampler.Restarts.IPOP),
        sample(Exploration.class, 0.8, 1.2, 0.25, List.of()),
        sample(Factors.class, 0.8, 1.2),
        sample(
            GpSampler.class,
            GpSampler.Models.AVERAGE,
            GpSampler.Kernel.MATERN52,
            GpSampler.Judgement.LOGEI,
            1.8,
            GpSampler.Priors.DIMENSION_SCALED,
            -1.0,
            GpSampler.Region.AUTO,
            0,
            512,
            Noisy.AUTO,
            any(TrialCosts.AUTO),
            GpEngine.standard()),
        sample(AutoSampler.class, Noisy.AUTO, any(TrialCosts.AUTO), GpEngine.standard()),
        sample(
            Gp.class,
            List.of(dev.assay.gp.Model.of(CovarianceFunction.product())),
            NULL,
            Climb.standard(),
            0,
            GpEngine.standard()),
        sample(GridSampler.class, List.of(), 3),
        sample(HalvingSampler.class, any("epochs"), 3, 9),
        sample(Nsga2Sampler.class, 50, 0.9, 0.5, 0.0),
        sample(Nsga3Sampler.class, 50, 3, 0.9, 0.5, 0.0),
        sample(PbtSampler.class, 16, 1, 0, 0.25, new Exploration()),
        sample(FreezeThawSampler.class, 50, any("none"), 32, 0.25, any("steps"), true),
        sample(RegretRule.class, 0.1),
        sample(TpeSampler.class, 10, 24, 0.15, 25, 1.0, true, true, true));
  }

  private static Stream<Sample> pruners() {
    return Stream.of(
        sample(AshaPruner.class, 1, 100, 4),
        sample(ForecastPruner.class, 50, 0.05, 8),
        sample(HyperbandPruner.class, 1, 100, 3),
        sample(MedianPruner.class, 5, Schedule.ALWAYS),
        sample(PatientPruner.class, new MedianPruner(5, Schedule.ALWAYS), 5, 0.0),
        sample(PercentilePruner.class, 25.0, 5, Schedule.ALWAYS),
        sample(Schedule.class, 0, 1),
        sample(SuccessiveHalvingPruner.class, 1, 4, 0, 0),
        sample(ThresholdPruner.class, any(-1.0), any(1e6), Schedule.ALWAYS),
        sample(RacePruner.class, 1.0, 3),
        sample(WilcoxonPruner.class, 0.1, 2));
  }

  private static Stream<Sample> engines() {
    var box = Box.continuous(2);
    var low = new double[] {0, 0};
    var high = new double[] {1, 1};
    var member =
        new SurrogateSettings.Member("m", CovarianceFunction.product(), new OutputWarp.Identity());
    return Stream.of(
        sample(CandidateNet.class, box, 8, low, high, any(1L)),
        sample(Coordinate.Category.class, 3),
        sample(Coordinate.Grid.class, low),
        sample(CovarianceProgram.class, CovarianceFunction.product(), 2),
        sample(Criterion.Ucb.class, 1.8),
        sample(
            GpSession.FitTask.class,
            CovarianceFunction.product(),
            0,
            dev.assay.internal.gp.Hyperprior.of(
                CovarianceFunction.product(),
                2,
                PriorFamily.DIMENSION_SCALED,
                OptionalDouble.empty()),
            any(low),
            20),
        sample(GpSession.Model.class, CovarianceFunction.product(), any(low), 0),
        sample(MaximiserPlan.class, 8, 0, 0, 1, 2, any(low), low, high, any(1L)),
        sample(MaximiserPlan.class, 8, 0, 0, 1, 2, any(low), any(1L)),
        sample(Screening.class, CandidateNet.of(box, 8, 1), 3),
        sample(
            SurrogateSettings.class,
            List.of(member),
            PriorFamily.DIMENSION_SCALED,
            OptionalDouble.empty(),
            new Criterion.LogEi(),
            4.0,
            3,
            200,
            2048,
            0,
            true,
            512,
            false),
        sample(
            SurrogateSettings.Member.class,
            any("m"),
            CovarianceFunction.product(),
            new OutputWarp.Identity()),
        sample(
            SurrogateSettings.Member.class,
            any("m"),
            CovarianceFunction.product(),
            new OutputWarp.Identity(),
            Map.of()),
        sample(Climb.class, 512, 4, 40));
  }

  private static Stream<Sample> runs() {
    var bounds = new double[] {0, 0};
    var upper = new double[] {1, 1};
    return Stream.of(
        sample(CommandRunner.Keep.class, 3),
        sample(
            CommandSettings.class,
            List.of("true"),
            any("work"),
            Map.of(),
            Map.of(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Retries.NONE,
            GpuDemand.NONE,
            Repeats.NONE),
        sample(Repeats.class, 3, List.of(), true),
        sample(EnvironmentValue.From.class, any("HOME")),
        sample(GpuDemand.class, 1.0, 0L, false, any("gpus"), Map.of()),
        sample(GpuResources.class, new GpuResources.Request.All(), 0L),
        sample(GpuResources.Request.First.class, 2),
        sample(
            ParetoFunction.class,
            any("f"),
            bounds,
            upper,
            2,
            (java.util.function.UnaryOperator<double[]>) x -> x),
        sample(Retries.class, 2, Duration.ofSeconds(1), Retries.UNSAID),
        sample(
            TestFunction.class,
            any("f"),
            bounds,
            upper,
            any(0.0),
            any(bounds),
            (java.util.function.ToDoubleFunction<double[]>) x -> x[0]),
        sample(ValueSource.InFile.class, any("out.json"), any("loss")),
        sample(ValueSource.Named.class, any("loss"), any("epoch")));
  }

  private static Stream<Sample> studies() {
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    return Stream.of(
        sample(FailureLimit.Any.class, 3),
        sample(Budget.class, 10, Duration.ofHours(1), any(0.5), 5),
        sample(Objective.class, any("loss"), dev.assay.trial.Direction.MINIMIZE),
        sample(OutcomeConstraint.class, any("gb"), OutcomeConstraint.Relation.AT_MOST, any(8.0)),
        sample(SearchTask.class, space, List.of(), List.of(), new Streams(1), 0),
        sample(SearchTask.class, space, List.of(), new Streams(1), 0),
        sample(Confirmation.class, 5, 3),
        sample(Segment.class, 0, 0L, 5L),
        sample(Workers.class, 2, false, false));
  }

  private static Stream<Sample> trainers() {
    var settings = TrainerSettings.of(Model.CNN, Map.of());
    return Stream.of(
        sample(Lane.class, settings, 0, any(1L)),
        sample(Layer.Convolution.class, 8, 8, 1, 4, 3),
        sample(Layer.Dense.class, 4, 3),
        sample(Optimizer.Adam.class, 0.9, 0.999),
        sample(Optimizer.AdamW.class, 0.9, 0.999),
        sample(Optimizer.Sgd.class, 0.9, true),
        sample(
            Shape.class,
            4,
            List.of(new Layer.Dense(4, 3)),
            Shape.Head.SOFTMAX,
            Activation.RELU,
            32),
        sample(TargetScale.class, any(0.0), 1.0),
        sample(TrainerParameter.Flag.class, any("nesterov"), true),
        sample(TrainerParameter.Option.class, any("word"), "a", List.of("a", "b")),
        sample(TrainerParameter.Real.class, any("rate"), 0.01, any(0.0), true, 1.0),
        sample(TrainerParameter.Whole.class, any("layers"), 1, any(1), 4, false),
        sample(
            TrainerSettings.class,
            Model.CNN,
            settings.layers(),
            settings.hidden(),
            settings.activation(),
            settings.optimizer(),
            settings.learningRate(),
            settings.schedule(),
            settings.weightDecay(),
            settings.dropout(),
            settings.batchSize(),
            settings.epochs(),
            settings.patience(),
            settings.filters(),
            settings.kernel()),
        sample(TrainEngine.Advance.class, NULL, 1),
        sample(Validation.CrossValidation.class, 5),
        sample(Validation.GroupFolds.class, 5),
        sample(Validation.HoldOut.class, 0.2),
        sample(Validation.TimeSeries.class, 5));
  }

  private static Stream<Sample> data() {
    var target = new Target.Classes("kind", List.of("a", "b"), new int[] {0, 1});
    var columns = List.of(new Column.Numeric("x"));
    var features = new float[] {1, 2};
    return Stream.of(
        sample(Column.Categorical.class, any("c"), List.of("a", "b")),
        sample(Column.Image.class, any("i"), 8, 8),
        sample(Column.Date.class, any("d")),
        sample(Column.Numeric.class, any("x")),
        sample(CsvRoles.class, any("kind"), any("who"), Task.CLASSIFICATION),
        sample(DataSet.class, any("d"), columns, target, features),
        sample(DataSet.class, any("d"), columns, target, features, new int[] {0, 1}),
        sample(Target.Classes.class, any("kind"), List.of("a", "b"), new int[] {0, 1}),
        sample(Target.Quantity.class, any("kind"), new float[] {1, 2}));
  }
}
