package dev.assay.internal.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Philox;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SymmetricEigenvaluesTest {
  @Test
  void ofTwoByTwoTheyAreTheRootsOfThePolynomial() {
    var values = SymmetricEigenvalues.of(new double[][] {{2, 1}, {1, 2}});
    Arrays.sort(values);
    assertThat(values).containsExactly(new double[] {1, 3}, within(1e-12));
  }

  /// Their sum is the trace, the sum of their squares that of the squares of all entries.
  @Test
  void theyKeepTraceAndNorm() {
    var random = new Philox(1, 0);
    int n = 13;
    var a = new double[n][n];
    double trace = 0;
    double norm = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        a[i][j] = random.nextGaussian() * Math.exp(random.nextGaussian());
        a[j][i] = a[i][j];
        norm += (i == j ? 1 : 2) * a[i][j] * a[i][j];
      }
      trace += a[i][i];
    }
    var values = SymmetricEigenvalues.of(a);
    assertThat(Arrays.stream(values).sum()).isCloseTo(trace, within(1e-10));
    assertThat(Arrays.stream(values).map(v -> v * v).sum()).isCloseTo(norm, within(1e-9 * norm));
  }

  @Test
  void aDiagonalMatrixHasItsOwn() {
    assertThat(SymmetricEigenvalues.of(new double[][] {{3, 0}, {0, -2}})).containsExactly(3, -2);
    assertThat(SymmetricEigenvalues.of(new double[0][0])).isEmpty();
  }
}
