package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.BatchLogExpectedImprovement;
import dev.assay.internal.acquisition.ExpectedImprovement;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.acquisition.Mixture;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.random.SobolSequence;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Screening on the stand-in driver: the net's points, and the processor's choice among them.
@Tag("standin")
class ScreeningTest {
  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  static Stream<CandidateNet> nets() {
    var positions = IntStream.range(0, 12).mapToDouble(k -> k / 11.0).toArray();
    var mixed =
        new Box(
            List.of(
                new Coordinate.Continuous(),
                new Coordinate.Grid(positions),
                new Coordinate.Category(3),
                new Coordinate.Grid(new double[] {0, .3})));
    var low = new double[] {.1, .25, .25, .1};
    var high = new double[] {.3, .8, .8, .2};
    return Stream.of(
        CandidateNet.of(Box.continuous(1), 300, 1),
        CandidateNet.of(mixed, 300, 2),
        new CandidateNet(mixed, 300, low, high, 3),
        CandidateNet.of(Box.continuous(SobolSequence.MAX_DIMENSION + 3), 40, -4));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void theDeviceWritesThePointsOfTheNet(CandidateNet net) {
    int d = net.box().dimension();
    int m = net.count();
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var points = new NetPoints(stream, arena, net);
      var rows = new double[3 * d];
      var columns = new double[d * (m - 7)];
      var single = new float[columns.length];
      var index = arena.ints(3);
      var out = arena.doubles((long) d * m);
      var outSingle = arena.floats((long) d * m);
      stream.upload(new int[] {m - 1, 0, 6}, index);
      points.rows(index, 3, out);
      stream.download(out, rows);
      points.columns(7, m - 7, out, outSingle);
      stream.download(out, columns);
      stream.download(outSingle, single);
      assertThat(Arrays.copyOf(rows, d)).isEqualTo(net.point(m - 1));
      assertThat(Arrays.copyOfRange(rows, 2 * d, 3 * d)).isEqualTo(net.point(6));
      for (int t = 7; t < m; t++) {
        var expected = net.point(t);
        for (int j = 0; j < d; j++) {
          assertThat(columns[j * (m - 7) + t - 7]).isEqualTo(expected[j]);
          assertThat(single[j * (m - 7) + t - 7]).isEqualTo((float) expected[j]);
        }
      }
    }
  }

  /// Observations as a search leaves them: half anywhere, half near one point, and little noise.
  private static double[][] observations(int n, int d) {
    var random = new Philox(5, n);
    var x = new double[n * d];
    var y = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        double u = random.nextDouble();
        x[i * d + j] = i % 2 == 0 ? u : 0.3 + 0.05 * (u - 0.5);
        y[i] += Math.sin(5 * x[i * d + j] + j);
      }
    }
    return new double[][] {x, y};
  }

  static Stream<AcquisitionFunction> functions() {
    return Stream.of(
        new LogExpectedImprovement(0, -1.6),
        new LogExpectedImprovement(1, -30),
        new ExpectedImprovement(2, -1.6),
        new UpperConfidenceBound(0, 3),
        new Mixture(
            List.of(
                new Mixture.Part(0.7, new LogExpectedImprovement(0, -1.6)),
                new Mixture.Part(
                    0.3,
                    new BatchLogExpectedImprovement(
                        IntStream.range(1, 7)
                            .mapToObj(k -> new LogExpectedImprovement(k, -1.5 - 0.02 * k))
                            .toList())))));
  }

  /// 200 observations, so that variances are bounded by some of them only; seven models, six of
  /// which share a factor.
  @ParameterizedTest
  @MethodSource("functions")
  void theChoiceIsTheProcessors(AcquisitionFunction function) {
    assertThat(function.isOptimistic()).isTrue();
    int d = 3;
    var data = observations(200, d);
    var outputs = new ArrayList<double[]>();
    var models = new ArrayList<GpSession.Model>();
    for (int k = 0; k < 7; k++) {
      double shift = 0.01 * k;
      outputs.add(Arrays.stream(data[1]).map(v -> v + shift * v * v).toArray());
      var covariance =
          k == 0 ? CovarianceFunction.productPlusAdditive(1) : new RadialCovariance.Matern52();
      var theta = new double[covariance.roles(d).size() + 2];
      Arrays.fill(theta, Math.log(0.4));
      theta[theta.length - 2] = Math.log(1e-5);
      models.add(new GpSession.Model(covariance, theta, k));
    }
    var net = CandidateNet.of(Box.continuous(d), 3000, 11);
    var engines = List.of(GpEngine.standard(), new CudaGpEngine(StandIn.device()));
    var found = new ArrayList<List<GpSession.Candidate>>();
    for (var engine : engines) {
      try (var session = engine.open(net.box())) {
        session.observe(data[0], outputs.toArray(double[][]::new));
        session.condition(models);
        found.add(session.screen(function, net, 12));
      }
    }
    for (int k = 0; k < 12; k++) {
      assertThat(found.get(1).get(k).point()).isEqualTo(found.get(0).get(k).point());
      double expected = found.get(0).get(k).value();
      assertThat(found.get(1).get(k).value())
          .isCloseTo(expected, within(1e-7 * Math.max(1, Math.abs(expected))));
    }
  }

  /// Where the covariance varies over the box, few points are anywhere near the best.
  @Test
  void fewPointsAreEvaluatedExactly() {
    int d = 3;
    var data = observations(200, d);
    var covariance = new RadialCovariance.Matern52();
    var theta = new double[covariance.roles(d).size() + 2];
    Arrays.fill(theta, Math.log(0.4));
    theta[theta.length - 2] = Math.log(1e-4);
    var models = List.of(new GpSession.Model(covariance, theta, 0));
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var observations = new DeviceObservations(stream, arena, new boolean[d]);
      observations.set(data[0], new double[][] {data[1]});
      var group = new ConditionedGroup(stream, observations, arena, models, new int[] {0});
      double best = Arrays.stream(data[1]).min().orElseThrow();
      var screening =
          new DeviceScreening(
              stream, observations, List.of(group), 1, new LogExpectedImprovement(0, best));
      screening.best(CandidateNet.of(Box.continuous(d), 20_000, 5), 4);
      assertThat(screening.evaluated()).isLessThan(400);
      stream.synchronise();
    }
  }

  @Test
  void whatMayFallAsTheVarianceGrowsIsNotBounded() {
    assertThat(
            new dev.assay.internal.acquisition.ProbabilityOfImprovement(0, 0, true).isOptimistic())
        .isFalse();
    assertThat(
            new Mixture(
                    List.of(
                        new Mixture.Part(1, new LogExpectedImprovement(0, 0)),
                        new Mixture.Part(
                            1,
                            new dev.assay.internal.acquisition.ProbabilityOfImprovement(
                                0, 0, false))))
                .isOptimistic())
        .isFalse();
  }
}
