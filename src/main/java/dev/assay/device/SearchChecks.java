package dev.assay.device;

import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Compares what a search asks of a device with what the processor says: one more observation, new
/// values, gradients, also under a nearly singular covariance, joint draws, the acquisition's
/// maximum from few starts and from many.
public final class SearchChecks {
  private static final double TOLERANCE = 1e-9;

  /// Of a maximum: where a search stops, a rounding may decide.
  private static final double MAXIMUM = 1e-4;

  /// Of gradients under a nearly singular covariance, which a rounding of the factor alone moves by
  /// 1e-4; products with an inverse that was not made better move them by 1e-2.
  private static final double SINGULAR = 1e-3;

  private static final int IN_A_ROW = 131; // observations

  private static final int D = 3;
  private static final int N = 30;
  private static final int POINTS = 20;

  /// More than any card has multiprocessors: beyond that the climbs are steered by the host.
  private static final int MANY = 200;

  private final GpEngine engine;
  private final GpEngine processor = GpEngine.standard();
  private final List<Check> checks = new ArrayList<>();
  private final double[] points = new Philox(1, 5).doubles((long) D * N).toArray();
  private final double[] at = new Philox(2, 5).doubles((long) D * POINTS).toArray();
  private final double[] values = new double[N];

  private SearchChecks(GpEngine engine) {
    this.engine = engine;
    var random = new Philox(3, 5);
    Arrays.setAll(values, _ -> random.nextGaussian());
  }

  /// @param engine of a device
  public static List<Check> run(GpEngine engine) {
    var checks = new SearchChecks(engine);
    checks.compare("posterior after one more observation", TOLERANCE, SearchChecks::appended);
    checks.compare("gradients of an acquisition", TOLERANCE, SearchChecks::gradients);
    checks.compare(
        "gradients, observations in a row",
        SINGULAR,
        SearchChecks::openInARow,
        SearchChecks::gradientsBeyond);
    // A root of what is nearly singular: errors grow as roots.
    checks.compare("joint draws", 1e-5, session -> session.sample(0, checks.at(3), 4, 9));
    checks.maximum("maximum from few starts", 3, 40);
    checks.maximum("maximum from many starts", MANY, 8);
    return checks.checks;
  }

  private double[] at(int count) {
    return Arrays.copyOf(at, count * D);
  }

  private GpSession open(GpEngine which) {
    var session = which.open(Box.continuous(D));
    try {
      var covariance = new RadialCovariance.Matern52();
      session.observe(
          Arrays.copyOf(points, (N - 1) * D), new double[][] {Arrays.copyOf(values, N - 1)});
      session.condition(
          List.of(new GpSession.Model(covariance, new double[] {0, -1, -1, -1, -4, 0}, 0)));
      session.append(Arrays.copyOfRange(points, (N - 1) * D, N * D), new double[] {values[N - 1]});
      session.relabel(new double[][] {Arrays.stream(values).map(v -> v / 2).toArray()});
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /// Observations so close to each other, with so little noise, that rounding is all that keeps
  /// their covariance from being singular.
  private static GpSession openInARow(GpEngine which) {
    var session = which.open(Box.continuous(1));
    try {
      var row = new double[IN_A_ROW];
      Arrays.setAll(row, i -> 0.25 * i / IN_A_ROW);
      session.observe(row, new double[][] {Arrays.stream(row).map(x -> Math.sin(5 * x)).toArray()});
      var theta = new double[] {0, Math.log(0.2), Math.log(1e-13), 0};
      session.condition(List.of(new GpSession.Model(new RadialCovariance.Rbf(), theta, 0)));
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static double[] gradientsBeyond(GpSession session) {
    var at = new double[POINTS];
    Arrays.setAll(at, t -> 0.3 + 0.7 * (t + 0.5) / POINTS);
    var gradients = new double[POINTS];
    session.acquisition(new UpperConfidenceBound(0, 2), at, new double[POINTS], gradients);
    return gradients;
  }

  private static double[] appended(GpSession session) {
    var means = new double[POINTS];
    var variances = new double[POINTS];
    var at = new Philox(2, 5).doubles((long) D * POINTS).toArray();
    session.predict(0, at, means, variances);
    var both = Arrays.copyOf(means, 2 * POINTS);
    System.arraycopy(variances, 0, both, POINTS, POINTS);
    return both;
  }

  private static double[] gradients(GpSession session) {
    var found = new double[POINTS];
    var gradients = new double[POINTS * D];
    var at = new Philox(2, 5).doubles((long) D * POINTS).toArray();
    session.acquisition(new LogExpectedImprovement(0, -0.5), at, found, gradients);
    return gradients;
  }

  private void compare(String name, double tolerance, Function<GpSession, double[]> what) {
    compare(name, tolerance, this::open, what);
  }

  private void compare(
      String name,
      double tolerance,
      Function<GpEngine, GpSession> open,
      Function<GpSession, double[]> what) {
    double[] expected;
    try (var session = open.apply(processor)) {
      expected = what.apply(session);
    }
    try (var session = open.apply(engine)) {
      int _ = what.apply(session).length; // loads
      long start = System.nanoTime();
      var found = what.apply(session);
      double milliseconds = (System.nanoTime() - start) * 1e-6;
      double error = 0;
      for (int i = 0; i < expected.length; i++) {
        error = Math.max(error, relative(found[i] - expected[i], expected[i]));
      }
      checks.add(new Check(name, error, tolerance, milliseconds));
    }
  }

  /// How far below the processor's maximum the device's is (above it is as good), and that it is
  /// what the processor finds at that point.
  private void maximum(String name, int starts, int evaluations) {
    var plan = new MaximiserPlan(4 * starts, 0, 0, starts, evaluations, new double[0], 4);
    var function = new LogExpectedImprovement(0, -0.5);
    double expected;
    try (var session = open(processor)) {
      expected = session.maximise(function, plan, CandidateRule.ANY).value();
    }
    try (var session = open(engine)) {
      long start = System.nanoTime();
      var found = session.maximise(function, plan, CandidateRule.ANY);
      double milliseconds = (System.nanoTime() - start) * 1e-6;
      double there = value(function, found.point());
      double error =
          Math.max(
              relative(Math.max(0, expected - found.value()), expected),
              relative(found.value() - there, there));
      checks.add(new Check(name, error, MAXIMUM, milliseconds));
    }
  }

  private double value(LogExpectedImprovement function, double[] point) {
    var value = new double[1];
    try (var session = open(processor)) {
      session.acquisition(function, point, value);
    }
    return value[0];
  }

  private static double relative(double difference, double expected) {
    double error = Math.abs(difference) / Math.max(1, Math.abs(expected));
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
