package dev.assay.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PriorTest {
  static Stream<Prior> priors() {
    return Stream.of(
        new Prior.Flat(),
        new Prior.Normal(-1, 2),
        new Prior.Gamma(2, 3),
        new Prior.InverseSquare(.1));
  }

  @ParameterizedTest
  @MethodSource("priors")
  void slopesAreDerivatives(Prior prior) {
    for (double t = -3; t < 2; t += 0.37) {
      double slope = (prior.logDensity(t + 1e-6) - prior.logDensity(t - 1e-6)) / 2e-6;
      assertThat(prior.slope(t)).isCloseTo(slope, within(1e-6 * Math.max(1, Math.abs(slope))));
    }
  }

  /// The density of ℓ ~ LogNormal(√2 + ½ ln d, √3) over ℓ itself peaks at exp(√2 + ½ ln d - 3).
  @Test
  void dimensionScaledLengthScalesPeakWhereTheDensityOverTheLengthDoes() {
    var prior =
        Hyperprior.of(
            CovarianceFunction.product(), 9, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    double mode = prior.start()[1];
    assertThat(Math.exp(mode)).isCloseTo(0.2048 * 3, within(1e-3));
    double mu = Math.sqrt(2) + Math.log(9) / 2;
    for (double t : new double[] {-2, 0, 1}) {
      double logNormal = -Math.pow(t - mu, 2) / 6 - t;
      double atMode = -Math.pow(mode - mu, 2) / 6 - mode;
      assertThat(prior.priors().get(1).logDensity(t)).isCloseTo(logNormal - atMode, within(1e-12));
    }
  }

  @ParameterizedTest
  @EnumSource(PriorFamily.class)
  void everyRoleHasABeliefWithItsStartInsideTheBounds(PriorFamily family) {
    for (var role : ParameterRole.values()) {
      var belief = family.belief(role, 1000);
      assertThat(belief.start()).isBetween(belief.low(), belief.high());
    }
  }

  @Test
  void knownNoiseIsHeldFast() {
    var prior =
        Hyperprior.of(CovarianceFunction.product(), 2, PriorFamily.OPTUNA, OptionalDouble.of(1e-3));
    assertThat(Math.exp(prior.low()[3])).isCloseTo(1e-3, within(1e-15));
    assertThat(prior.high()[3]).isEqualTo(prior.low()[3]);
  }
}
