package dev.assay.internal.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Philox;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The fast twin against the scalar one, at lengths that leave every kind of tail.
class ElementwiseTest {
  private final Elementwise fast = Elementwise.best();
  private final Elementwise scalar = Elementwise.scalar();

  private static double[] random(int n, long seed) {
    var random = new Philox(seed, 1);
    return IntStream.range(0, n).mapToDouble(i -> random.nextDouble() * 4 - 2).toArray();
  }

  @Test
  void expIsRightToTwoUnitsInTheLastPlaceOverItsWholeRange() {
    var x = new Philox(4, 1).doubles(100_000, -744, 709.7).toArray();
    var y = x.clone();
    fast.exp(y, y.length);
    for (int i = 0; i < x.length; i++) {
      double right = StrictMath.exp(x[i]);
      assertThat(Math.abs(y[i] - right)).isLessThanOrEqualTo(2 * Math.ulp(right));
    }
    double infinity = Double.POSITIVE_INFINITY;
    var edges = new double[] {0, -0.0, 1e-300, -infinity, infinity, 800, -800, Double.NaN};
    fast.exp(edges, edges.length);
    assertThat(edges).containsExactly(1, 1, 1, 0, infinity, infinity, 0, Double.NaN);
  }

  /// A study proposes the same trials however far the JVM has compiled when it does.
  @Test
  void whatIsInterpretedAndWhatIsCompiledAgreeToTheLastBit() {
    var first = bits();
    for (int i = 0; i < 30_000; i++) {
      assertThat(bits()).isEqualTo(first);
    }
  }

  private long bits() {
    int n = 37;
    var x = random(n, 5);
    var y = random(n, 6);
    var k = new double[n];
    var g = new double[n];
    fast.matern52(1.3, java.util.Arrays.stream(x).map(v -> v * v).toArray(), k, g, n);
    fast.exp(y, n);
    long hash = java.util.Arrays.hashCode(k) * 31L + java.util.Arrays.hashCode(g);
    hash = hash * 31 + java.util.Arrays.hashCode(y);
    hash = hash * 31 + Double.hashCode(fast.dot(x, 0, y, 0, n));
    hash = hash * 31 + Double.hashCode(fast.sumSquaredDifference(x, y, .3, n));
    return hash * 31 + Double.hashCode(fast.sumDifference(x, y, .3, n));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 64, 100})
  void twinsAgree(int n) {
    var x = random(n + 2, 1);
    var y = random(n + 2, 2);
    assertThat(fast.dot(x, 1, y, 2, n)).isCloseTo(scalar.dot(x, 1, y, 2, n), within(1e-13));
    assertThat(fast.sumSquaredDifference(x, y, .3, n))
        .isCloseTo(scalar.sumSquaredDifference(x, y, .3, n), within(1e-12));
    assertThat(fast.sumDifference(x, y, .3, n))
        .isCloseTo(scalar.sumDifference(x, y, .3, n), within(1e-12));
    agree(
        n + 2,
        (twin, out) -> {
          System.arraycopy(y, 0, out, 0, out.length);
          twin.addScaled(1.5, x, 1, out, 2, n);
        });
    agree(
        n + 2,
        (twin, out) -> {
          System.arraycopy(y, 0, out, 0, out.length);
          twin.exp(out, n);
        });
    agree(n + 2, (twin, out) -> twin.addSquaredDifference(x, .7, out, n));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 40})
  void maternTwinsAgreeAndSeparatedExponentialsAreExact(int n) {
    var u = random(n, 3);
    var s = IntStream.range(0, n).mapToDouble(i -> u[i] * u[i]).toArray();
    var rise = IntStream.range(0, n).mapToDouble(i -> Math.exp(u[i])).toArray();
    var fall = IntStream.range(0, n).mapToDouble(i -> Math.exp(-u[i])).toArray();
    var ignored = new double[n];
    agree(n, (twin, out) -> twin.matern52(1.7, s, out, ignored, n));
    agree(n, (twin, out) -> twin.matern52(1.7, s, ignored, out, n));
    double c = 0.4;
    for (var twin : new Elementwise[] {fast, scalar}) {
      var z = new double[n];
      var q = new double[n];
      twin.separableMatern52(u, rise, fall, c, Math.exp(c), Math.exp(-c), z, q, n);
      for (int i = 0; i < n; i++) {
        double t = Math.abs(u[i] - c);
        assertThat(z[i]).isCloseTo((1 + t + t * t / 3) * Math.exp(-t), within(1e-14));
        assertThat(q[i]).isCloseTo((1 + t) * Math.exp(-t), within(1e-14));
      }
    }
  }

  private interface Action {
    void apply(Elementwise twin, double[] out);
  }

  private void agree(int n, Action action) {
    var one = new double[n];
    var two = new double[n];
    action.apply(fast, one);
    action.apply(scalar, two);
    assertThat(one).containsExactly(two, within(1e-13));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 7, 8, 9, 16, 21, 64, 67})
  void threeColumnsAtOnceAreThreeOneAfterTheOther(int n) {
    var columns = new double[][] {random(n, 1), random(n, 2), random(n, 3), random(n, 4)};
    var c = new double[] {0.1, -0.7, 1.3, 0.4};
    for (var vectors : new Elementwise[] {fast, scalar}) {
      var together = random(n, 5);
      var single = together.clone();
      vectors.addThreeSquaredDifferences(columns, 1, c, together, n);
      for (int j = 1; j < 4; j++) {
        vectors.addSquaredDifference(columns[j], c[j], single, n);
      }
      assertThat(together).containsExactly(single);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 25, 40})
  void exponentsOfNormalsAreTheSameOnEveryProcessor(int n) {
    var x = random(n, 7);
    var sigma = IntStream.range(0, n).mapToDouble(i -> 0.01 + Math.abs(x[i])).toArray();
    var vectors = random(n, 8);
    var plain = vectors.clone();
    fast.subtractNormalExponent(x, sigma, .3, vectors, n);
    for (int i = 0; i < n; i++) {
      double z = (x[i] - .3) / sigma[i];
      plain[i] -= z * z / 2;
    }
    assertThat(vectors).containsExactly(plain);
  }
}
