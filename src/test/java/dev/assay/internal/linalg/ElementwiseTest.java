package dev.assay.internal.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The fast twin against the scalar one, at lengths that leave every kind of tail.
class ElementwiseTest {
  private static final double[] EDGES = {
    0, -0.0, 1e-300, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 800, -800, Double.NaN, -745
  };

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
    fast.matern52(1.3, Arrays.stream(x).map(v -> v * v).toArray(), k, g, n);
    fast.exp(y, n);
    long hash = Arrays.hashCode(k) * 31L + Arrays.hashCode(g);
    hash = hash * 31 + Arrays.hashCode(y);
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

  /// Whichever of the two is there when it is asked, a study proposes the same trials.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 7, 8, 9, 16, 21, 64, 67, 203})
  void plainLoopsAndVectorsAgreeToTheLastBit(int n) {
    var vectors = new SimdElementwise();
    var loops = new LaneElementwise(SimdElementwise.WIDTH);
    var results = new ArrayList<double[]>();
    for (Elementwise twin : List.of(vectors, loops)) {
      var x = random(n + 3, 1);
      var y = random(n + 3, 2);
      var squares = Arrays.stream(y).map(v -> 100 * v * v).toArray();
      var out = new double[9][n + 3];
      out[0][0] = twin.dot(x, 1, y, 2, n);
      out[0][1] = twin.sumSquaredDifference(x, y, .3, n);
      out[0][2] = twin.sumDifference(x, y, .3, n);
      twin.addScaled(1.5, x, 1, out[1], 2, n);
      for (int i = 0; i < n; i++) {
        out[2][i] = i % 9 == 0 ? EDGES[i / 9 % EDGES.length] : 300 * x[i];
      }
      twin.exp(out[2], n);
      twin.addSquaredDifference(x, .7, out[3], n);
      twin.addThreeSquaredDifferences(new double[][] {x, y, x}, 0, y, out[4], n);
      twin.subtractNormalExponent(x, squares, .3, out[5], n);
      twin.matern52(1.7, squares, out[6], out[7], n);
      twin.separableMatern52(x, squares, y, .4, 1.2, .8, out[8], out[3], n);
      results.add(Arrays.stream(out).flatMapToDouble(Arrays::stream).toArray());
    }
    assertThat(results.get(1)).containsExactly(results.get(0));
  }
}
