package dev.assay.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.gp.RadialCovariance;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every engine must do where a covariance is singular, or nearly so.
public abstract class GpSingularContract extends GpAgreementContract {
  /// Observations in a row, of the smallest noise that is ever learned: the covariance's condition
  /// is 1e7 to 1e8.
  @Test
  void agreesWhereTheCovarianceIsNearlySingular() {
    var covariance = new RadialCovariance.Rbf();
    var box = Box.continuous(1);
    int n = 70;
    var c = Case.random(box, covariance, n, 1);
    for (int i = 0; i < n; i++) {
      c.x()[i][0] = i / (double) n;
      c.y()[i] = Math.sin(7 * c.x()[i][0]);
    }
    System.arraycopy(new double[] {0, Math.log(0.5), Math.log(1e-6), 0}, 0, c.theta(), 0, 4);
    for (int first : new int[] {n, 60}) {
      try (var session = engine().open(box)) {
        session.observe(
            Arrays.copyOf(c.flat(), first), new double[][] {Arrays.copyOf(c.y(), first)});
        session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
        for (int i = first; i < n; i++) {
          session.append(c.x()[i], new double[] {c.y()[i]});
        }
        var points = Case.random(box, covariance, 70, 3).flat();
        var means = new double[70];
        var variances = new double[70];
        session.predict(0, points, means, variances);
        var posterior = c.posterior(covariance);
        for (int t = 0; t < 70; t++) {
          var expected = posterior.at(new double[] {points[t]});
          close(means[t], expected.mean());
          close(variances[t], expected.variance());
        }
      }
    }
  }

  @Test
  void duplicatePointsGiveFiniteAnswersEvenWithoutNoise() {
    var covariance = new RadialCovariance.Matern52();
    var c = Case.random(Box.continuous(2), covariance, 12, 5);
    for (int i = 0; i < 6; i++) {
      c.x()[i + 6] = c.x()[i];
    }
    c.theta()[3] = Math.log(1e-300);
    try (var session = engine().open(c.box())) {
      session.observe(c.flat(), new double[][] {c.y()});
      session.condition(List.of(new GpSession.Model(covariance, c.theta(), 0)));
      var means = new double[12];
      var variances = new double[12];
      session.predict(0, c.flat(), means, variances);
      for (int i = 0; i < 12; i++) {
        assertThat(means[i]).isFinite();
        assertThat(variances[i]).isBetween(0.0, 1e-3);
      }
    }
  }

  @Test
  void aCovarianceThatIsNotPositiveDefiniteHasNoLikelihood() {
    var covariance = new RadialCovariance.Matern52();
    var c = Case.random(Box.continuous(2), covariance, 6, 5);
    c.x()[3] = c.x()[0];
    c.theta()[3] = Double.NEGATIVE_INFINITY; // no noise
    var value = new double[1];
    var gradient = new double[5];
    try (var session = engine().open(c.box())) {
      session.observe(c.flat(), new double[][] {c.y()});
      session.logLikelihood(covariance, 0, c.theta(), value, gradient);
    }
    assertThat(value[0]).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(gradient).containsOnly(0);
  }
}
