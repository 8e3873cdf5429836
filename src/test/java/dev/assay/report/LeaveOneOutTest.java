package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.Box;
import dev.assay.internal.gp.GaussianProcess;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The formula against what it stands for: the model of all but one, asked for that one.
final class LeaveOneOutTest {
  @Test
  void isWhatTheModelOfTheOthersExpects() {
    int n = 12;
    int d = 2;
    var random = new Philox(3, 0);
    var points = new double[n * d];
    Arrays.setAll(points, _ -> random.nextDouble());
    var outputs = new double[n];
    Arrays.setAll(outputs, i -> Math.sin(5 * points[i * d]) + 0.3 * random.nextGaussian());
    var covariance = CovarianceFunction.product();
    var box = Box.continuous(d);
    var theta = new double[covariance.roles(d).size() + 2];
    theta[theta.length - 2] = Math.log(0.05);
    theta[theta.length - 1] = 0.2;
    var found = LeaveOneOut.of(covariance, box, theta, points, outputs);
    for (int i = 0; i < n; i++) {
      var x = new ArrayList<double[]>();
      var y = new ArrayList<Double>();
      for (int k = 0; k < n; k++) {
        if (k != i) {
          x.add(Arrays.copyOfRange(points, k * d, k * d + d));
          y.add(outputs[k]);
        }
      }
      var process = new GaussianProcess(covariance, box.categorical(), theta);
      var others = y.stream().mapToDouble(Double::doubleValue).toArray();
      var expected =
          process
              .condition(x.toArray(double[][]::new), others)
              .at(Arrays.copyOfRange(points, i * d, i * d + d));
      assertThat(found.means()[i]).isCloseTo(expected.mean(), within(1e-9));
      assertThat(found.deviations()[i])
          .isCloseTo(Math.sqrt(expected.variance() + 0.05), within(1e-9));
    }
  }
}
