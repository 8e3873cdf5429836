package dev.assay.internal.sampler.cmaes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CovarianceTest {
  private static final double[][] YS = {{1, 2}, {3, -1}};

  /// 0.5 I + 0.25 (1 2)ᵀ(1 2) + 0.125 (3 -1)ᵀ(3 -1) = (1.875 0.125; 0.125 1.625).
  @Test
  void anUpdateAddsOuterProducts() {
    var full = Covariance.identity(2, false);
    assertThat(full.update(0.5, new double[] {0.25, 0.125}, YS)).isTrue();
    assertThat(full.deviation(0)).isCloseTo(Math.sqrt(1.875), within(1e-15));
    assertThat(full.deviation(1)).isCloseTo(Math.sqrt(1.625), within(1e-15));
    var first = new double[2];
    full.shape(new double[] {1, 0}, first);
    assertThat(first[0] * first[1]).as("covariance").isCloseTo(0.125, within(1e-15));
    var second = new double[2];
    full.shape(new double[] {0, 1}, second);
    assertThat(second[0]).isZero();
    assertThat(first[1] * first[1] + second[1] * second[1]).isCloseTo(1.625, within(1e-15));
  }

  @Test
  void aDiagonalLeavesOutWhatIsBesideIt() {
    var diagonal = Covariance.identity(2, true);
    assertThat(diagonal.update(0.5, new double[] {0.25, 0.125}, YS)).isTrue();
    var y = new double[2];
    diagonal.shape(new double[] {1, 1}, y);
    assertThat(y).containsExactly(new double[] {Math.sqrt(1.875), Math.sqrt(1.625)}, within(1e-15));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whiteningUndoesShaping(boolean diagonal) {
    var covariance = Covariance.identity(3, diagonal);
    var ys = new double[][] {{1, 2, -3}, {0.5, -1, 4}};
    assertThat(covariance.update(0.7, new double[] {0.3, 0.2}, ys)).isTrue();
    var y = new double[3];
    covariance.shape(new double[] {0.3, -1.2, 2}, y);
    var z = new double[3];
    covariance.whiten(y, z);
    assertThat(z).containsExactly(new double[] {0.3, -1.2, 2}, within(1e-14));
  }

  /// Negative weights may take away more than there is.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsNotPositiveDefiniteIsRefused(boolean diagonal) {
    var ys = new double[][] {{2, 0}};
    assertThat(Covariance.identity(2, diagonal).update(1, new double[] {-0.24}, ys)).isTrue();
    assertThat(Covariance.identity(2, diagonal).update(1, new double[] {-0.26}, ys)).isFalse();
  }

  /// A condition of 1e12 is held, one of 1e15 is not.
  @Test
  void whatIsNearlySingularIsRefused() {
    var ys = new double[][] {{1, 1}};
    assertThat(Covariance.identity(2, false).update(1, new double[] {1e12}, ys)).isTrue();
    assertThat(Covariance.identity(2, false).update(1, new double[] {1e15}, ys)).isFalse();
  }
}
