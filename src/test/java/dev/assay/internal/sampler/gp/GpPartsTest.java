package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.acquisition.Acquisition;
import dev.assay.acquisition.Beliefs;
import dev.assay.acquisition.Climb;
import dev.assay.acquisition.Surrogate;
import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.Model;
import dev.assay.gp.Noise;
import dev.assay.gp.OutputWarp;
import dev.assay.gp.ParameterBelief;
import dev.assay.gp.ParameterRole;
import dev.assay.gp.Prior;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.sampler.gp.Gp;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Searches put together from parts of somebody's: right ones work as Assay's own, wrong ones are
/// named, and what was told is kept.
class GpPartsTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().floatRange("x", 0, 1).floatRange("y", 0, 1).build();

  private static final Model MATERN = Model.of(new RadialCovariance.Matern52());

  /// Somebody's function that does not tell what it is.
  private record Opaque(CovarianceFunction inner) implements CovarianceFunction {
    @Override
    public List<ParameterRole> roles(int d) {
      return inner.roles(d);
    }

    @Override
    public double value(double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
      return inner.value(x, y, categorical, theta, at);
    }
  }

  private record Ei() implements Acquisition {
    @Override
    public double value(Beliefs at) {
      return at.logExpectedImprovement();
    }
  }

  /// Wrong from some number of observations or calls on.
  private interface Kernel {
    double value(double[] x, double[] y, double[] theta);
  }

  private static final class Own implements CovarianceFunction {
    private final Kernel kernel;

    Own(Kernel kernel) {
      this.kernel = kernel;
    }

    @Override
    public List<ParameterRole> roles(int d) {
      return List.of(ParameterRole.SCALE);
    }

    @Override
    public double value(double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
      return kernel.value(x, y, theta);
    }
  }

  private static double loss(Configuration c) {
    return Math.pow(c.number("x") - 0.3, 2) + Math.pow(c.number("y") - 0.7, 2);
  }

  private static List<TrialRecord> search(Sampler sampler, int trials) {
    try (var study = Study.over(SPACE).minimize("loss").sampler(sampler).seed(4).open()) {
      study.run(
          (c, trial) -> {
            trial.attribute("cost", Math.exp(3 * c.number("x")));
            return Outcome.complete(loss(c));
          },
          Budget.trials(trials));
      return study.trials();
    }
  }

  private static List<Configuration> proposals(Sampler sampler, int trials) {
    return Trials.configurations(search(sampler, trials));
  }

  @Test
  void partsOfOursProposeWhatOursDoes() {
    var single = Samplers.create("gp", Map.of("model", "single", "noisy", "no"));
    assertThat(proposals(Gp.models(MATERN), 14)).isEqualTo(proposals(single, 14));
  }

  @Test
  void partsOfSomebodysFindTheBestToo() {
    var sampler =
        Gp.models(Model.of(new Opaque(new RadialCovariance.Matern52())).noise(Noise.known(1e-6)))
            .judgedBy(new Ei())
            .searchedBy(Climb.standard().from(2).lookingAt(128));
    var trials = search(sampler, 16);
    assertThat(trials).anyMatch(trial -> trial.value() < 1e-3);
    assertThat(Trials.configurations(trials)).isEqualTo(proposals(sampler, 16));
  }

  @Test
  void whatIsKeptBetweenProposalsIsAMemo() {
    var sampler = Gp.models(MATERN).judgedBy(new Ei());
    var storage = new InMemoryStorage();
    for (int until : new int[] {7, 9, 11}) { // opened anew each time
      try (var study =
          Study.over(SPACE)
              .minimize("loss")
              .sampler(sampler)
              .seed(4)
              .storage(storage)
              .openOrCreate()) {
        study.run((c, _) -> Outcome.complete(loss(c)), Budget.trials(until));
        if (until == 11) {
          assertThat(Trials.configurations(study.trials())).isEqualTo(proposals(sampler, 11));
        }
      }
    }
  }

  @Test
  void aCostThatIsModelledMakesTrialsCheaper() {
    var cost = Surrogate.logarithmOf("cost");
    record PerCost(Surrogate cost) implements Acquisition {
      @Override
      public double value(Beliefs at) {
        return at.logExpectedImprovement() - 3 * at.of(cost).mean();
      }

      @Override
      public List<Surrogate> surrogates() {
        return List.of(cost);
      }
    }
    assertThat(meanOfX(Gp.models(MATERN).judgedBy(new PerCost(cost))))
        .isLessThan(meanOfX(Gp.models(MATERN).judgedBy(new Ei())));
    var nowhere = Surrogate.of("no such attribute"); // as if it were the same everywhere
    assertThat(proposals(Gp.models(MATERN).judgedBy(new PerCost(nowhere)), 9)).hasSize(9);
  }

  private static double meanOfX(Sampler sampler) {
    return search(sampler, 14).stream()
        .skip(4)
        .mapToDouble(t -> t.configuration().number("x"))
        .average()
        .orElseThrow();
  }

  @Test
  void beliefsOfOnesOwnHold() {
    Prior spike = t -> -1e4 * (t - Math.log(0.2)) * (t - Math.log(0.2));
    var model =
        MATERN
            .believing(
                ParameterRole.LENGTH_SCALE,
                new ParameterBelief(spike, Math.log(0.02), Math.log(50), Math.log(0.3)))
            .on(new OutputWarp.HalfRank())
            .noise(Noise.known(1e-4));
    var notes = search(Gp.models(model), 8).getLast().notes();
    var byModel = (Map<?, ?>) requireNonNull(notes.get("theta"));
    var theta = (List<?>) requireNonNull(byModel.get("model1"));
    assertThat((Double) theta.get(1)).isBetween(Math.log(0.19), Math.log(0.21));
    assertThat((Double) theta.get(3)).isEqualTo(Math.log(1e-4));
  }

  /// An engine of a device that should not be asked.
  private record Elsewhere() implements GpEngine {
    @Override
    public String id() {
      return "elsewhere";
    }

    @Override
    public GpSession open(Box box) {
      throw new AssertionError("there is no program for it");
    }
  }

  @Test
  void whatDevicesHaveNoProgramForRunsOnTheProcessor() {
    var opaque = Model.of(new Opaque(new RadialCovariance.Rbf()));
    var nested =
        Model.of(
            new CovarianceFunction.Sum(
                List.of(new RadialCovariance.Rbf(), new Opaque(new RadialCovariance.Rbf()))));
    var believed = MATERN.noise(Noise.learned(new ParameterBelief(t -> -t * t, -12, 0, -6)));
    var partsOf =
        List.of(
            Gp.models(opaque),
            Gp.models(nested),
            Gp.models(believed),
            Gp.models(MATERN).judgedBy(new Ei()));
    for (var gp : partsOf) {
      assertThat(search(gp.on(new Elsewhere()), 6).getLast().notes())
          .containsEntry("engine", "cpu");
    }
    assertThatThrownBy(() -> search(Gp.models(MATERN).on(new Elsewhere()), 6))
        .isInstanceOf(Problem.class);
  }

  private record Wrong(String name, Gp sampler, String part) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Wrong acquisition(String name, Acquisition wrong) {
    return new Wrong(name, Gp.models(MATERN).judgedBy(wrong), wrong.getClass().getName());
  }

  private static Wrong kernel(String name, Kernel wrong) {
    return new Wrong(name, Gp.models(Model.of(new Own(wrong))), Own.class.getName());
  }

  private static Wrong warp(String name, OutputWarp wrong) {
    return new Wrong(name, Gp.models(MATERN.on(wrong)), wrong.getClass().getName());
  }

  static Stream<Wrong> wrong() {
    return Stream.of(
        acquisition("NaN", _ -> Double.NaN),
        acquisition("infinite", _ -> Double.POSITIVE_INFINITY),
        acquisition("NaN here and there", at -> at.mean() > 0 ? Double.NaN : -at.mean()),
        acquisition("throws", at -> at.of(Surrogate.of("not named")).mean()),
        acquisition(
            "overflows the stack",
            at -> {
              throw new StackOverflowError(at.toString());
            }),
        kernel("NaN", (x, y, _) -> x[0] > y[0] ? Double.NaN : 1),
        kernel(
            "throws",
            (_, _, _) -> {
              throw new IllegalStateException("not today");
            }),
        kernel(
            "changes x",
            (x, y, theta) -> {
              x[0] += 1;
              return Math.exp(theta[0] - Math.abs(x[0] - y[0]));
            }),
        kernel(
            "changes theta",
            (x, y, theta) -> {
              theta[0] = 0;
              return Math.exp(-Math.abs(x[0] - y[0]));
            }),
        warp("NaN", y -> new OutputWarp.Warped(new double[] {Double.NaN}, 0)),
        warp("not standardised", y -> new OutputWarp.Warped(y, 0)),
        warp("no Jacobian", y -> OutputWarp.standardised(y, Double.NaN)),
        warp(
            "turns the order",
            y -> OutputWarp.standardised(java.util.Arrays.stream(y).map(v -> -v).toArray(), 0)),
        warp(
            "changes its input",
            y -> {
              y[0] = 0;
              return OutputWarp.standardised(y, 0);
            }));
  }

  @ParameterizedTest
  @MethodSource
  void wrong(Wrong wrong) {
    try (var study = Study.over(SPACE).minimize("loss").sampler(wrong.sampler()).open()) {
      var problem =
          catchThrowableOfType(
              Problem.class,
              () -> study.run((c, _) -> Outcome.complete(loss(c)), Budget.trials(20)));
      assertThat(problem).isNotNull();
      assertThat(problem.what()).contains(wrong.part());
      assertThat(problem.mend()).contains("told so far is kept");
      assertThat(study.trials()).hasSize(4).allMatch(t -> !t.values().isEmpty());
    }
  }

  @Test
  void aFunctionThatIsNotPositiveDefiniteIsNamed() {
    var sampler = Gp.models(Model.of(new Own((x, y, _) -> -Math.exp(-Math.abs(x[0] - y[0])))));
    assertThatThrownBy(() -> search(sampler, 9))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(Own.class.getName())
        .hasMessageContaining("not positive definite");
  }

  @Test
  void whatHasNoMeaningForAStudyIsRefused() {
    var several = Study.over(SPACE).minimize("loss").minimize("size").sampler(Gp.models(MATERN));
    assertThatThrownBy(several::open).isInstanceOf(Problem.class);
    var bounded =
        Study.over(SPACE)
            .minimize("loss")
            .subjectTo("cost <= 3")
            .sampler(Gp.models(MATERN).judgedBy(new Ei()));
    assertThatThrownBy(bounded::open)
        .isInstanceOf(Problem.class)
        .hasMessageContaining("isLogarithm");
    assertThatThrownBy(() -> Gp.models(new Model[0])).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> new Climb(512, 0, 40)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> Noise.known(0)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> ParameterBelief.about(-1, 1)).isInstanceOf(Problem.class);
  }

  @Test
  void constraintsAreKeptWhereTheValueIsALogarithm() {
    record LogEi() implements Acquisition {
      @Override
      public double value(Beliefs at) {
        return at.logExpectedImprovement();
      }

      @Override
      public boolean isLogarithm() {
        return true;
      }
    }
    try (var study =
        Study.over(SPACE)
            .minimize("loss")
            .subjectTo("x >= 0.5")
            .sampler(Gp.models(MATERN).judgedBy(new LogEi()))
            .open()) {
      study.run(
          (c, trial) -> {
            trial.attribute("x", c.number("x"));
            return Outcome.complete(loss(c));
          },
          Budget.trials(16));
      var late = study.trials().subList(8, 16);
      assertThat(late.stream().filter(TrialRecord::isFeasible).count()).isGreaterThan(4);
    }
  }

  @Test
  void settingsSayWhatItIsMadeOf() {
    var settings = Gp.models(MATERN).judgedBy(new Ei()).settings();
    assertThat(settings.toString()).contains("Matern52[]", "Identity[]", "Ei[]");
    var lambda = Gp.models(Model.of(new Own((_, _, _) -> 1))).judgedBy(at -> -at.mean());
    assertThat(lambda.settings().toString())
        .contains(Own.class.getName(), "lambda")
        .doesNotContain("@");
  }
}
