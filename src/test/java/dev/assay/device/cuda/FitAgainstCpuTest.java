package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.DeviceTooSmall;
import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.Prior;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpEngineContract;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.HyperparameterFit;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Fits that the device steers by itself, on the stand-in driver, beside those of the processor's
/// engine. Both take the same steps, but round in another order, and a search passes a difference
/// on enlarged: held are the log posterior to 1e-7 of itself, hyperparameters to 1e-5, and the
/// number of evaluations. (Seen were 4e-9 and 3e-8, where one column of outputs has no noise;
/// mostly 1e-12.)
@Tag("standin")
class FitAgainstCpuTest {
  private static final GpEngine CPU = GpEngine.standard();

  private static final List<CovarianceFunction> COVARIANCES =
      GpEngineContract.covariances().toList();

  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @AfterEach
  void nothingIsLeftOnTheDevice() {
    assertThat(StandIn.device().memory().inUse()).isZero();
    StandIn.device().memory().trim(); // checks that nothing was written beyond an array
  }

  private static GpEngine cuda() {
    return new CudaGpEngine(StandIn.device());
  }

  private static Box mixed() {
    return new Box(
        List.of(
            new Coordinate.Continuous(),
            new Coordinate.Category(3),
            new Coordinate.Grid(new double[] {0, .25, .5, .75, 1}),
            new Coordinate.Continuous()));
  }

  private static double[] points(Box box, int n) {
    var random = new Philox(4, n);
    var x = new double[n * box.dimension()];
    for (int i = 0; i < x.length; i++) {
      x[i] = box.coordinates().get(i % box.dimension()).fromUnit(random.nextDouble());
    }
    return x;
  }

  /// Two columns of outputs, one of them without noise.
  private static double[][] outputs(double[] x, int d) {
    int n = x.length / d;
    var random = new Philox(5, n);
    var y = new double[2][n];
    for (int i = 0; i < n; i++) {
      y[0][i] = Math.sin(5 * x[i * d]) + x[i * d + d - 1] + 0.1 * random.nextGaussian();
      y[1][i] = Math.exp(x[i * d]) - x[i * d + d - 1];
    }
    return y;
  }

  private static GpSession.FitTask task(
      CovarianceFunction covariance, int output, Hyperprior prior, int starts, int evaluations) {
    int p = prior.size();
    var from = Arrays.copyOf(prior.start(), starts * p);
    for (int r = 1; r < starts; r++) {
      System.arraycopy(prior.randomStart(new Philox(8, 10 * output + r)), 0, from, r * p, p);
    }
    return new GpSession.FitTask(covariance, output, prior, from, evaluations);
  }

  private static Hyperprior prior(CovarianceFunction covariance, int d, PriorFamily family) {
    return Hyperprior.of(covariance, d, family, OptionalDouble.empty());
  }

  private static List<GpSession.Fit> fit(
      GpEngine engine, Box box, double[] x, List<GpSession.FitTask> tasks) {
    try (var session = engine.open(box)) {
      session.observe(x, outputs(x, box.dimension()));
      return session.fit(tasks);
    }
  }

  /// @return what the device found
  private static List<GpSession.Fit> bothFit(Box box, double[] x, List<GpSession.FitTask> tasks) {
    var expected = fit(CPU, box, x, tasks);
    var actual = fit(cuda(), box, x, tasks);
    for (int k = 0; k < tasks.size(); k++) {
      var what = "task %s of %s".formatted(k, tasks.get(k).covariance());
      agree(what, actual.get(k), expected.get(k));
    }
    return actual;
  }

  private static void agree(String what, GpSession.Fit actual, GpSession.Fit expected) {
    double value = expected.logPosterior();
    if (Double.isFinite(value)) {
      assertThat(actual.logPosterior())
          .as(what)
          .isCloseTo(value, within(1e-7 * Math.max(1, Math.abs(value))));
    } else {
      assertThat(actual.logPosterior()).as(what).isEqualTo(value);
    }
    assertThat(actual.theta()).as(what).containsExactly(expected.theta(), within(1e-5));
    assertThat(actual.evaluations()).as(what).isEqualTo(expected.evaluations());
  }

  private static long launches() {
    return StandIn.call("standin_launches");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 40})
  void everyCovarianceFunctionIsFittedAsOnTheProcessor(int n) {
    var box = mixed();
    var tasks = new ArrayList<GpSession.FitTask>();
    for (int output = 0; output < 2; output++) {
      for (var covariance : COVARIANCES) {
        var prior = prior(covariance, box.dimension(), PriorFamily.DIMENSION_SCALED);
        tasks.add(task(covariance, output, prior, 3, 15));
      }
    }
    long before = launches();
    bothFit(box, points(box, n), tasks);
    // One that begins, and four for each evaluation; none where there are no pairs.
    int each = n == 0 ? 2 : 4;
    assertThat(launches() - before)
        .isBetween(8L * COVARIANCES.size(), (1L + 15 * each) * COVARIANCES.size());
  }

  /// The last size that fits, and the first that the host steers.
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void theLargestAgreesAndTheNextIsSteeredByTheHost(int beyond) {
    int n = DeviceFit.most(StandIn.device().sharedBytes()) + beyond;
    assertThat(n).isGreaterThan(200);
    var box = Box.continuous(2);
    var covariance = new RadialCovariance.Matern52();
    var task = task(covariance, 0, prior(covariance, 2, PriorFamily.DIMENSION_SCALED), 1, 2);
    long before = launches();
    bothFit(box, points(box, n), List.of(task));
    if (beyond <= 0) {
      assertThat(launches() - before).isEqualTo(1 + 4 * 2);
    } else {
      assertThat(launches() - before).isGreaterThan(20);
    }
  }

  /// What starts remember is kept in shared memory where it fits, which here it does not.
  @Test
  void moreHyperparametersThanSharedMemoryHolds() {
    int d = 1150;
    var box = Box.continuous(d);
    var covariance = new RadialCovariance.Matern52();
    var task = task(covariance, 0, prior(covariance, d, PriorFamily.DIMENSION_SCALED), 1, 3);
    bothFit(box, points(box, 3), List.of(task));
  }

  @Test
  void anOldCardFitsAsManyObservationsAsItsSharedMemoryHolds() {
    CudaDevice old;
    try {
      old = StandIn.card("capability=75,shared=65536");
    } finally {
      StandIn.plainCard();
    }
    int n = DeviceFit.most(old.sharedBytes());
    assertThat(n).isEqualTo(122);
    var box = Box.continuous(2);
    var covariance = new RadialCovariance.Rbf();
    var prior = prior(covariance, 2, PriorFamily.DIMENSION_SCALED);
    var tasks = List.of(task(covariance, 0, prior, 1, 2));
    var x = points(box, n);
    agree(
        "64 KiB",
        fit(new CudaGpEngine(old), box, x, tasks).getFirst(),
        fit(CPU, box, x, tasks).getFirst());
  }

  /// Their covariance takes 20 GB; the stand-in has two.
  @Test
  void observationsWhoseCovarianceDoesNotFitAreRefusedWithFigures() {
    int n = 50_000;
    var box = Box.continuous(2);
    var covariance = new RadialCovariance.Matern52();
    var prior = prior(covariance, 2, PriorFamily.DIMENSION_SCALED);
    var x = points(box, n);
    try (var session = cuda().open(box)) {
      session.observe(x, outputs(x, 2));
      assertThatExceptionOfType(DeviceTooSmall.class)
          .isThrownBy(() -> session.fit(List.of(task(covariance, 0, prior, 1, 2))))
          .satisfies(FitAgainstCpuTest::hasThreeParts);
      var model = new GpSession.Model(covariance, prior.start(), 0);
      assertThatExceptionOfType(DeviceTooSmall.class)
          .isThrownBy(() -> session.condition(List.of(model)))
          .satisfies(FitAgainstCpuTest::hasThreeParts);
    }
  }

  private static void hasThreeParts(DeviceTooSmall problem) {
    assertThat(problem.what()).isNotBlank();
    assertThat(problem.value()).contains("needs").contains("has");
    assertThat(problem.mend()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 25})
  void theOtherPriorsHoldToo(int n) {
    var box = Box.continuous(3);
    var tasks = new ArrayList<GpSession.FitTask>();
    for (var covariance : COVARIANCES) {
      tasks.add(task(covariance, 0, prior(covariance, 3, PriorFamily.OPTUNA), 2, 30));
    }
    for (var fit : bothFit(box, points(box, n), tasks)) {
      assertThat(fit.theta()[fit.theta().length - 1]).isZero(); // the mean is fixed
    }
  }

  @Test
  void whereBoundsAreEqualTheParameterStays() {
    var box = Box.continuous(2);
    var covariance = CovarianceFunction.product();
    var prior = Hyperprior.of(covariance, 2, PriorFamily.DIMENSION_SCALED, OptionalDouble.of(1e-2));
    var fit = bothFit(box, points(box, 30), List.of(task(covariance, 0, prior, 3, 40))).getFirst();
    assertThat(fit.theta()[prior.size() - 2]).isEqualTo(Math.log(1e-2));
  }

  /// Twice the same point without noise: the pivot is 0.
  @Test
  void aStartThatIsNotPositiveDefiniteEndsAtOnceAndTheOthersGoOn() {
    var box = Box.continuous(1);
    var covariance = new RadialCovariance.Rbf();
    var usual = prior(covariance, 1, PriorFamily.DIMENSION_SCALED);
    var low = usual.low().clone();
    low[2] = -700;
    var prior = new Hyperprior(usual.priors(), low, usual.high(), usual.start());
    var bad = new double[] {0, -1, -700, 0};
    var good = new double[] {0, -1, -4, 0};
    var both = Arrays.copyOf(bad, 8);
    System.arraycopy(good, 0, both, 4, 4);
    var x = new double[] {0.25, 0.25, 0.5, 0.75};
    var alone = new GpSession.FitTask(covariance, 0, prior, bad, 20);
    var fits =
        bothFit(
            box,
            x,
            List.of(
                new GpSession.FitTask(covariance, 0, prior, both, 20),
                alone,
                new GpSession.FitTask(covariance, 1, prior, good, 20)));
    assertThat(fits.getFirst().logPosterior()).isFinite();
    assertThat(fits.get(1).logPosterior()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(fits.get(1).theta()).isEqualTo(prior.start());
    assertThat(fits.get(1).evaluations()).isOne();
  }

  /// Tasks of two kinds in turn.
  @Test
  void theHostComesToTheSame() {
    var box = Box.continuous(3);
    var one = new RadialCovariance.Matern52();
    var flat =
        new Hyperprior(
            Collections.nCopies(6, new Prior.Flat()),
            new double[] {-5, -5, -5, -5, -10, -2},
            new double[] {5, 5, 5, 5, 0, 2},
            new double[] {0, -1, -1, -1, -5, 0});
    var two = CovarianceFunction.productPlusAdditive(1);
    var usual = prior(two, 3, PriorFamily.DIMENSION_SCALED);
    var tasks =
        List.of(task(one, 0, flat, 4, 20), task(two, 1, usual, 2, 20), task(one, 1, flat, 3, 20));
    var x = points(box, 12);
    var fits = fit(cuda(), box, x, tasks);
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var data = new DeviceObservations(stream, arena, new boolean[3]);
      data.set(x, outputs(x, 3));
      var steered = new HyperparameterFit(c -> new DeviceLikelihood(stream, data, c)).fit(tasks);
      for (int k = 0; k < tasks.size(); k++) {
        agree("task " + k, fits.get(k), steered.get(k));
      }
    }
  }
}
