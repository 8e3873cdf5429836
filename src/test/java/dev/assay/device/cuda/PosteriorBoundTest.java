package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpSession;
import dev.assay.random.Philox;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bounds are bounds, and close ones: never beyond what the exact posterior says, where the
/// covariance is smooth and where it is steep, with little noise and with much.
@Tag("standin")
class PosteriorBoundTest {
  private static final int POINTS = 200;
  private static final Box BOX =
      new Box(
          List.of(
              new Coordinate.Continuous(),
              new Coordinate.Continuous(),
              new Coordinate.Category(3)));

  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  /// A hundred coordinates, many of which differ by the same in every pair: roundings add up.
  private static final Box WIDE =
      new Box(
          IntStream.range(0, 100)
              .<Coordinate>mapToObj(j ->
                  j % 2 == 0
                      ? new Coordinate.Grid(new double[] {0, 0.3})
                      : new Coordinate.Category(2))
              .toList());

  /// @param second log of the second additive scale over the first one's
  private record Case(
      Box box, CovarianceFunction covariance, int n, double length, double noise, double second) {
    Case(CovarianceFunction covariance, int n, double length, double noise) {
      this(BOX, covariance, n, length, noise, 0);
    }
  }

  static Stream<Case> cases() {
    var wide =
        Stream.of(
            new Case(WIDE, new RadialCovariance.Rbf(), 60, 2, 1e-6, 0),
            new Case(WIDE, new RadialCovariance.Matern32(), 60, 0.5, 1e-6, 0),
            new Case(WIDE, new RadialCovariance.RationalQuadratic(), 60, 2, 1e-6, 0),
            new Case(BOX, new CovarianceFunction.Additive(2), 60, 0.05, 1e-6, 9),
            new Case(
                BOX,
                new CovarianceFunction.Product(
                    List.of(new RadialCovariance.Rbf(), new RadialCovariance.Matern32())),
                60,
                0.1,
                1e-6,
                0));
    return Stream.concat(wide, narrow());
  }

  private static Stream<Case> narrow() {
    return Stream.of(
            new RadialCovariance.Matern52(),
            new RadialCovariance.Matern32(),
            new RadialCovariance.Rbf(),
            new RadialCovariance.RationalQuadratic(),
            CovarianceFunction.productPlusAdditive(2))
        .flatMap(covariance ->
            Stream.of(
                new Case(covariance, 0, 1, 1e-6),
                new Case(covariance, 90, 1, 1e-6),
                new Case(covariance, 90, 0.03, 1e-2),
                new Case(covariance, 130, 0.3, 1e-2), // all but two are chosen
                new Case(covariance, 190, 0.3, 1e-6)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void meansAreNotTooHighAndVariancesNotTooLow(Case c) {
    var box = c.box();
    int d = box.dimension();
    var random = new Philox(2, c.n());
    var x = new double[c.n() * d];
    var outputs = new double[5][c.n()];
    for (int i = 0; i < c.n(); i++) {
      for (int j = 0; j < d; j++) {
        x[i * d + j] = box.coordinates().get(j).fromUnit(random.nextDouble());
      }
      for (int k = 0; k < 5; k++) {
        double noise = Math.sqrt(c.noise()) * random.nextGaussian();
        outputs[k][i] = Math.sin((k + 3) * x[i * d] + x[i * d + 1]) + noise;
      }
    }
    var theta = new double[c.covariance().roles(d).size() + 2];
    Arrays.fill(theta, Math.log(c.length()));
    theta[theta.length - 2] = Math.log(c.noise());
    theta[1] += c.second();
    var models =
        IntStream.range(0, 5).mapToObj(k -> new GpSession.Model(c.covariance(), theta, k)).toList();
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var data = new DeviceObservations(stream, arena, box.categorical());
      data.set(x, outputs);
      var group = new ConditionedGroup(stream, data, arena, models, new int[] {0, 1, 2, 3, 4});
      var net = new NetPoints(stream, arena, CandidateNet.of(box, POINTS, 3));
      var points = arena.doubles((long) d * POINTS);
      var single = arena.floats((long) d * POINTS);
      var means = arena.doubles(5L * POINTS);
      var variances = arena.doubles(5L * POINTS);
      net.columns(0, POINTS, points, single);
      group.bound(arena).enqueue(points, single, POINTS, means, variances);
      var lowMeans = download(stream, means);
      var highVariances = download(stream, variances);
      var index = arena.ints(POINTS);
      stream.upload(IntStream.range(0, POINTS).toArray(), index);
      net.rows(index, POINTS, points);
      var half = arena.doubles(Math.max(1L, (long) POINTS * group.workspace()));
      group.predict(points, POINTS, Running.ALL, half, means, variances);
      var exactMeans = download(stream, means);
      var exactVariances = download(stream, variances);
      double prior = Arrays.stream(highVariances).max().orElseThrow();
      for (int t = 0; t < 5 * POINTS; t++) {
        assertThat(lowMeans[t]).isLessThanOrEqualTo(exactMeans[t]);
        assertThat(highVariances[t]).isGreaterThanOrEqualTo(exactVariances[t]);
        if (c.n() <= 128) { // nothing is left out
          assertThat(highVariances[t]).isLessThan(exactVariances[t] + 1e-5 * Math.max(1, prior));
        }
        if (c.noise() >= 1e-2) { // with less, weights of 1e5 cancel, and FP32 says little
          assertThat(lowMeans[t]).isGreaterThan(exactMeans[t] - 0.01);
        }
      }
      if (c.n() > 128) { // the subset tells nearly all
        double loose = 0;
        for (int t = 0; t < POINTS; t++) {
          loose = Math.max(loose, highVariances[t] - exactVariances[t]);
        }
        assertThat(loose).isLessThan(0.5 * prior);
      }
    }
  }

  private static double[] download(CudaStream stream, DeviceArray from) {
    var to = new double[5 * POINTS];
    stream.download(from, to);
    return to;
  }
}
