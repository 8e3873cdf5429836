package dev.assay.internal.sampler.cmaes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.sampler.prior.Axis;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Hamano et al. 2022, with α = 0.1: five values in [0, 1], the cell of the middle one from 0.4 to
/// 0.6.
class MarginTest {
  private static final double ALPHA = 0.1;

  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).add("k", new IntRange(0, 4)).build();

  private static final List<Axis> AXES =
      List.of(Axis.of(0, SPACE.parameters().get(0)), Axis.of(1, SPACE.parameters().get(1)));

  /// A distribution whose second coordinate is discrete.
  private static CmaEs corrected(double mean, double sigma) {
    var margin = new Margin(AXES, ALPHA);
    var cma = new CmaEs(new double[] {0.3, mean}, sigma, Covariance.identity(2, false), 4, margin);
    margin.correct(cma);
    assertThat(cma.mean[0]).as("what is continuous stays").isEqualTo(0.3);
    return cma;
  }

  /// How likely what is drawn lies below a place.
  private static double below(CmaEs cma, double place) {
    var x = new double[2];
    cma.sample(new double[] {1, 0}, x);
    double first = x[1] - cma.mean[1];
    cma.sample(new double[] {0, 1}, x);
    double deviation = Math.hypot(first, x[1] - cma.mean[1]);
    return new NormalDistribution(cma.mean[1], deviation).cumulativeProbability(place);
  }

  @Test
  void theContinuousStepsAreNotScaled() {
    var cma = corrected(0.5, 1e-3);
    var x = new double[2];
    cma.sample(new double[] {1, 0}, x);
    assertThat(x[0]).isCloseTo(0.301, within(1e-15));
  }

  /// However small the steps are, α / 2 lies on either side.
  @ParameterizedTest
  @CsvSource({"0.5, 0.001", "0.5, 1e-7", "0.45, 0.001", "0.55, 0.01"})
  void smallStepsLeaveAtEitherSide(double mean, double sigma) {
    var cma = corrected(mean, sigma);
    assertThat(below(cma, 0.4)).isCloseTo(ALPHA / 2, within(1e-9));
    assertThat(1 - below(cma, 0.6)).isCloseTo(ALPHA / 2, within(1e-9));
    assertThat(cma.mean[1]).isCloseTo(0.5, within(1e-9));
  }

  /// What is lifted at one side is taken from the others in proportion to what they can spare: with
  /// σ = 0.1 about 0.58, below lies 0.0359, above 0.4207. Lifted to 0.05, 0.0141 too much.
  @Test
  void whatIsLiftedIsTakenFromTheOthers() {
    var cma = corrected(0.58, 0.1);
    var before = new NormalDistribution(0.58, 0.1);
    double above = 1 - before.cumulativeProbability(0.6);
    double inside = 1 - before.cumulativeProbability(0.4) - above;
    double tooMuch = 0.05 - before.cumulativeProbability(0.4);
    double share = tooMuch / (0.05 + above + inside - 0.15);
    assertThat(below(cma, 0.4)).isCloseTo(0.05, within(1e-9));
    assertThat(1 - below(cma, 0.6)).isCloseTo(above - share * (above - 0.05), within(1e-9));
    assertThat(below(cma, 0.6) - below(cma, 0.4))
        .isCloseTo(inside - share * (inside - 0.05), within(1e-9));
  }

  @Test
  void stepsThatLeaveAnywayAreLeftAsTheyAre() {
    var cma = corrected(0.52, 0.1);
    assertThat(cma.mean[1]).isEqualTo(0.52);
    assertThat(below(cma, 0.42)).isCloseTo(0.158655254, within(1e-9));
  }

  /// At an end there is one way out, and the mean moves so that α takes it.
  @ParameterizedTest
  @CsvSource({"0.05, 0.01, 0.2", "0, 1e-5, 0.2", "0.95, 0.01, 0.8", "1, 0.03, 0.8"})
  void atAnEndTheMeanMovesTowardsTheOthers(double mean, double sigma, double bound) {
    var cma = corrected(mean, sigma);
    double stays = mean < 0.5 ? below(cma, bound) : 1 - below(cma, bound);
    assertThat(stays).isCloseTo(1 - ALPHA, within(1e-9));
    var x = new double[2];
    cma.sample(new double[] {0, 1}, x);
    assertThat(x[1] - cma.mean[1]).as("steps stay").isCloseTo(sigma, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"0.19, 0.05", "0.81, 0.05", "0.1, 0.2"})
  void atAnEndNothingMovesThatIsNearTheOthers(double mean, double sigma) {
    assertThat(corrected(mean, sigma).mean[1]).isEqualTo(mean);
  }

  /// Once a coordinate is scaled, further corrections go on from there.
  @Test
  void correctionsAddUp() {
    var margin = new Margin(AXES, ALPHA);
    var cma = new CmaEs(new double[] {0.3, 0.5}, 1e-3, Covariance.identity(2, false), 4, margin);
    margin.correct(cma);
    double scale = margin.scale(1);
    margin.correct(cma);
    assertThat(margin.scale(1)).isCloseTo(scale, within(1e-9 * scale));
    cma.sigma /= 10;
    margin.correct(cma);
    assertThat(margin.scale(1)).isCloseTo(10 * scale, within(1e-8 * scale));
    assertThat(margin.scale(0)).isEqualTo(1);
  }

  @Test
  void everyGenerationIsCorrected() {
    var cma = corrected(0.5, 1e-3);
    var points = new double[][] {{0.3, 0.5}, {0.301, 0.51}, {0.302, 0.49}, {0.303, 0.5}};
    for (int g = 0; g < 3; g++) {
      cma.update(points, new boolean[4]);
      assertThat(below(cma, 0.4)).isCloseTo(ALPHA / 2, within(1e-9));
      assertThat(1 - below(cma, 0.6)).isCloseTo(ALPHA / 2, within(1e-9));
    }
  }

  /// One side gets no more than a quarter, in the smallest populations too.
  @Test
  void theProbabilityIsAtMostAQuarter() {
    var margin = new Margin(AXES, 1);
    var cma = new CmaEs(new double[] {0.3, 0.5}, 1e-3, Covariance.identity(2, false), 4, margin);
    margin.correct(cma);
    assertThat(below(cma, 0.4)).isCloseTo(0.125, within(1e-9));
  }
}
