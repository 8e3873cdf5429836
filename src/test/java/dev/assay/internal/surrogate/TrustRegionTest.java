package dev.assay.internal.surrogate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.ParameterRole;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrustRegionTest {
  private static double side(double... values) {
    return TrustRegion.side(values, 0, 4);
  }

  @Test
  void growsAfterThreeSuccessesAndShrinksAfterAsManyFailuresAsThereAreDimensions() {
    assertThat(side(5, 4)).isEqualTo(0.8);
    assertThat(side(5, 4, 3)).isEqualTo(1.6);
    assertThat(side(5, 6, 6, 6)).isEqualTo(0.8);
    assertThat(side(5, 6, 6, 6, 6)).isEqualTo(0.4);
    assertThat(side(5, 6, 6, 6, 4, 6, 6, 6)).as("a success starts the count anew").isEqualTo(0.8);
    assertThat(side(5, 4.999, 4.998)).as("gains too small to count").isEqualTo(0.8);
  }

  @Test
  void growsByTwoAndToTwiceItsFirstSideAtMost() {
    assertThat(side(9, 8, 7, 6, 5, 4, 3)).isEqualTo(1.6);
    // Halved once; doubled once for three successes, not for the two that follow.
    assertThat(side(9, 10, 10, 10, 10, 8, 7, 6)).isEqualTo(0.8);
    assertThat(side(9, 10, 10, 10, 10, 8, 7, 6, 5, 4)).isEqualTo(0.8);
  }

  @Test
  void whatWasThereBeforeDoesNotCount() {
    assertThat(TrustRegion.side(new double[] {5, 4, 3, 2, 1}, 5, 4)).isEqualTo(0.8);
  }

  @Test
  void opensAgainWhenItHasShrunkToNothing() {
    var failures = IntStream.range(0, 1 + 7 * 4).mapToDouble(i -> i == 0 ? 1 : 2).toArray();
    assertThat(side(failures)).isEqualTo(2);
  }

  @Test
  void liesAroundTheBestAndIsWiderWhereLengthScalesAreLong() {
    var roles = CovarianceFunction.product().roles(2);
    assertThat(roles.subList(1, 3)).containsOnly(ParameterRole.LENGTH_SCALE);
    var points = new double[] {0.1, 0.9, 0.5, 0.5, 0.9, 0.1};
    var region =
        TrustRegion.of(
            points, new double[] {3, 1, 2}, 3, List.copyOf(roles), new double[] {0, 0, -2});
    assertThat((region.low()[0] + region.high()[0]) / 2).isEqualTo(0.5);
    assertThat(region.low()[0]).isEqualTo(0);
    assertThat(region.high()[1] - region.low()[1])
        .isCloseTo(0.8 * Math.exp(-1), org.assertj.core.data.Offset.offset(1e-12));
  }
}
