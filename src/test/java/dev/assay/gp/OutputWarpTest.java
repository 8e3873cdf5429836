package dev.assay.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Philox;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutputWarpTest {
  static Stream<OutputWarp> warps() {
    return Stream.of(
        new OutputWarp.Identity(),
        new OutputWarp.Power(0.5),
        new OutputWarp.Power(0),
        new OutputWarp.HalfRank());
  }

  private static double[] outputs(int n) {
    var random = new Philox(1, n);
    var y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = Math.exp(2 * random.nextGaussian());
    }
    return y;
  }

  @ParameterizedTest
  @MethodSource("warps")
  void warpedOutputsAreStandardisedAndKeepTheirOrder(OutputWarp warp) {
    for (int n : new int[] {2, 3, 10, 101}) {
      var y = outputs(n);
      var z = warp.apply(y).z();
      assertThat(Arrays.stream(z).sum()).isCloseTo(0, within(1e-10));
      assertThat(Arrays.stream(z).map(v -> v * v).sum()).isCloseTo(n, within(1e-9));
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < n; k++) {
          assertThat(y[i] < y[k] && z[i] > z[k]).isFalse();
        }
      }
    }
  }

  /// Σ log dz/dy of the smooth warps, by differences of the map of a dense sample: all warps share
  /// one constant.
  @ParameterizedTest
  @MethodSource("warps")
  void theJacobianIsTheSlopeOfTheMap(OutputWarp warp) {
    var y = outputs(2001);
    Arrays.sort(y);
    y = Arrays.copyOfRange(y, 100, 1901); // away from the sparse ends
    double constant =
        new OutputWarp.Identity().apply(y).logJacobian() - slopes(y, new OutputWarp.Identity());
    assertThat(warp.apply(y).logJacobian() - constant)
        .isCloseTo(slopes(y, warp), within(0.02 * y.length));
  }

  private static double slopes(double[] sorted, OutputWarp warp) {
    var z = warp.apply(sorted).z();
    double sum = 0;
    for (int i = 1; i < sorted.length; i++) {
      sum += Math.log((z[i] - z[i - 1]) / (sorted[i] - sorted[i - 1]));
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("warps")
  void extremesStayFiniteAndConstantsAreZero(OutputWarp warp) {
    assertThat(warp.apply(new double[] {3, 3, 3, 3}).z()).containsOnly(0);
    assertThat(warp.apply(new double[] {}).z()).isEmpty();
    for (var y :
        new double[][] {
          {-1e300, 1e300, 0},
          {1.7e308, -1.7e308, 5, 6},
          {1e-320, 2e-320, 0},
          {1, 1 + 1e-15, 1, 1, 1}
        }) {
      for (double z : warp.apply(y).z()) {
        assertThat(z).isFinite();
      }
    }
    assertThatThrownBy(() -> warp.apply(new double[] {1, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
