package dev.assay.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import dev.assay.internal.surrogate.SurrogateMemory;
import dev.assay.internal.surrogate.SurrogateModels;
import dev.assay.internal.surrogate.SurrogateSettings;
import dev.assay.random.Philox;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Few candidates, so that it is the climb and the sweeps that find what is found.
class AcquisitionMaximiserTest {
  private static final double[] POSITIONS =
      IntStream.range(0, 41).mapToDouble(i -> i / 40.0).toArray();

  private static final Coordinate GRID = new Coordinate.Grid(POSITIONS);

  private static final Box DISCRETE =
      new Box(List.of(GRID, GRID, GRID, new Coordinate.Category(4)));

  private static final Box MIXED =
      new Box(List.of(new Coordinate.Continuous(), GRID, new Coordinate.Category(4)));

  /// The least mean.
  private static final AcquisitionFunction LEAST = new UpperConfidenceBound(0, 0);

  private static MaximiserPlan plan(int starts) {
    return new MaximiserPlan(6, 0, 0, starts, 40, new double[0], 1);
  }

  /// A session that knows a bowl about 0.3 in every ordered coordinate, whose best option is 2.
  private static GpSession bowl(Box box) {
    int d = box.dimension();
    int n = 70;
    var random = new Philox(5, 1);
    var points = new double[n * d];
    var values = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        double x = box.coordinates().get(j).fromUnit(random.nextDouble());
        points[i * d + j] = x;
        values[i] +=
            box.coordinates().get(j) instanceof Coordinate.Category
                ? x == 2 ? 0 : 0.3
                : Math.pow(x - 0.3, 2);
      }
    }
    var settings = SurrogateSettings.single(CovarianceFunction.product());
    var model =
        new SurrogateModels(GpEngine.standard(), box, settings)
            .fit(points, values, SurrogateMemory.NONE, 1)
            .models()
            .getFirst();
    var session = GpEngine.standard().open(box);
    session.observe(points, new double[][] {model.outputs()});
    session.condition(List.of(new GpSession.Model(model.member().covariance(), model.theta(), 0)));
    return session;
  }

  private static double value(GpSession session, double[] point) {
    var value = new double[1];
    session.acquisition(LEAST, point, value);
    return value[0];
  }

  /// Every point that differs in one coordinate alone is worse.
  private static void assertBestOnItsAxes(GpSession session, Box box, GpSession.Candidate found) {
    for (int j = 0; j < box.dimension(); j++) {
      int options = box.coordinates().get(j) instanceof Coordinate.Category(int n) ? n : 0;
      for (int i = 0; i < (options > 0 ? options : POSITIONS.length); i++) {
        var other = found.point().clone();
        other[j] = options > 0 ? i : POSITIONS[i];
        assertThat(value(session, other)).isLessThanOrEqualTo(found.value() + 1e-6);
      }
    }
  }

  @Test
  void sweepsFindTheBestOfDiscreteCoordinates() {
    try (var session = bowl(DISCRETE)) {
      var found =
          new AcquisitionMaximiser(session, DISCRETE, LEAST, plan(1), CandidateRule.ANY).maximise();
      assertThat(found.value()).isCloseTo(value(session, found.point()), within(1e-12));
      assertBestOnItsAxes(session, DISCRETE, found);
      assertThat(found.point()[3]).isEqualTo(2);
      for (int j = 0; j < 3; j++) {
        assertThat(found.point()[j]).isIn(Arrays.stream(POSITIONS).boxed().toArray());
        assertThat(found.point()[j]).isCloseTo(0.3, within(0.1));
      }
    }
  }

  @Test
  void climbsAndSweepsTakeTurns() {
    try (var session = bowl(MIXED)) {
      var found =
          new AcquisitionMaximiser(session, MIXED, LEAST, plan(1), CandidateRule.ANY).maximise();
      assertBestOnItsAxes(session, MIXED, found);
      var gradient = new double[3];
      session.acquisition(LEAST, found.point(), new double[1], gradient);
      assertThat(gradient[0]).isCloseTo(0, within(1e-3));
      assertThat(found.point()[2]).isEqualTo(2);
    }
  }

  /// A rule that refuses the best option, and says that the first coordinate is fixed.
  private static final CandidateRule NARROW =
      new CandidateRule() {
        @Override
        public void canonicalise(double[] point, boolean[] active) {
          Arrays.fill(active, true);
          active[0] = false;
          point[0] = 0.75;
        }

        @Override
        public boolean acceptable(double[] point) {
          return point[2] != 2;
        }
      };

  @Test
  void whatTheRuleRefusesIsNotFound() {
    try (var session = bowl(MIXED)) {
      var found = new AcquisitionMaximiser(session, MIXED, LEAST, plan(4), NARROW).maximise();
      assertThat(found.point()[0]).isEqualTo(0.75);
      assertThat(found.point()[2]).isNotEqualTo(2);
      for (double position : POSITIONS) {
        var other = found.point().clone();
        other[1] = position;
        assertThat(value(session, other)).isLessThanOrEqualTo(found.value() + 1e-6);
      }
    }
  }

  /// A climb may end where nothing may be proposed.
  @Test
  void endsThatTheRuleRefusesAreNotTaken() {
    var ring =
        new CandidateRule() {
          @Override
          public void canonicalise(double[] point, boolean[] active) {
            Arrays.fill(active, true);
          }

          @Override
          public boolean acceptable(double[] point) {
            return Math.abs(point[0] - 0.3) > 0.1;
          }
        };
    try (var session = bowl(MIXED)) {
      var found = new AcquisitionMaximiser(session, MIXED, LEAST, plan(4), ring).maximise();
      assertThat(ring.acceptable(found.point())).isTrue();
    }
  }

  @Test
  void boundsOfThePlanHold() {
    var low = new double[] {0.5, 0, 0};
    var high = new double[] {0.9, 1, 1};
    try (var session = bowl(MIXED)) {
      var plan = plan(4).within(low, high);
      var found =
          new AcquisitionMaximiser(session, MIXED, LEAST, plan, CandidateRule.ANY).maximise();
      assertThat(found.point()[0]).isBetween(0.5, 0.9);
    }
  }

  /// Where candidates are listed, the best of them, and nothing beside it.
  @Test
  void ofAListTheBestIsTaken() {
    var list =
        List.of(new double[] {0.9, 0.5, 1}, new double[] {0.4, 0.2, 2}, new double[] {1, 1, 2});
    var listed = listed(list);
    try (var session = bowl(MIXED)) {
      var found = new AcquisitionMaximiser(session, MIXED, LEAST, plan(4), listed).maximise();
      assertThat(found.point()).containsExactly(0.4, 0.2, 2);
      var none = new AcquisitionMaximiser(session, MIXED, LEAST, plan(4), listed(List.of()));
      assertThatThrownBy(none::maximise).isInstanceOf(NoSuchElementException.class);
    }
  }

  private static CandidateRule listed(List<double[]> list) {
    return new CandidateRule() {
      @Override
      public void canonicalise(double[] point, boolean[] active) {
        Arrays.fill(active, true);
      }

      @Override
      public boolean acceptable(double[] point) {
        return true;
      }

      @Override
      public List<double[]> listed() {
        return Collections.unmodifiableList(list);
      }
    };
  }
}
