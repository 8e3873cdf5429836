package dev.assay.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.ExpectedImprovement;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.acquisition.ProbabilityOfImprovement;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import dev.assay.internal.gp.GaussianProcess;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.Posterior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.random.Philox;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What every engine must do with the points that it is given: agree with the reference arithmetic
/// of `dev.assay.gp` to 1e-9, whatever the covariance, the size and the kind of coordinates, meet
/// numbers that were computed in high precision, and refuse what is not finite.
public abstract class GpAgreementContract {
  private static final double TOLERANCE = 1e-9;

  protected abstract GpEngine engine();

  public static Stream<CovarianceFunction> covariances() {
    return Stream.of(
        new RadialCovariance.Matern52(),
        new RadialCovariance.Matern32(),
        new RadialCovariance.Rbf(),
        new RadialCovariance.RationalQuadratic(),
        new CovarianceFunction.Additive(1),
        new CovarianceFunction.Additive(2),
        CovarianceFunction.productPlusAdditive(1),
        CovarianceFunction.productPlusAdditive(2),
        new CovarianceFunction.Product(
            List.of(new RadialCovariance.Matern52(), new RadialCovariance.Rbf())));
  }

  /// One case: points of a box, outputs, hyperparameters.
  record Case(Box box, double[][] x, double[] y, double[] theta) {
    static Case random(Box box, CovarianceFunction covariance, int n, long seed) {
      var random = new Philox(seed, n);
      int d = box.dimension();
      var x = new double[n][d];
      var y = new double[n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++) {
          x[i][j] = box.coordinates().get(j).fromUnit(random.nextDouble());
        }
        y[i] = random.nextGaussian();
      }
      var prior =
          Hyperprior.of(covariance, d, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
      var theta = prior.randomStart(random);
      theta[prior.size() - 2] = Math.log(1e-2);
      return new Case(box, x, y, theta);
    }

    double[] flat() {
      return Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
    }

    GaussianProcess process(CovarianceFunction covariance) {
      return new GaussianProcess(covariance, box.categorical(), theta);
    }

    GaussianProcess process(CovarianceFunction covariance, double[] other) {
      return new GaussianProcess(covariance, box.categorical(), other);
    }

    Posterior posterior(CovarianceFunction covariance) {
      return process(covariance).condition(x, y);
    }
  }

  static Box mixed() {
    return new Box(
        List.of(
            new Coordinate.Continuous(),
            new Coordinate.Category(3),
            new Coordinate.Grid(new double[] {0, .25, .5, .75, 1}),
            new Coordinate.Continuous()));
  }

  static void close(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
  }

  private void check(Box box, CovarianceFunction covariance, int n) {
    var c = Case.random(box, covariance, n, 17);
    try (var session = engine().open(box)) {
      session.observe(c.flat(), new double[][] {c.y()});
      checkLikelihood(session, covariance, c);
      session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
      checkPosterior(session, covariance, c);
    }
  }

  private static void checkLikelihood(GpSession session, CovarianceFunction covariance, Case c) {
    int p = c.theta().length;
    var value = new double[2];
    var gradient = new double[2 * p];
    var thetas = Arrays.copyOf(c.theta(), 2 * p);
    System.arraycopy(c.theta(), 0, thetas, p, p);
    session.logLikelihood(covariance, 0, thetas, value, gradient);
    var expected =
        (GaussianProcess.Likelihood.Value) c.process(covariance).logLikelihood(c.x(), c.y());
    for (int r = 0; r < 2; r++) {
      close(value[r], expected.value());
      for (int i = 0; i < p; i++) {
        close(gradient[r * p + i], expected.gradient()[i]);
      }
    }
  }

  private static void checkPosterior(GpSession session, CovarianceFunction covariance, Case c) {
    int d = c.box().dimension();
    var points = Case.random(c.box(), covariance, 70, 3); // more than one tile
    var means = new double[70];
    var variances = new double[70];
    session.predict(0, points.flat(), means, variances);
    double incumbent = -1;
    var function = new LogExpectedImprovement(0, incumbent);
    var values = new double[70];
    var gradients = new double[70 * d];
    session.acquisition(function, points.flat(), values, gradients);
    var valuesOnly = new double[70];
    session.acquisition(function, points.flat(), valuesOnly);
    assertThat(valuesOnly).containsExactly(values, within(1e-12));
    var posterior = c.posterior(covariance);
    for (int t = 0; t < 70; t++) {
      var expected = posterior.at(points.x()[t]);
      close(means[t], expected.mean());
      close(variances[t], expected.variance());
      double s = Math.sqrt(expected.variance());
      var dMean = new double[1];
      var dSd = new double[1];
      close(
          values[t],
          function.differentiate(new double[] {expected.mean()}, new double[] {s}, 1, dMean, dSd));
      for (int j = 0; j < d; j++) {
        close(
            gradients[t * d + j],
            dMean[0] * expected.meanGradient()[j]
                + dSd[0] * expected.varianceGradient()[j] / (2 * s));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("covariances")
  void agreesWithTheReferenceOnMixedCoordinates(CovarianceFunction covariance) {
    check(mixed(), covariance, 40);
  }

  @ParameterizedTest
  @MethodSource("covariances")
  void agreesWithNoObservationAndWithOne(CovarianceFunction covariance) {
    check(mixed(), covariance, 0);
    check(mixed(), covariance, 1);
  }

  @ParameterizedTest
  @MethodSource("covariances")
  void agreesInOneDimensionAndInTwoHundred(CovarianceFunction covariance) {
    check(Box.continuous(1), covariance, 9);
    check(Box.continuous(200), covariance, 12);
  }

  @ParameterizedTest
  @MethodSource("covariances")
  void agreesOnCategoriesOnly(CovarianceFunction covariance) {
    check(new Box(List.of(new Coordinate.Category(4), new Coordinate.Category(2))), covariance, 30);
  }

  @ParameterizedTest
  @MethodSource("covariances")
  void appendingIsObservingAll(CovarianceFunction covariance) {
    var c = Case.random(mixed(), covariance, 60, 8);
    // From where on does not depend on the covariance function.
    boolean isFirst = covariance.equals(covariances().findFirst().orElseThrow());
    for (int first : isFirst ? new int[] {0, 1, 30} : new int[] {50}) {
      try (var session = engine().open(c.box())) {
        session.observe(
            Arrays.stream(c.x()).limit(first).flatMapToDouble(Arrays::stream).toArray(),
            new double[][] {Arrays.copyOf(c.y(), first)});
        session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
        for (int i = first; i < 60; i++) {
          session.append(c.x()[i], new double[] {c.y()[i]});
        }
        checkPosterior(session, covariance, c);
        checkLikelihood(session, covariance, c);
      }
    }
  }

  @Test
  void relabellingIsObservingTheOthers() {
    var covariance = CovarianceFunction.productPlusAdditive(1);
    var c = Case.random(mixed(), covariance, 40, 8);
    var other = Arrays.stream(c.y()).map(v -> 1 - v * v).toArray();
    try (var session = engine().open(c.box())) {
      session.observe(c.flat(), new double[][] {other});
      session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
      session.relabel(new double[][] {c.y()});
      checkPosterior(session, covariance, c);
      checkLikelihood(session, covariance, c);
      assertThatThrownBy(() -> session.relabel(new double[][] {new double[39]}))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.relabel(new double[][] {other, other}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatIsNotFiniteIsRefused() {
    try (var session = engine().open(Box.continuous(1))) {
      for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        assertThatThrownBy(
                () -> session.observe(new double[] {0.5}, new double[][] {new double[] {bad}}))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                () -> session.observe(new double[] {bad}, new double[][] {new double[] {1}}))
            .isInstanceOf(IllegalArgumentException.class);
        session.observe(new double[] {0.5}, new double[][] {new double[] {1}});
        assertThatThrownBy(() -> session.append(new double[] {0.1}, new double[] {bad}))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  static Stream<Named<Supplier<JsonNode>>> references() {
    return Stream.of(
        Named.of("a few", ReferenceNumbers::small), Named.of("all", ReferenceNumbers::full));
  }

  private static void relative(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(TOLERANCE * Math.abs(expected) + 1e-300));
  }

  private static double[] theta(JsonNode config) {
    var lengths = ReferenceNumbers.doubles(config.get("lengthscales"));
    var theta = new double[lengths.length + 3];
    theta[0] = Math.log(config.get("outputscale").asDouble());
    for (int j = 0; j < lengths.length; j++) {
      theta[1 + j] = Math.log(lengths[j]);
    }
    theta[1 + lengths.length] = Math.log(config.get("noise").asDouble());
    theta[2 + lengths.length] = config.get("mean").asDouble();
    return theta;
  }

  @ParameterizedTest
  @MethodSource("references")
  void numbersComputedInHighPrecisionAreMet(Supplier<JsonNode> source) {
    var reference = source.get();
    var covariance = new RadialCovariance.Matern52();
    try (var session = engine().open(Box.continuous(3))) {
      session.observe(
          Arrays.stream(ReferenceNumbers.rows(reference.get("X")))
              .flatMapToDouble(Arrays::stream)
              .toArray(),
          new double[][] {ReferenceNumbers.doubles(reference.get("y"))});
      for (var config : reference.get("configs")) {
        var theta = theta(config);
        var value = new double[1];
        var gradient = new double[6];
        session.logLikelihood(covariance, 0, theta, value, gradient);
        relative(value[0], config.get("lml").asDouble());
        var expected = config.get("lml_grad");
        relative(gradient[0], expected.get("log_outputscale").asDouble());
        var lengths = ReferenceNumbers.doubles(expected.get("log_lengthscales"));
        for (int j = 0; j < 3; j++) {
          relative(gradient[1 + j], lengths[j]);
        }
        relative(gradient[4], expected.get("log_noise").asDouble());
        relative(gradient[5], expected.get("mean").asDouble());
        session.condition(List.of(new GpSession.Model(covariance, theta, 0)));
        var net = CandidateNet.of(Box.continuous(3), 1500, 7);
        var improvement = new LogExpectedImprovement(0, config.get("best").asDouble());
        assertThat(session.screen(improvement, net, 1).getFirst().point())
            .isEqualTo(Screening.exhaustive(session, improvement, net, 1).getFirst().point());
        for (var point : config.get("points")) {
          checkPoint(
              session, point, config.get("best").asDouble(), reference.get("kappa").asDouble());
        }
        if (config.get("name").equals(reference.get("pushed_incumbent").get("config"))) {
          checkPushedIncumbent(session, reference.get("pushed_incumbent"));
        }
      }
    }
  }

  private static void checkPoint(GpSession session, JsonNode point, double best, double kappa) {
    var x = ReferenceNumbers.doubles(point.get("x"));
    var mean = new double[1];
    var variance = new double[1];
    session.predict(0, x, mean, variance);
    relative(mean[0], point.get("mean").asDouble());
    relative(variance[0], point.get("var").asDouble());
    checkFunction(session, new LogExpectedImprovement(0, best), x, point, "logEI", 1);
    checkFunction(session, new ExpectedImprovement(0, best), x, point, "EI", 1);
    checkFunction(session, new ProbabilityOfImprovement(0, best, false), x, point, "PI", 1);
    checkFunction(session, new ProbabilityOfImprovement(0, best, true), x, point, "logPI", 1);
    checkFunction(session, new UpperConfidenceBound(0, kappa), x, point, "lcb", -1);
  }

  /// @param sign -1 where the reference is to be minimised
  private static void checkFunction(
      GpSession session,
      AcquisitionFunction function,
      double[] x,
      JsonNode point,
      String name,
      double sign) {
    var value = new double[1];
    var gradient = new double[3];
    session.acquisition(function, x, value, gradient);
    relative(sign * value[0], point.get(name).asDouble());
    if (point.has(name + "_grad")) {
      var expected = ReferenceNumbers.doubles(point.get(name + "_grad"));
      // A component may be 0 by chance: relative to the largest one, whose square would underflow.
      double length = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      for (int j = 0; j < 3; j++) {
        assertThat(sign * gradient[j]).isCloseTo(expected[j], within(TOLERANCE * length));
      }
    }
  }

  private static void checkPushedIncumbent(GpSession session, JsonNode pushed) {
    var x = ReferenceNumbers.doubles(pushed.get("x"));
    for (var row : pushed.get("rows")) {
      var function = new LogExpectedImprovement(0, row.get("best").asDouble());
      checkFunction(session, function, x, row, "logEI", 1);
    }
  }
}
