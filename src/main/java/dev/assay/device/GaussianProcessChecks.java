package dev.assay.device;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.ExpectedImprovement;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.acquisition.ProbabilityOfImprovement;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.gp.GaussianProcess;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/// Compares what a device calculates with the plain arithmetic of `dev.assay.gp`, on random inputs.
public final class GaussianProcessChecks {
  private static final double TOLERANCE = 1e-9;
  private static final int D = 5;
  private static final int POINTS = 40;
  private static final int NET = 1000;

  /// Of the likelihood in a fit.
  private static final int EVALUATIONS = 20;

  private final GpEngine engine;
  private final List<Check> checks = new ArrayList<>();

  private GaussianProcessChecks(GpEngine engine) {
    this.engine = engine;
  }

  /// One check of each kernel, for a device that is used for the first time.
  public static List<Check> atStart(GpEngine engine) {
    var checks = new GaussianProcessChecks(engine);
    checks.covariance("additive", CovarianceFunction.productPlusAdditive(2), 50);
    return checks.checks;
  }

  /// @param engine of a device
  public static List<Check> run(GpEngine engine) {
    var checks = new GaussianProcessChecks(engine);
    checks.covariance("matern52", new RadialCovariance.Matern52(), 50);
    checks.covariance("matern32", new RadialCovariance.Matern32(), 50);
    checks.covariance("rbf", new RadialCovariance.Rbf(), 50);
    checks.covariance("rational quadratic", new RadialCovariance.RationalQuadratic(), 50);
    checks.covariance("additive", CovarianceFunction.productPlusAdditive(2), 50);
    checks.covariance("matern52, panels", new RadialCovariance.Matern52(), 200);
    return checks.checks;
  }

  private void covariance(String name, CovarianceFunction covariance, int n) {
    var random = new Philox(n, 7);
    var x = new double[n][D];
    var flat = new double[n * D];
    var y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = random.nextGaussian();
      for (int j = 0; j < D; j++) {
        x[i][j] = flat[i * D + j] = random.nextDouble();
      }
    }
    var prior = Hyperprior.of(covariance, D, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    var theta = prior.randomStart(random);
    theta[prior.size() - 2] = Math.log(1e-2);
    var process = new GaussianProcess(covariance, new boolean[D], theta);
    try (var session = engine.open(Box.continuous(D))) {
      session.observe(flat, new double[][] {y});
      likelihood(name + ", n = " + n, session, process, x, y);
      fit(name + ", n = " + n, session, covariance, prior, x, y);
      posterior(name + ", n = " + n, session, process, x, y, random);
    }
  }

  private void likelihood(
      String name, GpSession session, GaussianProcess process, double[][] x, double[] y) {
    var value = new double[1];
    var gradient = new double[process.theta().length];
    session.logLikelihood(process.covariance(), 0, process.theta(), value, gradient); // compiles
    long start = System.nanoTime();
    session.logLikelihood(process.covariance(), 0, process.theta(), value, gradient);
    double milliseconds = (System.nanoTime() - start) * 1e-6;
    double error = Double.POSITIVE_INFINITY;
    if (process.logLikelihood(x, y)
        instanceof GaussianProcess.Likelihood.Value(double expected, double[] slopes)) {
      error = relative(value[0], expected);
      for (int i = 0; i < slopes.length; i++) {
        error = Math.max(error, relative(gradient[i], slopes[i]));
      }
    }
    checks.add(new Check("likelihood, " + name, error, TOLERANCE, milliseconds));
  }

  /// The density that a fit reports against plain arithmetic at the same hyperparameters, and that
  /// it found a better one than where it began. Where a search ends is not compared: a rounding may
  /// decide whether a step is accepted.
  private void fit(
      String name,
      GpSession session,
      CovarianceFunction covariance,
      Hyperprior prior,
      double[][] x,
      double[] y) {
    var task = new GpSession.FitTask(covariance, 0, prior, prior.start(), EVALUATIONS);
    long start = System.nanoTime();
    var fit = session.fit(List.of(task)).getFirst();
    double milliseconds = (System.nanoTime() - start) * 1e-6;
    double error = relative(fit.logPosterior(), density(covariance, prior, fit.theta(), x, y));
    if (!(fit.logPosterior() > density(covariance, prior, prior.start(), x, y))) {
      error = Double.POSITIVE_INFINITY;
    }
    checks.add(new Check("fit, " + name, error, TOLERANCE, milliseconds));
  }

  private static double density(
      CovarianceFunction covariance, Hyperprior prior, double[] theta, double[][] x, double[] y) {
    var likelihood = new GaussianProcess(covariance, new boolean[D], theta).logLikelihood(x, y);
    return likelihood instanceof GaussianProcess.Likelihood.Value(double value, var _)
        ? value + prior.logDensity(theta, new double[theta.length], 0)
        : Double.NEGATIVE_INFINITY;
  }

  private void posterior(
      String name,
      GpSession session,
      GaussianProcess process,
      double[][] x,
      double[] y,
      Philox random) {
    session.condition(List.of(new GpSession.Model(process.covariance(), process.theta(), 0)));
    var points = random.doubles((long) POINTS * D).toArray();
    var means = new double[POINTS];
    var variances = new double[POINTS];
    long start = System.nanoTime();
    session.predict(0, points, means, variances);
    double milliseconds = (System.nanoTime() - start) * 1e-6;
    var posterior = process.condition(x, y);
    var expectedMeans = new double[POINTS];
    var expectedSds = new double[POINTS];
    double error = 0;
    for (int t = 0; t < POINTS; t++) {
      var at = posterior.at(Arrays.copyOfRange(points, t * D, (t + 1) * D));
      expectedMeans[t] = at.mean();
      expectedSds[t] = Math.sqrt(at.variance());
      error = Math.max(error, relative(means[t], at.mean()));
      error = Math.max(error, relative(variances[t], at.variance()));
    }
    checks.add(new Check("posterior, " + name, error, TOLERANCE, milliseconds));
    if (!name.startsWith("matern52, n")) {
      return;
    }
    for (double incumbent : new double[] {-0.5, -40}) {
      for (AcquisitionFunction function :
          List.of(
              new LogExpectedImprovement(0, incumbent),
              new ExpectedImprovement(0, incumbent),
              new ProbabilityOfImprovement(0, incumbent, true),
              new UpperConfidenceBound(0, 2))) {
        acquisition(session, function, points, expectedMeans, expectedSds, incumbent);
      }
    }
    screening(session, process, x, y);
  }

  /// The best of a net against plain arithmetic at each of its points; 0 where the same is chosen.
  private void screening(GpSession session, GaussianProcess process, double[][] x, double[] y) {
    var net = CandidateNet.of(Box.continuous(D), NET, 1);
    var function = new LogExpectedImprovement(0, -1);
    session.screen(function, net, 1); // compiles
    long start = System.nanoTime();
    var found = session.screen(function, net, 1).getFirst();
    double milliseconds = (System.nanoTime() - start) * 1e-6;
    var posterior = process.condition(x, y);
    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < NET; i++) {
      var at = posterior.at(net.point(i));
      double value =
          function.value(new double[] {at.mean()}, new double[] {Math.sqrt(at.variance())});
      best = Math.max(best, value);
    }
    checks.add(
        new Check("screening of " + NET, relative(found.value(), best), TOLERANCE, milliseconds));
  }

  private void acquisition(
      GpSession session,
      AcquisitionFunction function,
      double[] points,
      double[] means,
      double[] sds,
      double incumbent) {
    var values = new double[POINTS];
    long start = System.nanoTime();
    session.acquisition(function, points, values);
    double milliseconds = (System.nanoTime() - start) * 1e-6;
    double error = 0;
    for (int t = 0; t < POINTS; t++) {
      double expected = function.value(new double[] {means[t]}, new double[] {sds[t]});
      error = Math.max(error, relative(values[t], expected));
    }
    var name = function.getClass().getSimpleName() + (incumbent < -10 ? ", far tail" : "");
    checks.add(new Check(name, error, TOLERANCE, milliseconds));
  }

  private static double relative(double actual, double expected) {
    double error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
