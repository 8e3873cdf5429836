package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpSession;
import dev.assay.random.Philox;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where covariances are nearly singular, variances are those of substitution all the same:
/// products with the inverse are mended where they have to be.
@Tag("standin")
class NearlySingularTest {
  private static final int N = 70;

  /// @param noise relative to the prior variance
  /// @param mended whether products with the inverse alone are off by more than allowed
  @ParameterizedTest
  @CsvSource({
    "1e-6, 1e-12, false",
    "1e-9, 1e-11, false",
    "1e-11, 1e-13, true",
    "1e-13, 1e-13, true"
  })
  void variancesAreAsGoodAsTheCovarianceAllows(double noise, double allowed, boolean mended) {
    var covariance = new RadialCovariance.Rbf();
    var theta = new double[] {0, Math.log(0.5), Math.log(noise), 0};
    var x = new double[N];
    for (int i = 0; i < N; i++) {
      x[i] = i / (double) N;
    }
    var at = new Philox(4, 2).doubles(20).toArray();
    var means = new double[at.length];
    var variances = new double[at.length];
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var data = new DeviceObservations(stream, arena, new boolean[1]);
      data.set(x, new double[][] {x});
      var model = new GpSession.Model(covariance, theta, 0);
      assertThat(new ConditionedFactor(stream, data, arena, model).mends()).isEqualTo(mended);
      stream.settle();
    }
    try (var session = new CudaGpEngine(StandIn.device()).open(Box.continuous(1))) {
      session.observe(x, new double[][] {x});
      session.condition(List.of(new GpSession.Model(covariance, theta, 0)));
      session.predict(0, at, means, variances);
    }
    for (int t = 0; t < at.length; t++) {
      assertThat(variances[t]).isCloseTo(variance(covariance, theta, x, at[t]), within(allowed));
    }
  }

  /// By substitution in FP64, whose error is the least that an engine could have.
  private static double variance(
      CovarianceFunction covariance, double[] theta, double[] x, double at) {
    var flags = new boolean[1];
    var l = new double[N][N];
    var half = new double[N];
    double left = covariance.value(new double[1], new double[1], flags, theta, 0);
    for (int i = 0; i < N; i++) {
      var own = new double[] {x[i]};
      for (int j = 0; j <= i; j++) {
        double sum = covariance.value(own, new double[] {x[j]}, flags, theta, 0);
        sum += i == j ? Math.exp(theta[2]) : 0;
        for (int q = 0; q < j; q++) {
          sum -= l[i][q] * l[j][q];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
      double sum = covariance.value(own, new double[] {at}, flags, theta, 0);
      for (int q = 0; q < i; q++) {
        sum -= l[i][q] * half[q];
      }
      half[i] = sum / l[i][i];
      left -= half[i] * half[i];
    }
    return Math.max(0, left);
  }
}
