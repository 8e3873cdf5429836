package dev.assay.internal.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.random.SobolSequenceGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SobolSequenceTest {
  /// Scrambling permutes within each elementary interval, so which points share a leading bit
  /// pattern is as in the unscrambled sequence: any two points that agree in their first k bits
  /// still do, and no others.
  @Test
  void scramblingKeepsTheStructureOfTheSequence() {
    int dimension = 7;
    var plain = new SobolSequenceGenerator(dimension);
    var scrambled = new SobolSequence(dimension, 5);
    var unscrambled = new double[256][];
    var points = new double[256][dimension];
    for (int i = 0; i < 256; i++) {
      unscrambled[i] = plain.nextVector();
      scrambled.point(i, points[i]);
    }
    for (int i = 0; i < 256; i++) {
      for (int k = 0; k < i; k++) {
        for (int j = 0; j < dimension; j++) {
          assertThat(commonBits(points[i][j], points[k][j]))
              .isEqualTo(commonBits(unscrambled[i][j], unscrambled[k][j]));
        }
      }
    }
  }

  private static int commonBits(double a, double b) {
    return Math.min(
        31, Integer.numberOfLeadingZeros((int) (long) (a * 0x1p32) ^ (int) (long) (b * 0x1p32)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyPairOfDimensionsIsFarMoreUniformThanRandomPoints(long seed) {
    int n = 4096;
    var sobol = new SobolSequence(10, seed);
    RandomGenerator random = new Philox(seed, 99);
    var points = new double[n][10];
    var randomPoints = new double[n][10];
    for (int i = 0; i < n; i++) {
      sobol.point(i, points[i]);
      for (int j = 0; j < 10; j++) {
        randomPoints[i][j] = random.nextDouble();
      }
    }
    for (int a = 0; a < 10; a++) {
      for (int b = 0; b < a; b++) {
        assertThat(starDiscrepancy(points, a, b))
            .isLessThan(starDiscrepancy(randomPoints, a, b) / 5);
      }
    }
  }

  /// L2-star discrepancy in two dimensions (Warnock 1972).
  private static double starDiscrepancy(double[][] points, int a, int b) {
    int n = points.length;
    double single = 0;
    double pairs = 0;
    for (int at = 0; at < n; at++) {
      var p = points[at];
      single += (1 - p[a] * p[a]) * (1 - p[b] * p[b]);
      pairs += (1 - p[a]) * (1 - p[b]);
      for (int other = 0; other < at; other++) { // and the same again with p and q exchanged
        var q = points[other];
        pairs += 2 * (1 - Math.max(p[a], q[a])) * (1 - Math.max(p[b], q[b]));
      }
    }
    return Math.sqrt(1.0 / 9 - single / (2.0 * n) + pairs / ((double) n * n));
  }

  @Test
  void aThousandDimensionsWorkAndEveryCoordinateIsStratified() {
    var sobol = new SobolSequence(SobolSequence.MAX_DIMENSION, 11);
    var seen = new boolean[1000][64];
    var point = new double[1000];
    for (int i = 0; i < 64; i++) {
      sobol.point(i, point);
      for (int j = 0; j < 1000; j++) {
        int cell = (int) (point[j] * 64);
        assertThat(seen[j][cell]).isFalse();
        seen[j][cell] = true;
      }
    }
  }

  @Test
  void otherSeedsGiveOtherPoints() {
    var one = new double[3];
    var two = new double[3];
    new SobolSequence(3, 1).point(7, one);
    new SobolSequence(3, 2).point(7, two);
    assertThat(one).isNotEqualTo(two);
    new SobolSequence(3, 1).point(7, two);
    assertThat(one).isEqualTo(two);
  }
}
