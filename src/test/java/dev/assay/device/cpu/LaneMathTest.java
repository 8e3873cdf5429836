package dev.assay.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import dev.assay.train.Model;
import dev.assay.train.Standardisation;
import dev.assay.train.TrainerSettings;
import dev.assay.train.UpdateRule;
import java.util.Arrays;
import java.util.List;
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
      java.gradient(a, lda, 8, expected, n, n, 21, g, 0);
      vector.gradient(a, lda, 8, expected, n, n, 21, h, 0);
      java.gradient(a, lda, 8, expected, 0, n, 3, g, 0); // adds
      vector.gradient(a, lda, 8, expected, 0, n, 3, h, 0);
      assertThat(h).isEqualTo(g);
      java.columnSums(expected, n, 21, g);
      vector.columnSums(expected, n, 21, h);
      assertThat(h).isEqualTo(g);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64, 112})
  void aConvolutionIsTheProductWithTheMatrixOfWhatTheKernelSees(int n) {
    int channels = 3;
    int wide = 8;
    int kernel = 3;
    int run = kernel * channels;
    int m = 40;
    var image = random(1, (m + (kernel - 1) * wide) * channels + run);
    var patches = new float[m * kernel * run];
    for (int i = 0; i < m; i++) {
      for (int dy = 0; dy < kernel; dy++) {
        int to = (i * kernel + dy) * run;
        System.arraycopy(image, (i + dy * wide) * channels, patches, to, run);
      }
    }
    var w = random(2, kernel * run * n);
    var bias = random(3, n);
    var expected = new float[m * n];
    java.product(patches, kernel * run, w, 0, n, bias, 0, expected, m, kernel * run);
    for (var math : List.of(java, vector)) {
      var actual = new float[m * n];
      math.convolution(image, channels, kernel, wide * channels, run, w, 0, n, bias, 0, actual, m);
      assertThat(actual).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 15, 16, 17, 32, 40})
  void poolingAndItsWayBackAreTheSameToTheLastBit(int filters) {
    int n = LaneLayout.padded(filters, LaneMath.STRIDE) + LaneMath.STRIDE;
    int count = 5;
    int down = 11 * n;
    var c = random(1, 2 * down);
    for (int i = 0; i < c.length; i++) {
      c[i] = Math.round(8 * c[i]); // many equal ones
    }
    var out = new float[2][count * filters + 3];
    var chosen = new int[2][count * filters + 2];
    var back = new float[2][2 * down];
    var maths = List.of(java, vector);
    for (int i = 0; i < 2; i++) {
      Arrays.fill(out[i], 7);
      Arrays.fill(back[i], 7);
      maths.get(i).pool(c, n, n, down - n, count, filters, out[i], 2, chosen[i], 1);
      maths.get(i).spread(out[i], 2, chosen[i], 1, count, filters, back[i], n, n, down - n);
    }
    assertThat(out[1]).isEqualTo(out[0]).endsWith(7);
    assertThat(chosen[1]).isEqualTo(chosen[0]).endsWith(0);
    assertThat(back[1]).isEqualTo(back[0]);
    for (int i = 0; i < count; i++) { // the first of equal ones
      float[] four = {c[n + 2 * i * n], c[2 * n + 2 * i * n], c[down + 2 * i * n], 0};
      four[3] = c[down + n + 2 * i * n];
      int first = 0;
      for (int k = 1; k < 4; k++) {
        first = four[k] > four[first] ? k : first;
      }
      assertThat(chosen[0][1 + i * filters]).isEqualTo(first);
      assertThat(out[0][2 + i * filters]).isEqualTo(four[first]);
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
  void softmaxOfRowsIsTheSameToTheLastBit() {
    for (int classes : new int[] {2, 10, 16, 17, 33, 64}) {
      int n = LaneLayout.padded(classes, LaneMath.STRIDE);
      for (int rows : new int[] {1024 / n, 1024 / n - 5}) {
        float[] expected = new float[1024];
        float[] actual = new float[1024];
        var largest = new float[2][LaneLayout.padded(rows, LaneMath.STRIDE)];
        var sums = new float[2][LaneLayout.padded(rows, LaneMath.STRIDE)];
        var scratch = new float[classes * LaneMath.STRIDE];
        java.softmax(awkward(), rows, n, classes, 0.3f, largest[0], sums[0], scratch, expected);
        vector.softmax(awkward(), rows, n, classes, 0.3f, largest[1], sums[1], scratch, actual);
        assertThat(actual).isEqualTo(expected);
        assertThat(Arrays.copyOf(largest[1], rows)).isEqualTo(Arrays.copyOf(largest[0], rows));
        assertThat(Arrays.copyOf(sums[1], rows)).isEqualTo(Arrays.copyOf(sums[0], rows));
      }
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
