package dev.assay.internal.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LbfgsBTest {
  private interface Smooth {
    double at(double[] x, double[] gradient);
  }

  private static BatchObjective batch(int d, Smooth f) {
    return (points, starts, count, values, gradients) -> {
      for (int i = 0; i < count; i++) {
        var g = new double[d];
        values[i] = f.at(Arrays.copyOfRange(points, i * d, (i + 1) * d), g);
        System.arraycopy(g, 0, gradients, i * d, d);
      }
    };
  }

  private static double[] all(int d, double v) {
    var a = new double[d];
    Arrays.fill(a, v);
    return a;
  }

  private static double rosenbrock(double[] x, double[] g) {
    double f = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      double a = x[i + 1] - x[i] * x[i];
      double b = 1 - x[i];
      f += 100 * a * a + b * b;
      g[i] += -400 * a * x[i] - 2 * b;
      g[i + 1] += 200 * a;
    }
    return f;
  }

  @Test
  void rosenbrockInTenDimensionsIsSolvedFromTheUsualStart() {
    int d = 10;
    var start = all(d, 1);
    for (int i = 0; i < d; i += 2) {
      start[i] = -1.2;
    }
    var result =
        new LbfgsB(8, 500, 1e-9, 0)
            .minimise(batch(d, LbfgsBTest::rosenbrock), start, all(d, -5), all(d, 5));
    assertThat(result.points()).containsExactly(all(d, 1), within(1e-6));
    assertThat(result.evaluations()).isLessThan(300);
  }

  /// Hock and Schittkowski 1981, problem 25's neighbours are awkward; problem 1 with an active
  /// bound: min Rosenbrock, x2 >= 1.5.
  @Test
  void activeBoundsHoldTheSolution() {
    var low = new double[] {-10, 1.5};
    var high = new double[] {10, 10};
    var result =
        new LbfgsB(8, 300, 1e-10, 0)
            .minimise(batch(2, LbfgsBTest::rosenbrock), new double[] {-2, 3, 3, 2}, low, high);
    // Problem 2: the minimum is 0.0504261879 at (2a cos(b/3), 1.5)
    double a = Math.sqrt(598.0 / 1200);
    double b = Math.acos(1 / (400 * a * a * a));
    int best = result.best();
    assertThat(result.values()[best]).isCloseTo(0.0504261879, within(1e-9));
    assertThat(result.points()[2 * best]).isCloseTo(2 * a * Math.cos(b / 3), within(1e-6));
    assertThat(result.points()[2 * best + 1]).isEqualTo(1.5);
  }

  @Test
  void aQuadraticInABoxEndsAtTheProjectedMinimumExactlyAtTheBounds() {
    int d = 25;
    var result =
        new LbfgsB(6, 200, 1e-10, 0)
            .minimise(
                batch(
                    d,
                    (x, g) -> {
                      double f = 0;
                      for (int i = 0; i < d; i++) {
                        double c = (i % 3) - 0.5; // -0.5, 0.5, 1.5: below, inside, above
                        g[i] = (i + 1) * (x[i] - c);
                        f += g[i] * (x[i] - c) / 2;
                      }
                      return f;
                    }),
                all(d, .3),
                all(d, 0),
                all(d, 1));
    for (int i = 0; i < d; i++) {
      double expected = i % 3 == 0 ? 0 : i % 3 == 1 ? 0.5 : 1;
      assertThat(result.points()[i]).isCloseTo(expected, within(i % 3 == 1 ? 1e-7 : 0));
    }
  }

  @Test
  void startsInABatchGoAsTheyWouldAlone() {
    var objective = batch(4, LbfgsBTest::rosenbrock);
    var starts = new double[] {-1, 2, 0, 1, 3, -3, 2, 0.5, 0, 0, 0, 0};
    var minimiser = new LbfgsB(5, 60, 1e-8, 0);
    var together = minimiser.minimise(objective, starts, all(4, -4), all(4, 4));
    for (int s = 0; s < 3; s++) {
      var start = Arrays.copyOfRange(starts, 4 * s, 4 * s + 4);
      var alone = minimiser.minimise(objective, start, all(4, -4), all(4, 4));
      assertThat(Arrays.copyOfRange(together.points(), 4 * s, 4 * s + 4))
          .containsExactly(alone.points());
    }
  }

  @Test
  void pointsOutsideTheDomainAreSteppedBackFrom() {
    var result =
        new LbfgsB(5, 200, 1e-8, 0)
            .minimise(
                batch(
                    1,
                    (x, g) -> {
                      g[0] = 1 - 0.01 / x[0];
                      return x[0] > 0 ? x[0] - 0.01 * Math.log(x[0]) : Double.NaN;
                    }),
                new double[] {3, -1},
                new double[] {-10},
                new double[] {10});
    assertThat(result.points()[0]).isCloseTo(0.01, within(1e-6));
    assertThat(result.values()[1]).isInfinite();
    assertThat(result.best()).isZero();
  }
}
