package dev.assay.internal.acquisition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.pareto.ParetoCells;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AcquisitionFunctionTest {
  private static final double[] REFERENCE2 = {1.1, 1.3};
  private static final List<double[]> FRONT2 =
      List.of(new double[] {-1, .5}, new double[] {0, 0}, new double[] {.4, -.8});
  private static final double[] REFERENCE3 = {1.1, 1.3, 1.2};
  private static final List<double[]> FRONT3 =
      List.of(
          new double[] {-1, .5, .2},
          new double[] {0, 0, .1},
          new double[] {.4, -.8, .9},
          new double[] {.5, .6, -1});

  static Stream<AcquisitionFunction> functions() {
    var ei = new LogExpectedImprovement(0, -0.3);
    var feasible = new ProbabilityOfImprovement(1, 0.1, true);
    return Stream.of(
        ei,
        new ExpectedImprovement(1, 0.2),
        new ProbabilityOfImprovement(0, 0.1, false),
        feasible,
        new UpperConfidenceBound(2, 1.8),
        new NoiseDiscount(1, 0.3),
        new ConstrainedLogExpectedImprovement(ei, List.of(feasible)),
        new ConstrainedLogExpectedImprovement(null, List.of(feasible)),
        new BatchLogExpectedImprovement(
            List.of(ei, new LogExpectedImprovement(1, 0), new LogExpectedImprovement(2, -1))),
        new Mixture(List.of(new Mixture.Part(.3, ei), new Mixture.Part(.7, feasible))),
        new LogExpectedHypervolumeImprovement(1, ParetoCells.of(FRONT2, REFERENCE2)),
        new LogExpectedHypervolumeImprovement(0, ParetoCells.of(FRONT3, REFERENCE3)));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void derivativesAreThoseOfTheValue(AcquisitionFunction function) {
    for (double spread : new double[] {0.3, 3}) {
      var random = new Philox(5, 0);
      for (int repeat = 0; repeat < 20; repeat++) {
        var mean = new double[3];
        var sd = new double[3];
        for (int k = 0; k < 3; k++) {
          mean[k] = spread * random.nextGaussian();
          sd[k] = 0.2 + random.nextDouble();
        }
        checkDerivatives(function, mean, sd);
      }
    }
  }

  private static void checkDerivatives(AcquisitionFunction function, double[] mean, double[] sd) {
    var dMean = new double[3];
    var dSd = new double[3];
    double value = function.differentiate(mean, sd, 2, dMean, dSd);
    assertThat(value)
        .isCloseTo(function.value(mean, sd), within(1e-13 * Math.max(1, Math.abs(value))));
    for (int k = 0; k < 3; k++) {
      double inMean = slope(function, mean, sd, mean, k);
      double inSd = slope(function, mean, sd, sd, k);
      assertThat(dMean[k]).isCloseTo(2 * inMean, within(2e-6 * Math.max(1, Math.abs(inMean))));
      assertThat(dSd[k]).isCloseTo(2 * inSd, within(2e-6 * Math.max(1, Math.abs(inSd))));
    }
  }

  private static double slope(
      AcquisitionFunction function, double[] mean, double[] sd, double[] which, int k) {
    double at = which[k];
    double step = 1e-6;
    which[k] = at + step;
    double up = function.value(mean, sd);
    which[k] = at - step;
    double down = function.value(mean, sd);
    which[k] = at;
    return (up - down) / (2 * step);
  }

  @Test
  void expectedHypervolumeImprovementIsTheMeanOfTheImprovement() {
    var mean = new double[] {.1, -.2, .3};
    var sd = new double[] {.5, .7, .4};
    for (int objectives = 2; objectives <= 3; objectives++) {
      var front = objectives == 2 ? FRONT2 : FRONT3;
      var reference = objectives == 2 ? REFERENCE2 : REFERENCE3;
      var cells = ParetoCells.of(front, reference);
      var random = new Philox(9, objectives);
      int draws = 200_000;
      double sum = 0;
      for (int s = 0; s < draws; s++) {
        var y = new double[objectives];
        for (int k = 0; k < objectives; k++) {
          y[k] = mean[k] + sd[k] * random.nextGaussian();
        }
        sum += improvement(cells, y);
      }
      double value = Math.exp(new LogExpectedHypervolumeImprovement(0, cells).value(mean, sd));
      assertThat(value).isCloseTo(sum / draws, within(0.01 * value));
    }
  }

  private static double improvement(List<ParetoCells.Cell> cells, double[] y) {
    double sum = 0;
    for (var cell : cells) {
      double volume = 1;
      for (int k = 0; k < y.length; k++) {
        volume *= Math.max(0, cell.upper()[k] - Math.max(cell.lower()[k], y[k]));
      }
      sum += volume;
    }
    return sum;
  }

  @Test
  void cellsFillTheUndominatedRegionOnce() {
    var random = new Philox(4, 0);
    for (int objectives = 2; objectives <= 3; objectives++) {
      var points = new ArrayList<double[]>();
      for (int i = 0; i < 12; i++) {
        var point = new double[objectives];
        for (int k = 0; k < objectives; k++) {
          point[k] = random.nextInt(6); // ties and dominated points
        }
        points.add(point);
      }
      var reference = new double[objectives];
      java.util.Arrays.fill(reference, 5.5);
      var cells = ParetoCells.of(points, reference);
      for (int i = 0; i < 3000; i++) {
        var y = new double[objectives];
        for (int k = 0; k < objectives; k++) {
          y[k] = random.nextDouble() * 7 - 1;
        }
        boolean outside = java.util.Arrays.stream(y).anyMatch(v -> v > 5.5);
        boolean dominated = points.stream().anyMatch(p -> allBelow(p, y));
        long holding =
            cells.stream().filter(c -> allBelow(c.lower(), y) && allBelow(y, c.upper())).count();
        assertThat(holding).isEqualTo(outside || dominated ? 0 : 1);
      }
    }
  }

  private static boolean allBelow(double[] a, double[] b) {
    for (int k = 0; k < a.length; k++) {
      if (a[k] > b[k]) {
        return false;
      }
    }
    return true;
  }
}
