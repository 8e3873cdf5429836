package dev.assay.internal.sampler.curves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Philox;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The process over configuration and step: its likelihood, its posterior, its warp.
class CurveModelTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("rate", FloatRange.log(1e-4, 1))
          .add("kind", Choice.of("a", "b", "c"))
          .build();

  private final CurveEncoding encoding = new CurveEncoding(SPACE);
  private final Philox random = new Philox(3, 5);
  private final List<double[]> points = new ArrayList<>();

  /// Three cells of each curve.
  private Cells cells(int curves) {
    var cells = new Cells();
    for (int k = 0; k < curves; k++) {
      points.add(encoding.point(SPACE.draw(random)));
      for (double share : new double[] {0.1, 0.4, 1}) {
        cells.add(k, share, random.nextGaussian());
      }
    }
    return cells;
  }

  private double[] theta() {
    var theta = CurveKernel.medians(encoding);
    for (int k = 0; k < theta.length; k++) {
      theta[k] += 0.3 * random.nextGaussian();
    }
    return theta;
  }

  @Test
  void twoOptionsAreOneApartAndShareALengthscale() {
    assertThat(encoding.dimension()).isEqualTo(4);
    assertThat(encoding.groupCount()).isEqualTo(2);
    assertThat(encoding.group(1)).isEqualTo(encoding.group(3));
    var a = encoding.point(SPACE.configuration(java.util.Map.of("rate", 0.1, "kind", "a")));
    var c = encoding.point(SPACE.configuration(java.util.Map.of("rate", 0.1, "kind", "c")));
    double sum = 0;
    for (int j = 0; j < 4; j++) {
      sum += (a[j] - c[j]) * (a[j] - c[j]);
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
  }

  @Test
  void theGradientIsThatOfTheLikelihood() {
    var cells = cells(6);
    var fit = CurveFit.of(encoding, cells, cells.values(cells.size()), points);
    var theta = theta();
    var gradient = new double[theta.length];
    fit.evaluate(theta, gradient);
    for (int k = 0; k < theta.length; k++) {
      double step = 1e-5;
      var up = theta.clone();
      up[k] += step;
      var down = theta.clone();
      down[k] -= step;
      double slope =
          (fit.evaluate(up, new double[theta.length])
                  - fit.evaluate(down, new double[theta.length]))
              / (2 * step);
      assertThat(gradient[k]).as("θ " + k).isCloseTo(slope, within(1e-5 * (1 + Math.abs(slope))));
    }
  }

  @Test
  void theFitIsNoLessProbableThanThePriorsMedians() {
    var cells = cells(8);
    var z = cells.values(cells.size());
    var fit = CurveFit.of(encoding, cells, z, points);
    var medians = CurveKernel.medians(encoding);
    double before = fit.evaluate(medians, new double[medians.length]);
    assertThat(fit.evaluate(fit.best(30), new double[medians.length])).isLessThan(before);
  }

  private CurvePosterior begun(CurveKernel kernel, Cells cells, int n, int columns) {
    var posterior = new CurvePosterior(kernel);
    int[] places = java.util.stream.IntStream.range(0, n).toArray();
    var owners = new int[columns];
    Arrays.setAll(owners, k -> k);
    assertThat(
            posterior.begin(
                cells.at(places), cells.values(n), points, points.subList(0, columns), owners))
        .isTrue();
    return posterior;
  }

  private static void assertEqual(CurvePosterior one, CurvePosterior other) {
    assertThat(one.columns()).isEqualTo(other.columns());
    for (int c = 0; c < one.columns(); c++) {
      assertThat(one.mean(c)).isCloseTo(other.mean(c), within(1e-9));
      assertThat(one.deviation(c)).isCloseTo(other.deviation(c), within(1e-9));
    }
  }

  @Test
  void cellsOneByOneAreAllAtOnce() {
    var cells = cells(7);
    var kernel = new CurveKernel(theta(), encoding);
    var grown = begun(kernel, cells, 10, 7);
    for (int i = 10; i < cells.size(); i++) {
      grown.see(cells.curve(i), points.get(cells.curve(i)), cells.share(i), cells.value(i));
    }
    assertEqual(grown, begun(kernel, cells, cells.size(), 7));
  }

  @Test
  void columnsOneByOneAreAllAtOnce() {
    var cells = cells(7);
    var kernel = new CurveKernel(theta(), encoding);
    var grown = begun(kernel, cells, 12, 5);
    grown.suppose(3, points.get(3), 0.7);
    grown.addColumn(points.get(5), 5);
    grown.forget();
    grown.addColumn(points.get(6), 6);
    assertEqual(grown, begun(kernel, cells, 12, 7));
    for (int i = 12; i < cells.size(); i++) {
      grown.see(cells.curve(i), points.get(cells.curve(i)), cells.share(i), cells.value(i));
    }
    assertEqual(grown, begun(kernel, cells, cells.size(), 7));
  }

  @Test
  void whatIsSupposedLeavesMeansAndIsTakenBack() {
    var cells = cells(5);
    var kernel = new CurveKernel(theta(), encoding);
    var posterior = begun(kernel, cells, 9, 5);
    var before = begun(kernel, cells, 9, 5);
    posterior.suppose(4, points.get(4), 0.5);
    assertThat(posterior.mean(4)).isCloseTo(before.mean(4), within(1e-12));
    assertThat(posterior.deviation(4)).isLessThan(before.deviation(4));
    posterior.forget();
    assertEqual(posterior, before);
  }

  @Test
  void pointsThatAreNoColumnsAreAskedLikeOnes() {
    var cells = cells(5);
    var kernel = new CurveKernel(theta(), encoding);
    var posterior = begun(kernel, cells, cells.size(), 5);
    var point = encoding.point(SPACE.draw(random));
    var mean = new double[1];
    var deviation = new double[1];
    posterior.ask(List.of(point), mean, deviation);
    int column = posterior.addColumn(point, CurvePosterior.NEW);
    assertThat(mean[0]).isCloseTo(posterior.mean(column), within(1e-9));
    assertThat(deviation[0]).isCloseTo(posterior.deviation(column), within(1e-9));
  }

  @Test
  void theBetterHalfIsStandardisedAndTheWorseBecomesQuantiles() {
    var warp = new CurveWarp(new double[] {-1e9, -5, 0, 1, 3});
    assertThat(warp.of(0)).isZero();
    double spread = Math.sqrt((0 + 1 + 9) / 3.0);
    assertThat(warp.of(3)).isCloseTo(3 / spread, within(1e-9));
    assertThat(warp.of(6)).isCloseTo(6 / spread, within(1e-9));
    assertThat(warp.of(-1e9)).isCloseTo(-1.2815515655446, within(1e-9)); // quantile 0.1
    assertThat(warp.of(-1e300)).isEqualTo(warp.of(-1e9));
    assertThat(warp.of(-5)).isCloseTo(-0.52440051270804, within(1e-9)); // quantile 0.3
    assertThat(warp.of(-2.5)).isBetween(warp.of(-5), 0.0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1e-300, 1e300, Double.MAX_VALUE, Double.MIN_VALUE})
  void theWarpKeepsTheOrderOfWhateverIsFinite(double unit) {
    var values = new double[] {-unit, -unit / 2, 0, unit / 4, unit, unit};
    var warp = new CurveWarp(values);
    double before = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      assertThat(warp.of(value)).isFinite().isGreaterThanOrEqualTo(before);
      before = warp.of(value);
    }
  }

  @Test
  void oneValueIsTheMedian() {
    assertThat(new CurveWarp(new double[] {7, 7, 7}).of(7)).isZero();
  }

  @Test
  void theModelIsMadeAnewAtTheSameNumbersOfTrials() {
    assertThat(CurveModel.schedule(3)).isZero();
    assertThat(CurveModel.schedule(4)).isEqualTo(4);
    int last = 0;
    for (int n = 1; n < 3000; n++) {
      int at = CurveModel.schedule(n);
      assertThat(at).isBetween(last, n);
      assertThat(CurveModel.schedule(at)).isEqualTo(at);
      assertThat(n).isLessThanOrEqualTo(Math.max(4, (int) Math.ceil(at * 1.2)));
      last = at;
    }
  }
}
