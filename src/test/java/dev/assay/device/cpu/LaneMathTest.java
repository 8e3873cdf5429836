package dev.assay.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import dev.assay.train.Model;
import dev.assay.train.Standardisation;
import dev.assay.train.TrainerSettings;
import dev.assay.train.UpdateRule;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneMathTest {
  private final LaneMath java = new JavaLaneMath();
  private final LaneMath vector = new VectorLaneMath();

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 48, 64, 80, 96, 112, 256})
  void productsAreTheSameToTheLastBit(int n) {
    for (int k : new int[] {1, 10, 33}) {
      int m = 24;
      int lda = 48;
      var a = random(1, m * lda);
      var b = random(2, 5 + k * n);
      var bias = random(3, 7 + n);
      var expected = new float[m * n];
      var actual = new float[m * n];
      java.product(a, lda, b, 5, n, bias, 7, expected, m, k);
      vector.product(a, lda, b, 5, n, bias, 7, actual, m, k);
      assertThat(actual).isEqualTo(expected);

      var g = new float[LaneMath.BLOCK * n];
      var h = new float[LaneMath.BLOCK * n];
      java.gradient(a, lda, 8, expected, n, 21, g);
      vector.gradient(a, lda, 8, expected, n, 21, h);
      assertThat(h).isEqualTo(g);
      java.columnSums(expected, n, 21, g);
      vector.columnSums(expected, n, 21, h);
      assertThat(h).isEqualTo(g);
    }
  }

  @Test
  void gatheringStandardises() {
    int p = 37;
    var x = random(1, 50 * p);
    var s = new Standardisation(random(2, p), random(3, p));
    var rows = new int[] {9, 3, 49, 0, 3};
    var expected = new float[4 * 48];
    var actual = new float[4 * 48];
    java.gather(x, p, rows, 1, 4, s, expected, 48);
    vector.gather(x, p, rows, 1, 4, s, actual, 48);
    assertThat(actual).isEqualTo(expected);
    assertThat(actual[48 + 5]).isEqualTo((x[49 * p + 5] - s.mean()[5]) * s.scale()[5]);
    assertThat(actual[p]).isZero();
  }

  @Test
  void elementwiseFunctionsAreTheSameToTheLastBit() {
    sameOnEverything((math, x) -> math.relu(x, x.length));
    sameOnEverything((math, x) -> math.tanh(x, x.length));
    sameOnEverything((math, x) -> math.reluBackward(x, random(8, x.length), x.length));
    sameOnEverything((math, x) -> math.tanhBackward(x, random(8, x.length), x.length));
  }

  @Test
  void exponentialsOfRowsAreTheSameToTheLastBit() {
    for (int classes : new int[] {2, 10, 16, 17, 33, 64}) {
      int n = LaneLayout.padded(classes, LaneMath.STRIDE);
      int rows = 1024 / n;
      float[] expected = new float[1024];
      float[] actual = random(5, 1024);
      float[] largest = new float[rows];
      float[] greatest = new float[rows];
      java.exponentials(awkward(), rows, n, classes, largest, expected);
      vector.exponentials(awkward(), rows, n, classes, greatest, actual);
      assertThat(Arrays.copyOf(actual, rows * n)).isEqualTo(Arrays.copyOf(expected, rows * n));
      assertThat(greatest).isEqualTo(largest);
    }
  }

  private void sameOnEverything(BiConsumer<LaneMath, float[]> operation) {
    var expected = awkward();
    var actual = expected.clone();
    operation.accept(java, expected);
    operation.accept(vector, actual);
    assertThat(actual).isEqualTo(expected);
  }

  /// 1,024 numbers from -90 to 88, NaN, zeros, infinity and tiny ones among them.
  private static float[] awkward() {
    var x = random(4, 1024);
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 3 == 0 ? x[i] : -1 + x[i] * 89;
    }
    float[] special = {0, -0f, Float.NaN, Float.NEGATIVE_INFINITY, 1e-30f, -1e-30f, 20, -20, 88};
    System.arraycopy(special, 0, x, 0, special.length);
    return x;
  }

  @Test
  void exponentialAndTangentAreAccurate() {
    for (int i = -6900; i <= 8800; i++) {
      float x = i * 0.01f;
      double expected = StrictMath.exp(x);
      assertThat(Math.abs(JavaLaneMath.exp(x) - expected))
          .isLessThan(2 * Math.ulp((float) expected));
    }
    for (int i = -1200; i <= 1200; i++) {
      for (float x : new float[] {i * 0.01f, i * 1e-5f}) {
        double expected = StrictMath.tanh(x);
        assertThat(Math.abs(JavaLaneMath.tanh(x) - expected))
            .isLessThanOrEqualTo(3 * Math.ulp((float) expected));
      }
    }
    assertThat(JavaLaneMath.tanh(Float.NaN)).isNaN();
    assertThat(JavaLaneMath.tanh(1e30f)).isEqualTo(1);
    assertThat(JavaLaneMath.exp(-1e30f)).isBetween(1e-31f, 1.1e-30f);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "adamw"})
  void updatesAreTheSameToTheLastBit(String optimizer) {
    Map<String, Object> parameters =
        Map.of("optimizer", optimizer, "weight_decay", 0.01, "learning_rate", 0.1);
    var settings = TrainerSettings.of(Model.MLP, parameters);
    var rule = new UpdateRule(settings);
    var expected = random(1, 96);
    var actual = expected.clone();
    var expectedMoments = new float[2][96];
    var actualMoments = new float[2][96];
    for (int step = 0; step < 20; step++) {
      var g = random(10 + step, 64);
      g[3] = 1e-20f;
      rule.next();
      java.update(rule, expected, expectedMoments, 32, g, 64, step % 2 == 0);
      vector.update(rule, actual, actualMoments, 32, g, 64, step % 2 == 0);
    }
    assertThat(actual).isEqualTo(expected);
    assertThat(actualMoments).isEqualTo(expectedMoments);
    assertThat(actual).startsWith(random(1, 32)).isNotEqualTo(random(1, 96));
  }

  private static float[] random(long stream, int count) {
    var random = new Philox(7, stream);
    var x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) (2 * random.nextDouble() - 1);
    }
    return x;
  }
}
