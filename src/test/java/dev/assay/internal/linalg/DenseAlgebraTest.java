package dev.assay.internal.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Philox;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Both twins against the definitions, at sizes around the blocks and vectors that they use.
class DenseAlgebraTest {
  static Stream<Arguments> cases() {
    return Stream.of(DenseAlgebra.best(), DenseAlgebra.java())
        .flatMap(a -> IntStream.of(1, 2, 3, 7, 16, 33, 100, 161).mapToObj(n -> Arguments.of(a, n)));
  }

  private static double[] random(int count, long seed) {
    var random = new Philox(seed, 0);
    return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  /// B Bᵀ + n I with rows `stride` apart.
  private static double[] positiveDefinite(int n, int stride) {
    var b = random(n * n, n);
    var a = new double[n * stride];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          a[i * stride + j] += b[i * n + k] * b[j * n + k];
        }
      }
      a[i * stride + i] += n;
    }
    return a;
  }

  private static float[] singles(double[] values) {
    var singles = new float[values.length];
    for (int i = 0; i < singles.length; i++) {
      singles[i] = (float) values[i];
    }
    return singles;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void factorTimesItsTransposeIsTheMatrix(DenseAlgebra algebra, int n) {
    int stride = n + 3;
    var a = positiveDefinite(n, stride);
    var l = a.clone();
    assertThat(algebra.cholesky(l, n, stride)).isZero();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = 0; k <= j; k++) {
          sum += l[i * stride + k] * l[j * stride + k];
        }
        assertThat(sum).isCloseTo(a[i * stride + j], within(1e-12 * n * n));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void solvesUndoMultiplicationForOneAndForSeveralRows(DenseAlgebra algebra, int n) {
    int stride = n + 1;
    var l = positiveDefinite(n, stride);
    algebra.cholesky(l, n, stride);
    for (int m : new int[] {1, 2, 5}) {
      var x = random(m * n, 7);
      var lower = new double[m * n];
      var upper = new double[m * n];
      for (int r = 0; r < m; r++) {
        for (int i = 0; i < n; i++) {
          for (int j = 0; j <= i; j++) {
            lower[r * n + i] += l[i * stride + j] * x[r * n + j];
            upper[r * n + j] += l[i * stride + j] * x[r * n + i];
          }
        }
      }
      algebra.solveLower(l, n, stride, lower, m);
      algebra.solveLowerTransposed(l, n, stride, upper, m);
      assertThat(lower).containsExactly(x, within(1e-10));
      assertThat(upper).containsExactly(x, within(1e-10));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inverseTimesMatrixIsIdentity(DenseAlgebra algebra, int n) {
    var a = positiveDefinite(n, n);
    var inverse = a.clone();
    algebra.cholesky(inverse, n, n);
    algebra.inverseFromCholesky(inverse, n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
          sum += inverse[Math.max(i, k) * n + Math.min(i, k)] * a[k * n + j];
        }
        assertThat(sum).isCloseTo(i == j ? 1 : 0, within(1e-10));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void productsAreSumsOfProducts(DenseAlgebra algebra, int n) {
    int m = 3;
    int k = 5;
    var a = random(m * k, 1);
    var b = random(n * k, 2);
    var c = random(m * n, 3);
    var expected = c.clone();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int q = 0; q < k; q++) {
          sum += a[i * k + q] * b[j * k + q];
        }
        expected[i * n + j] = 2 * sum - expected[i * n + j];
      }
    }
    algebra.multiplyTransposed(m, n, k, 2, a, b, -1, c);
    assertThat(c).containsExactly(expected, within(1e-12));
    var single = singles(random(m * n, 3));
    algebra.multiplyTransposed(m, n, k, 2f, singles(a), singles(b), -1f, single);
    for (int i = 0; i < m * n; i++) {
      assertThat((double) single[i]).isCloseTo(expected[i], within(1e-5));
    }
    var square = new double[n * n];
    algebra.symmetricRankK(n, k, 1, b, 0, square);
    var full = new double[n * n];
    algebra.multiplyTransposed(n, n, k, 1, b, b, 0, full);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        assertThat(square[i * n + j]).isCloseTo(full[i * n + j], within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aMatrixThatIsNotPositiveDefiniteIsNamedByItsMinor(DenseAlgebra algebra, int n) {
    var a = positiveDefinite(n, n);
    int bad = n / 2;
    a[bad * n + bad] = -1;
    assertThat(algebra.cholesky(a.clone(), n, n)).isEqualTo(bad + 1);
    a[bad * n + bad] = Double.NaN;
    assertThat(algebra.cholesky(a.clone(), n, n)).isPositive();
  }

  @Test
  void theFactorAsAValueSolvesAndKnowsItsDeterminant() {
    var a = new double[] {4, 0, 2, 3};
    assertThat(Cholesky.of(a, 2))
        .isInstanceOfSatisfying(
            Cholesky.Factor.class,
            factor -> {
              assertThat(factor.logDeterminant()).isCloseTo(Math.log(8), within(1e-14));
              assertThat(factor.solve(new double[] {6, 5}))
                  .containsExactly(new double[] {1, 1}, within(1e-14));
              assertThat(factor.inverse())
                  .containsExactly(new double[] {.375, -.25, -.25, .5}, within(1e-14));
            });
    assertThat(Cholesky.of(new double[] {1, 0, 2, 1}, 2))
        .isEqualTo(new Cholesky.NotPositiveDefinite(2));
  }
}
