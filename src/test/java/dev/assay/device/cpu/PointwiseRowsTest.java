package dev.assay.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.ParameterRole;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.gp.GaussianProcess;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Covariance functions of somebody's, in the processor's engine against the reference; among them
/// some whose k(x, x) depends on x.
class PointwiseRowsTest {
  private static final int D = 2;
  private static final boolean[] CATEGORICAL = new boolean[D];

  /// θ₀ + θ₁ x·y.
  private record Linear() implements CovarianceFunction {
    @Override
    public List<ParameterRole> roles(int d) {
      return List.of(ParameterRole.SCALE, ParameterRole.OTHER);
    }

    @Override
    public double value(double[] x, double[] y, boolean[] categorical, double[] theta, int at) {
      double dot = 0;
      for (int j = 0; j < x.length; j++) {
        dot += x[j] * y[j];
      }
      return Math.exp(theta[at]) + Math.exp(theta[at + 1]) * dot;
    }
  }

  static Stream<CovarianceFunction> functions() {
    var rbf = new RadialCovariance.Rbf();
    return Stream.of(
        new Linear(),
        new CovarianceFunction.Sum(List.of(rbf, new Linear())),
        new CovarianceFunction.Product(List.of(new Linear(), rbf)),
        new CovarianceFunction.Product(List.of(new Linear(), new Linear(), rbf)));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theEngineAgreesWithTheReference(CovarianceFunction function) {
    var random = new Random(5);
    int n = 9;
    var x = new double[n][];
    var y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = new double[] {random.nextDouble(), random.nextDouble()};
      y[i] = random.nextGaussian();
    }
    var theta = new double[function.roles(D).size() + 2];
    Arrays.setAll(theta, _ -> random.nextDouble() - 0.5);
    theta[theta.length - 2] = Math.log(0.1);
    var process = new GaussianProcess(function, CATEGORICAL, theta);
    var posterior = process.condition(x, y);
    var reference = (GaussianProcess.Likelihood.Value) process.logLikelihood(x, y);
    var flat = Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
    try (var session = new CpuGpEngine().open(Box.continuous(D))) {
      session.observe(flat, new double[][] {y});
      var likelihood = new double[1];
      var gradient = new double[theta.length];
      session.logLikelihood(function, 0, theta, likelihood, gradient);
      assertThat(likelihood[0]).isCloseTo(reference.value(), within(1e-9));
      assertThat(gradient).containsExactly(reference.gradient(), within(1e-6));
      session.condition(List.of(new GpSession.Model(function, theta, 0)));
      for (int t = 0; t < 5; t++) {
        var point = new double[] {random.nextDouble(), random.nextDouble()};
        var expected = posterior.at(point);
        var mean = new double[1];
        var variance = new double[1];
        session.predict(0, point, mean, variance);
        assertThat(mean[0]).isCloseTo(expected.mean(), within(1e-9));
        assertThat(variance[0]).isCloseTo(expected.variance(), within(1e-9));
        assertSlopes(session, point);
      }
    }
  }

  private static void assertSlopes(GpSession session, double[] point) {
    var bound = new UpperConfidenceBound(0, 1.3);
    var slopes = new double[D];
    session.acquisition(bound, point, new double[1], slopes);
    for (int j = 0; j < D; j++) {
      double h = 1e-5;
      double above = value(session, bound, point, j, h);
      double below = value(session, bound, point, j, -h);
      assertThat(slopes[j]).isCloseTo((above - below) / (2 * h), within(1e-5));
    }
  }

  private static double value(
      GpSession session, UpperConfidenceBound bound, double[] point, int j, double by) {
    var moved = point.clone();
    moved[j] += by;
    var value = new double[1];
    session.acquisition(bound, moved, value);
    return value[0];
  }
}
