package dev.assay.internal.acquisition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.statistics.NormalTail;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalTailTest {
  /// Computed in 50 digits.
  @ParameterizedTest
  @CsvSource({
    "1, 0.08002621884930694, 0.7766387252017393, -0.17275377902344988",
    "0, -0.9189385332046728, 1.2533141373155003, -0.6931471805599453",
    "-1, -2.4851210257126413, 1.9042712333296918, -1.8410216450092636",
    "-5, -16.74430116266099, 5.361816241288088, -15.064998393988725",
    "-10, -55.55312203612235, 10.194383033412553, -53.23128515051247",
    "-25, -319.86146358149597, 25.07962023426653, -316.63940800802027",
    "-37, -692.6429601632705, 37.0539362024042, -689.0305855768906",
    "-1000, -500014.73445209116, 1000.001999994, -500007.82669481216",
    "-1e7, -50000000000033.16, 10000000.0000002, -50000000000017.04",
    "8, 2.0794415416798357, 0.12499999999999992, -6.220960574271786e-16"
  })
  void tailsAreRightToTwelveDigits(double u, double logH, double slope, double logCumulative) {
    assertThat(NormalTail.logH(u)).isCloseTo(logH, within(1e-12 * Math.max(1, Math.abs(logH))));
    assertThat(NormalTail.logHSlope(u)).isCloseTo(slope, within(1e-12 * slope));
    assertThat(NormalTail.logCumulative(u))
        .isCloseTo(logCumulative, within(1e-12 * Math.max(1e-3, Math.abs(logCumulative))));
  }

  @Test
  void branchesMeetWithoutAStep() {
    for (double seam : new double[] {-12, -1, -0.46875 * Math.sqrt(2), -4 * Math.sqrt(2), 0}) {
      double below = NormalTail.logH(Math.nextDown(seam));
      double above = NormalTail.logH(Math.nextUp(seam));
      assertThat(below).isCloseTo(above, within(1e-12 * Math.max(1, Math.abs(above))));
      assertThat(NormalTail.logHSlope(Math.nextDown(seam)))
          .isCloseTo(NormalTail.logHSlope(Math.nextUp(seam)), within(1e-11));
    }
  }

  @Test
  void theScaledErrorFunctionAgreesWithTheUnscaledOne() {
    for (double x = -5; x < 5; x += 0.01) {
      assertThat(NormalTail.erfcx(x) * Math.exp(-x * x)).isCloseTo(Erf.erfc(x), within(1e-13));
    }
  }
}
