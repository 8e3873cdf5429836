package dev.assay.internal.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.random.Philox;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The reference arithmetic against finite differences.
class GaussianProcessTest {
  private static final boolean[] CATEGORICAL = {false, true, false};

  static Stream<CovarianceFunction> covariances() {
    return Stream.of(
        new RadialCovariance.Matern52(),
        new RadialCovariance.Matern32(),
        new RadialCovariance.Rbf(),
        new RadialCovariance.RationalQuadratic(),
        new CovarianceFunction.Additive(1),
        new CovarianceFunction.Additive(2),
        CovarianceFunction.productPlusAdditive(2),
        new CovarianceFunction.Product(
            List.of(new RadialCovariance.Matern32(), new CovarianceFunction.Additive(2))));
  }

  private static double[][] points(int n, long seed) {
    var random = new Philox(seed, 0);
    var x = new double[n][];
    for (int i = 0; i < n; i++) {
      x[i] = new double[] {random.nextDouble(), random.nextInt(3), random.nextDouble()};
    }
    return x;
  }

  private static double[] theta(CovarianceFunction covariance) {
    var theta =
        Hyperprior.of(covariance, 3, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty())
            .randomStart(new Philox(3, 0));
    theta[theta.length - 2] = Math.log(0.02);
    return theta;
  }

  private static double likelihood(
      CovarianceFunction covariance, double[] theta, double[][] x, double[] y) {
    var process = new GaussianProcess(covariance, CATEGORICAL, theta);
    return ((GaussianProcess.Likelihood.Value) process.logLikelihood(x, y)).value();
  }

  @ParameterizedTest
  @MethodSource("covariances")
  void likelihoodGradientIsItsDerivative(CovarianceFunction covariance) {
    var x = points(15, 1);
    var random = new Philox(2, 0);
    var y = new double[15];
    for (int i = 0; i < 15; i++) {
      y[i] = random.nextGaussian();
    }
    var theta = theta(covariance);
    var process = new GaussianProcess(covariance, CATEGORICAL, theta);
    var value = (GaussianProcess.Likelihood.Value) process.logLikelihood(x, y);
    for (int i = 0; i < theta.length; i++) {
      var up = theta.clone();
      var down = theta.clone();
      up[i] += 1e-5;
      down[i] -= 1e-5;
      double slope = (likelihood(covariance, up, x, y) - likelihood(covariance, down, x, y)) / 2e-5;
      assertThat(value.gradient()[i]).isCloseTo(slope, within(1e-6 * Math.max(1, Math.abs(slope))));
    }
  }

  @ParameterizedTest
  @MethodSource("covariances")
  void posteriorGradientsAreDerivativesAndCategoriesHaveNone(CovarianceFunction covariance) {
    var x = points(15, 1);
    var y = new double[15];
    for (int i = 0; i < 15; i++) {
      y[i] = Math.sin(6 * x[i][0]) + x[i][1];
    }
    var posterior = new GaussianProcess(covariance, CATEGORICAL, theta(covariance)).condition(x, y);
    for (var point : points(5, 9)) {
      var prediction = posterior.at(point);
      assertThat(prediction.variance())
          .isCloseTo(posterior.covariance(point, point), within(1e-12));
      assertThat(prediction.meanGradient()[1]).isZero();
      for (int j : new int[] {0, 2}) {
        var up = point.clone();
        var down = point.clone();
        up[j] += 1e-6;
        down[j] -= 1e-6;
        double mean = (posterior.at(up).mean() - posterior.at(down).mean()) / 2e-6;
        double variance = (posterior.at(up).variance() - posterior.at(down).variance()) / 2e-6;
        assertThat(prediction.meanGradient()[j])
            .isCloseTo(mean, within(1e-5 * Math.max(1, Math.abs(mean))));
        assertThat(prediction.varianceGradient()[j])
            .isCloseTo(variance, within(1e-5 * Math.max(1, Math.abs(variance))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("covariances")
  void theDiagonalIsTheSameEverywhere(CovarianceFunction covariance) {
    var process = new GaussianProcess(covariance, CATEGORICAL, theta(covariance));
    var x = points(4, 5);
    for (var point : x) {
      assertThat(process.covariance(point, point))
          .isCloseTo(process.covariance(x[0], x[0]), within(1e-14));
    }
  }

  @Test
  void secondOrderPartsAreTheSumOverPairs() {
    var first = new CovarianceFunction.Additive(1);
    var second = new CovarianceFunction.Additive(2);
    var theta = new double[] {Math.log(1e-300), Math.log(3), -1, 0.3, 0.2};
    var x = new double[] {0.2, 1, 0.9};
    var y = new double[] {0.5, 0, 0.4};
    var z = new double[3];
    for (int j = 0; j < 3; j++) {
      z[j] =
          first.value(
              new double[] {x[j]},
              new double[] {y[j]},
              new boolean[] {CATEGORICAL[j]},
              new double[] {0, theta[2 + j]},
              0);
    }
    assertThat(second.value(x, y, CATEGORICAL, theta, 0))
        .isCloseTo(3.0 / 3 * (z[0] * z[1] + z[0] * z[2] + z[1] * z[2]), within(1e-14));
  }
}
