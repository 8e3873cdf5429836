package dev.assay.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.internal.linalg.Cholesky;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What every covariance function must do: be symmetric and positive definite, depend on its
/// arguments alone and leave them as they are, and give derivatives that are those of its values.
public abstract class CovarianceFunctionContract {
  private static final int POINTS = 12;
  private static final int SETTINGS = 5;

  /// Where the function's hyperparameters begin in the vectors that it is given.
  private static final int AT = 2;

  /// The function under test.
  protected abstract CovarianceFunction function();

  /// Which coordinates are categories, of which there are three options.
  protected boolean[] categorical() {
    return new boolean[] {false, true, false};
  }

  private int d() {
    return categorical().length;
  }

  private int parameters() {
    return function().roles(d()).size();
  }

  private double[][] points() {
    var random = new Random(3);
    var x = new double[POINTS][d()];
    for (var point : x) {
      for (int j = 0; j < d(); j++) {
        point[j] = categorical()[j] ? random.nextInt(3) : random.nextDouble();
      }
    }
    return x;
  }

  /// Hyperparameters as fits meet them, from index [#AT] on.
  private double[] theta(int setting) {
    var prior =
        Hyperprior.of(function(), d(), PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    var random = new Random(setting);
    var theta = new double[AT + parameters() + 3];
    Arrays.fill(theta, Double.NaN); // what is not the function's to read
    for (int i = 0; i < parameters(); i++) {
      double moved = prior.start()[i] + (setting == 0 ? 0 : random.nextGaussian());
      theta[AT + i] = Math.clamp(moved, prior.low()[i], prior.high()[i]);
    }
    return theta;
  }

  private double value(double[] x, double[] y, double[] theta) {
    return function().value(x, y, categorical(), theta, AT);
  }

  @Test
  void itIsSymmetricAndFinite() {
    for (int s = 0; s < SETTINGS; s++) {
      var theta = theta(s);
      for (var x : points()) {
        for (var y : points()) {
          double value = value(x, y, theta);
          assertThat(value)
              .as("k(%s, %s) at %s", Arrays.toString(x), Arrays.toString(y), Arrays.toString(theta))
              .isFinite()
              .isCloseTo(value(y, x, theta), within(1e-12 * Math.abs(value) + 1e-300));
        }
      }
    }
  }

  @Test
  void itIsPositiveDefinite() {
    var x = points();
    for (int s = 0; s < SETTINGS; s++) {
      var theta = theta(s);
      var k = new double[POINTS * POINTS];
      double trace = 0;
      for (int i = 0; i < POINTS; i++) {
        for (int j = 0; j < POINTS; j++) {
          k[i * POINTS + j] = value(x[i], x[j], theta);
        }
        trace += k[i * POINTS + i];
      }
      for (int i = 0; i < POINTS; i++) {
        k[i * POINTS + i] += 1e-9 * trace;
      }
      assertThat(Cholesky.of(k, POINTS))
          .as("the covariance of %s points at %s", POINTS, Arrays.toString(theta))
          .isInstanceOf(Cholesky.Factor.class);
    }
  }

  @Test
  void equalArgumentsHaveEqualValuesInWhateverOrder() {
    var function = function();
    var x = points();
    var theta = theta(1);
    var values = new double[POINTS * POINTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = function.value(x[i / POINTS], x[i % POINTS], categorical(), theta, AT);
    }
    for (int i = values.length - 1; i >= 0; i--) {
      assertThat(function.value(x[i / POINTS], x[i % POINTS], categorical(), theta, AT))
          .as("asked once more")
          .isEqualTo(values[i]);
      assertThat(value(x[i / POINTS], x[i % POINTS], theta)).as("of another").isEqualTo(values[i]);
    }
  }

  @Test
  void argumentsAreLeftAsTheyAre() {
    var x = points();
    for (int i = 0; i < POINTS; i++) {
      var a = x[i].clone();
      var b = x[(i + 1) % POINTS].clone();
      var theta = theta(2);
      var flags = categorical();
      double unused = function().value(a, b, flags, theta, AT);
      function()
          .addGradient(a, b, flags, theta, AT, unused, new double[theta.length], new double[d()]);
      assertThat(a).isEqualTo(x[i]);
      assertThat(b).isEqualTo(x[(i + 1) % POINTS]);
      assertThat(theta).isEqualTo(theta(2));
      assertThat(flags).isEqualTo(categorical());
    }
  }

  @Test
  void gradientsAreAddedAndAreThoseOfTheValues() {
    var x = points();
    for (int s = 0; s < SETTINGS; s++) {
      var theta = theta(s);
      for (int i = 0; i + 1 < POINTS; i++) {
        assertGradients(x[i], x[i + 1], theta);
      }
      assertGradients(x[0], x[0], theta);
    }
  }

  private void assertGradients(double[] x, double[] y, double[] theta) {
    double weight = 0.7;
    double before = 0.25;
    var dTheta = new double[theta.length];
    var dX = new double[d()];
    Arrays.fill(dTheta, before);
    Arrays.fill(dX, before);
    function().addGradient(x, y, categorical(), theta, AT, weight, dTheta, dX);
    double scale = Math.abs(value(x, x, theta)) + Math.abs(value(x, y, theta));
    for (int i = 0; i < theta.length; i++) {
      boolean own = i >= AT && i < AT + parameters();
      double expected = before;
      if (own) {
        double h = 1e-5;
        expected +=
            weight * (value(x, y, moved(theta, i, h)) - value(x, y, moved(theta, i, -h))) / (2 * h);
      }
      assertThat(dTheta[i])
          .as("the derivative in θ[%s] at x %s, y %s, θ %s", i, text(x), text(y), text(theta))
          .isCloseTo(expected, within(1e-5 * (scale + Math.abs(expected)) + 1e-9));
    }
    for (int j = 0; j < d(); j++) {
      double h = 1e-6;
      double expected =
          categorical()[j]
              ? before
              : before
                  + weight
                      * (value(moved(x, j, h), y, theta) - value(moved(x, j, -h), y, theta))
                      / (2 * h);
      double steepness = Arrays.equals(x, y) ? 1e-3 : 1e-5;
      assertThat(dX[j])
          .as("the derivative in x[%s] at x %s, y %s, θ %s", j, text(x), text(y), text(theta))
          .isCloseTo(expected, within(steepness * (scale + Math.abs(expected))));
    }
  }

  private static double[] moved(double[] from, int i, double by) {
    var to = from.clone();
    to[i] += by;
    return to;
  }

  private static String text(double[] values) {
    return Arrays.toString(values);
  }
}
