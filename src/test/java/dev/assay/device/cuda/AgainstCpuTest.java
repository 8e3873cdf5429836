package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.BatchLogExpectedImprovement;
import dev.assay.internal.acquisition.ConstrainedLogExpectedImprovement;
import dev.assay.internal.acquisition.ExpectedImprovement;
import dev.assay.internal.acquisition.LogExpectedHypervolumeImprovement;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.acquisition.Mixture;
import dev.assay.internal.acquisition.NoiseDiscount;
import dev.assay.internal.acquisition.ProbabilityOfImprovement;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpEngineContract;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.internal.pareto.ParetoCells;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The engine on the stand-in driver beside the processor's: the same numbers at sizes that the
/// contract does not reach, the same choices.
@Tag("standin")
class AgainstCpuTest {
  private static final GpEngine CPU = GpEngine.standard();

  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  private static GpEngine cuda() {
    return new CudaGpEngine(StandIn.device());
  }

  private record Data(double[] x, double[] y, double[] theta) {
    static Data of(Box box, CovarianceFunction covariance, int n, long seed) {
      var random = new Philox(seed, n);
      int d = box.dimension();
      var x = new double[n * d];
      var y = new double[n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++) {
          x[i * d + j] = box.coordinates().get(j).fromUnit(random.nextDouble());
        }
        y[i] = Math.sin(5 * x[i * d]) + x[i * d + d - 1] + 0.1 * random.nextGaussian();
      }
      var prior =
          Hyperprior.of(covariance, d, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
      var theta = prior.start();
      theta[prior.size() - 2] = Math.log(1e-2);
      return new Data(x, y, theta);
    }
  }

  private static Box mixed() {
    return new Box(
        List.of(
            new Coordinate.Continuous(),
            new Coordinate.Category(3),
            new Coordinate.Grid(new double[] {0, .25, .5, .75, 1}),
            new Coordinate.Continuous()));
  }

  /// Around the sizes of tiles, panels, and the change from one Cholesky to the other.
  @ParameterizedTest
  @ValueSource(ints = {31, 32, 33, 64, 65, 160, 161, 192, 225})
  void likelihoodsAndPosteriorsAgreeAtEverySize(int n) {
    var covariance = new RadialCovariance.Matern52();
    var box = Box.continuous(2);
    var data = Data.of(box, covariance, n, 3);
    int p = data.theta().length;
    var values = new double[2][2];
    var gradients = new double[2][2 * p];
    var means = new double[2][17];
    var variances = new double[2][17];
    var at = new Philox(1, 1).doubles(34).toArray();
    var thetas = Arrays.copyOf(data.theta(), 2 * p);
    System.arraycopy(data.theta(), 0, thetas, p, p);
    thetas[p] += 0.5;
    var engines = List.of(CPU, cuda());
    for (int e = 0; e < 2; e++) {
      try (var session = engines.get(e).open(box)) {
        session.observe(data.x(), new double[][] {data.y()});
        session.logLikelihood(covariance, 0, thetas, values[e], gradients[e]);
        session.condition(List.of(new GpSession.Model(covariance, data.theta(), 0)));
        session.append(new double[] {.3, .4}, new double[] {.5});
        session.predict(0, at, means[e], variances[e]);
      }
    }
    same(values[1], values[0]);
    same(gradients[1], gradients[0]);
    same(means[1], means[0]);
    same(variances[1], variances[0]);
  }

  private static void same(double[] actual, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i])
          .isCloseTo(expected[i], within(1e-9 * Math.max(1, Math.abs(expected[i]))));
    }
  }

  @Test
  void aMatrixThatIsNotPositiveDefiniteIsReportedByEitherCholesky() {
    for (int n : new int[] {20, 170}) {
      var box = Box.continuous(1);
      var covariance = new RadialCovariance.Rbf();
      var x = new double[n];
      try (var session = cuda().open(box)) {
        session.observe(x, new double[][] {new double[n]});
        var value = new double[2];
        var gradient = new double[8];
        double[] thetas = {0, 0, Double.NEGATIVE_INFINITY, 0, 0, 0, 0, 0};
        session.logLikelihood(covariance, 0, thetas, value, gradient);
        assertThat(value[0]).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(value[1]).isFinite();
        assertThat(Arrays.copyOf(gradient, 4)).containsOnly(0);
      }
    }
  }

  /// What the processor finds, then the device.
  private static List<GpSession.Candidate> maximise(
      Box box,
      double[] x,
      double[][] outputs,
      List<GpSession.Model> models,
      AcquisitionFunction function,
      MaximiserPlan plan) {
    var found = new ArrayList<GpSession.Candidate>();
    for (var engine : List.of(CPU, cuda())) {
      try (var session = engine.open(box)) {
        session.observe(x, outputs);
        session.condition(models);
        found.add(session.maximise(function, plan, CandidateRule.ANY));
      }
    }
    return found;
  }

  private static void sameChoice(List<GpSession.Candidate> found) {
    assertThat(found.get(1).value()).isCloseTo(found.get(0).value(), within(1e-7));
    assertThat(found.get(1).point()).containsExactly(found.get(0).point(), within(1e-4));
  }

  /// Of two outputs, with one factor.
  private static List<GpSession.Model> both(CovarianceFunction covariance, double[] theta) {
    return List.of(
        new GpSession.Model(covariance, theta, 0), new GpSession.Model(covariance, theta, 1));
  }

  /// The stand-in has four multiprocessors: up to four starts climb in one launch, more step by
  /// step.
  static Stream<Arguments> searches() {
    return Stream.of(Box.continuous(1), Box.continuous(5), mixed())
        .flatMap(box -> Stream.of(Arguments.of(box, 4), Arguments.of(box, 6)));
  }

  @ParameterizedTest
  @MethodSource("searches")
  void theSamePointIsChosen(Box box, int starts) {
    var covariance = CovarianceFunction.productPlusAdditive(1);
    var data = Data.of(box, covariance, 25, 9);
    double incumbent = Arrays.stream(data.y()).min().orElseThrow();
    var function =
        new Mixture(
            List.of(
                new Mixture.Part(.7, new LogExpectedImprovement(0, incumbent)),
                new Mixture.Part(.3, new LogExpectedImprovement(1, incumbent))));
    var plan =
        new MaximiserPlan(128, 4, 32, starts, 40, Arrays.copyOf(data.x(), 5 * box.dimension()), 4);
    var other = data.theta().clone();
    other[1] += 0.4;
    var outputs = new double[][] {data.y()};
    var models =
        List.of(
            new GpSession.Model(covariance, data.theta(), 0),
            new GpSession.Model(covariance, other, 0));
    var found = maximise(box, data.x(), outputs, models, function, plan);
    sameChoice(found);
  }

  /// Factors of several panels, and models that share one.
  @Test
  void theSamePointIsChosenBehindSeveralPanels() {
    var covariance = new RadialCovariance.Matern52();
    var box = Box.continuous(3);
    var data = Data.of(box, covariance, 70, 4);
    var square = Arrays.stream(data.y()).map(v -> v * v).toArray();
    double incumbent = Arrays.stream(data.y()).min().orElseThrow();
    var function =
        new ConstrainedLogExpectedImprovement(
            new LogExpectedImprovement(0, incumbent),
            List.of(new ProbabilityOfImprovement(1, 2, true)));
    var plan = new MaximiserPlan(64, 4, 32, 4, 8, Arrays.copyOf(data.x(), 15), 4);
    var outputs = new double[][] {data.y(), square};
    var models = both(covariance, data.theta());
    var found = maximise(box, data.x(), outputs, models, function, plan);
    sameChoice(found);
  }

  /// Solves without panels have no barriers.
  @Test
  void theSameValueIsFoundWithoutObservations() {
    var covariance = new RadialCovariance.Matern52();
    var box = Box.continuous(2);
    var theta = Data.of(box, covariance, 1, 1).theta();
    var function =
        new ConstrainedLogExpectedImprovement(
            new LogExpectedImprovement(0, 0.5), List.of(new ProbabilityOfImprovement(1, 2, true)));
    var plan = new MaximiserPlan(32, 0, 0, 2, 4, new double[0], 3);
    var outputs = new double[2][0];
    var models = both(covariance, theta);
    var found = maximise(box, new double[0], outputs, models, function, plan);
    assertThat(found.get(1).value()).isCloseTo(found.get(0).value(), within(1e-9));
  }

  /// More coordinates than a warp has lanes, several times over.
  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void theSamePointIsChosenOfManyCoordinates(int starts) {
    var covariance = new RadialCovariance.Matern32();
    var box = Box.continuous(200);
    var data = Data.of(box, covariance, 12, 4);
    var function = new LogExpectedImprovement(0, Arrays.stream(data.y()).min().orElseThrow());
    var plan = new MaximiserPlan(32, 4, 32, starts, 8, Arrays.copyOf(data.x(), 1000), 4);
    var outputs = new double[][] {data.y()};
    var models = List.of(new GpSession.Model(covariance, data.theta(), 0));
    var found = maximise(box, data.x(), outputs, models, function, plan);
    sameChoice(found);
  }

  /// In one launch, whose kernel has formulas of its own.
  @ParameterizedTest
  @MethodSource("functions")
  void theSameValueIsFoundOfEveryFunction(AcquisitionFunction function) {
    var covariance = new RadialCovariance.Matern52();
    var box = Box.continuous(2);
    var data = Data.of(box, covariance, 20, 6);
    var square = Arrays.stream(data.y()).map(v -> v * v).toArray();
    var plan = new MaximiserPlan(16, 0, 0, 3, 6, new double[0], 4);
    var outputs = new double[][] {data.y(), square};
    var models = both(covariance, data.theta());
    var found = maximise(box, data.x(), outputs, models, function, plan);
    assertThat(found.get(1).value()).isCloseTo(found.get(0).value(), within(1e-9));
  }

  @Test
  void fewStartsClimbInOneLaunch() {
    var box = Box.continuous(3);
    var covariance = new RadialCovariance.Matern52();
    var data = Data.of(box, covariance, 25, 9);
    var function = new LogExpectedImprovement(0, Arrays.stream(data.y()).min().orElseThrow());
    var launches = new long[2];
    for (int few = 0; few < 2; few++) {
      try (var session = cuda().open(box)) {
        session.observe(data.x(), new double[][] {data.y()});
        session.condition(List.of(new GpSession.Model(covariance, data.theta(), 0)));
        var plan = new MaximiserPlan(32, 0, 0, few == 1 ? 4 : 5, 40, new double[0], 4);
        session.predict(0, new double[3], new double[1], new double[1]); // all before is done
        long before = StandIn.call("standin_launches");
        session.maximise(function, plan, CandidateRule.ANY);
        launches[few] = StandIn.call("standin_launches") - before;
      }
    }
    // Covariances, products, predictions and acquisition of the candidates; the group's
    // description,
    // and the ascent.
    assertThat(launches[1]).isEqualTo(6);
    assertThat(launches[0]).isGreaterThan(40);
  }

  @Test
  void fitsEndWhereTheProcessorsDo() {
    var box = mixed();
    var covariances =
        List.of(CovarianceFunction.product(), CovarianceFunction.productPlusAdditive(2));
    var data = Data.of(box, covariances.getFirst(), 30, 2);
    var warped = Arrays.stream(data.y()).map(Math::exp).toArray();
    var tasks =
        covariances.stream()
            .flatMap(covariance -> Stream.of(task(covariance, 0), task(covariance, 1)))
            .toList();
    var engines = List.of(CPU, cuda());
    List<List<GpSession.Fit>> fits =
        engines.stream()
            .map(engine -> {
              try (var session = engine.open(box)) {
                session.observe(data.x(), new double[][] {data.y(), warped});
                return session.fit(tasks);
              }
            })
            .toList();
    for (int k = 0; k < tasks.size(); k++) {
      var expected = fits.get(0).get(k);
      var actual = fits.get(1).get(k);
      assertThat(actual.logPosterior()).isCloseTo(expected.logPosterior(), within(1e-6));
      assertThat(actual.theta()).containsExactly(expected.theta(), within(1e-4));
      assertThat(actual.evaluations()).isEqualTo(expected.evaluations());
    }
  }

  private static GpSession.FitTask task(CovarianceFunction covariance, int output) {
    var prior = Hyperprior.of(covariance, 4, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    int p = prior.size();
    var starts = Arrays.copyOf(prior.start(), 2 * p);
    System.arraycopy(prior.randomStart(new Philox(8, output)), 0, starts, p, p);
    return new GpSession.FitTask(covariance, output, prior, starts, 12);
  }

  static Stream<AcquisitionFunction> functions() {
    var front = List.of(new double[] {0.2, 1.0}, new double[] {0.8, 0.1});
    return Stream.of(
        new NoiseDiscount(1, .3),
        new BatchLogExpectedImprovement(
            List.of(new LogExpectedImprovement(0, .1), new LogExpectedImprovement(1, -.2))),
        new ConstrainedLogExpectedImprovement(
            new LogExpectedImprovement(0, .1), List.of(new ProbabilityOfImprovement(1, .3, true))),
        new ConstrainedLogExpectedImprovement(
            null, List.of(new ProbabilityOfImprovement(1, .3, true))),
        new LogExpectedHypervolumeImprovement(0, ParetoCells.of(front, new double[] {2, 2})),
        new LogExpectedImprovement(1, -60),
        new LogExpectedImprovement(0, 40),
        new ExpectedImprovement(1, 0.1),
        new UpperConfidenceBound(0, 2),
        new ProbabilityOfImprovement(0, 0.2, false));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void acquisitionsOfSeveralModelsAgree(AcquisitionFunction function) {
    var covariance = new RadialCovariance.Matern52();
    var box = Box.continuous(2);
    var data = Data.of(box, covariance, 20, 6);
    var square = Arrays.stream(data.y()).map(v -> v * v).toArray();
    var at = new Philox(3, 1).doubles(24).toArray();
    var values = new double[2][12];
    var gradients = new double[2][24];
    var engines = List.of(CPU, cuda());
    for (int e = 0; e < 2; e++) {
      try (var session = engines.get(e).open(box)) {
        session.observe(data.x(), new double[][] {data.y(), square});
        session.condition(both(covariance, data.theta()));
        session.acquisition(function, at, values[e], gradients[e]);
      }
    }
    same(values[1], values[0]);
    same(gradients[1], gradients[0]);
  }

  static Stream<Arguments> covariancesAndBoxes() {
    return GpEngineContract.covariances()
        .flatMap(covariance ->
            Stream.of(mixed(), Box.continuous(9)).map(box -> Arguments.of(covariance, box)));
  }

  @ParameterizedTest
  @MethodSource("covariancesAndBoxes")
  void drawsAreTheProcessorsToRounding(CovarianceFunction covariance, Box box) {
    var data = Data.of(box, covariance, 20, 6);
    var at = Data.of(box, covariance, 10, 3).x();
    var draws = new double[2][];
    var engines = List.of(CPU, cuda());
    for (int e = 0; e < 2; e++) {
      try (var session = engines.get(e).open(box)) {
        session.observe(data.x(), new double[][] {data.y()});
        session.condition(List.of(new GpSession.Model(covariance, data.theta(), 0)));
        draws[e] = session.sample(0, at, 3, 7);
      }
    }
    assertThat(draws[1]).containsExactly(draws[0], within(1e-6));
  }
}
