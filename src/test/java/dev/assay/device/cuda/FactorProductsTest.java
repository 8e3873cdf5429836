package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.cuda.FactorProducts.By;
import dev.assay.random.Philox;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Factors with their inverses, and products with them, against plain loops on the host.
@Tag("standin")
class FactorProductsTest {
  private static final double UNTOUCHED = -7;

  /// A card with tensor instructions, and one without.
  private static List<CudaDevice> cards() {
    var with = StandIn.device();
    try {
      return List.of(with, StandIn.card("capability=75"));
    } finally {
      StandIn.plainCard();
    }
  }

  @Test
  void theCardsDifferInTensorInstructions() {
    assertThat(cards()).extracting(CudaDevice::capability).containsExactly(90, 75);
  }

  /// A well conditioned matrix, other numbers for each model.
  private static double[] matrix(int n, int model) {
    var random = new Philox(model, n);
    var k = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        k[i * n + j] = i == j ? 2 : Math.exp(-0.3 * (i - j)) * random.nextDouble();
      }
    }
    return k;
  }

  /// Rows of n numbers at [DeviceFactor#lead].
  private static double[] spread(double[] rows, int n) {
    int lead = DeviceFactor.lead(n);
    var spread = new double[rows.length / n * lead];
    for (int i = 0; i < rows.length / n; i++) {
      System.arraycopy(rows, i * n, spread, i * lead, n);
    }
    return spread;
  }

  private static double[] factor(double[] k, int n) {
    var l = k.clone();
    for (int j = 0; j < n; j++) {
      for (int i = j; i < n; i++) {
        double sum = l[i * n + j];
        for (int q = 0; q < j; q++) {
          sum -= l[i * n + q] * l[j * n + q];
        }
        l[i * n + j] = i == j ? Math.sqrt(sum) : sum / l[j * n + j];
      }
    }
    return l;
  }

  private static double[] inverse(double[] l, int n) {
    var x = new double[n * n];
    for (int j = 0; j < n; j++) {
      for (int i = j; i < n; i++) {
        double sum = i == j ? 1 : 0;
        for (int q = j; q < i; q++) {
          sum -= l[i * n + q] * x[q * n + j];
        }
        x[i * n + j] = sum / l[i * n + i];
      }
    }
    return x;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 160, 161, 193, 259})
  void aFactorAndItsInverseShareASquare(int n) {
    cards().forEach(card -> aFactorAndItsInverseShareASquare(card, n));
  }

  private static void aFactorAndItsInverseShareASquare(CudaDevice card, int n) {
    int models = 2;
    int lead = n + 4 - n % 2;
    long stride = (long) n * lead + 6;
    var numbers = new double[Math.toIntExact(models * stride)];
    for (boolean inverse : new boolean[] {true, false}) {
      Arrays.fill(numbers, UNTOUCHED);
      for (int r = 0; r < models; r++) {
        var k = matrix(n, r);
        for (int i = 0; i < n; i++) {
          System.arraycopy(k, i * n, numbers, Math.toIntExact(r * stride) + i * lead, i + 1);
        }
      }
      var failed = new int[models];
      try (var stream = card.stream();
          var arena = card.memory().arena()) {
        var square = stream.place(numbers, arena);
        var info = arena.ints(DeviceFactor.INFO * models);
        DeviceFactor.cholesky(stream, square, lead, stride, n, models, inverse, info);
        stream.download(square, numbers);
        stream.download(info, failed);
      }
      assertThat(failed).containsOnly(0);
      for (int r = 0; r < models; r++) {
        var l = factor(matrix(n, r), n);
        var x = inverse(l, n);
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < lead; j++) {
            double found = numbers[Math.toIntExact(r * stride) + i * lead + j];
            if (j <= i) {
              assertThat(found).isCloseTo(l[i * n + j], within(1e-13));
            } else if (j >= n) {
              assertThat(found).isEqualTo(UNTOUCHED);
            } else if (inverse) {
              assertThat(found).as("%d %d", i, j).isCloseTo(x[j * n + i], within(1e-13));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "64, 64", "65, 66", "150, 17", "200, 1", "200, 131", "330, 200"})
  void theFirstMinorThatIsNotPositiveDefiniteIsNamed(int n, int order) {
    for (double bad : new double[] {-1, Double.NaN}) {
      var k = matrix(n, 0);
      int at = Math.min(order, n) - 1;
      k[at * n + at] = bad;
      k = spread(k, n);
      var failed = new int[1];
      try (var stream = StandIn.device().stream();
          var arena = StandIn.device().memory().arena()) {
        var square = stream.place(k, arena);
        var info = arena.ints(DeviceFactor.INFO);
        DeviceFactor.cholesky(stream, square, DeviceFactor.lead(n), 0L, n, 1, true, info);
        stream.download(info, failed);
      }
      assertThat(failed[0]).isEqualTo(at + 1);
    }
  }

  /// In tiles and row by row, whatever is multiplied by; rows beyond the count stay as they are.
  @ParameterizedTest
  @CsvSource({"1, 1", "31, 16", "64, 9", "70, 17", "130, 66"})
  void everyProductIsThatOfPlainLoops(int n, int m) {
    cards().forEach(card -> everyProductIsThatOfPlainLoops(card, n, m));
  }

  private static void everyProductIsThatOfPlainLoops(CudaDevice card, int n, int m) {
    int models = 2;
    int lead = n + 2 - n % 2;
    var squares = new double[models * n * n];
    var rows = new Philox(9, m).doubles((long) models * m * lead, -1, 1).toArray();
    for (int r = 0; r < models; r++) {
      var l = factor(matrix(n, r), n);
      var x = inverse(l, n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          squares[r * n * n + i * n + j] = j <= i ? l[i * n + j] : x[j * n + i];
        }
      }
    }
    int count = Math.max(1, m - 1);
    for (var by : By.values()) {
      var found = rows.clone();
      Arrays.fill(found, UNTOUCHED);
      try (var stream = card.stream();
          var arena = card.memory().arena()) {
        var given = stream.place(rows, arena);
        var to = stream.place(found, arena);
        var products =
            new FactorProducts(
                stream,
                new FactorProducts.Squares(
                    stream.place(spread(squares, n), arena),
                    DeviceFactor.lead(n),
                    (long) n * DeviceFactor.lead(n),
                    n,
                    models,
                    stream.place(new int[models], arena)));
        var some =
            new FactorProducts.Rows(
                m, stream.place(new int[] {count}, arena), lead, (long) m * lead);
        products.multiply(by, some, given, given, -1, to);
        stream.download(to, found);
      }
      for (int r = 0; r < models; r++) {
        for (int t = 0; t < m; t++) {
          for (int o = 0; o < lead; o++) {
            int at = (r * m + t) * lead + o;
            double expected =
                t >= count || o >= n
                    ? UNTOUCHED
                    : rows[at] - product(by, squares, r * n * n, n, rows, at - o, o);
            assertThat(found[at]).as("%s %d %d", by, t, o).isCloseTo(expected, within(1e-12));
          }
        }
      }
    }
  }

  private static double product(
      By by, double[] squares, int from, int n, double[] rows, int row, int o) {
    boolean transposed = by == By.FACTOR_TRANSPOSED || by == By.INVERSE_TRANSPOSED;
    boolean inverse = by == By.INVERSE || by == By.INVERSE_TRANSPOSED;
    double sum = 0;
    for (int q = transposed ? o : 0; q < (transposed ? n : o + 1); q++) {
      int i = Math.max(q, o);
      int j = Math.min(q, o);
      double value = squares[from + (inverse ? j * n + i : i * n + j)];
      sum += rows[row + q] * (inverse && i == j ? 1 / value : value);
    }
    return sum;
  }

  /// Points that nearly coincide and hardly any noise: the factor's condition is about 1e7. What
  /// the inverse gives alone is off a thousand times more than after it was mended; and that is as
  /// near to what was solved for as substitution.
  @Test
  void mendedProductsAreAsGoodAsSubstitution() {
    int n = 100;
    var k = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double u = (i - j) * 0.02;
        k[i * n + j] = Math.exp(-u * u / 2) + (i == j ? 1e-13 : 0);
      }
    }
    var side = new double[n];
    for (int i = 0; i < n; i++) {
      double u = (i - 50.5) * 0.02;
      side[i] = Math.exp(-u * u / 2);
    }
    var square = k.clone();
    var raw = new double[n];
    var mended = new double[n];
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var place = stream.place(k, arena);
      var info = arena.ints(DeviceFactor.INFO);
      DeviceFactor.cholesky(stream, place, n, 0L, n, 1, true, info);
      var products =
          new FactorProducts(
              stream, new FactorProducts.Squares(place, n, 0L, n, 1, DeviceArray.NULL));
      var row = FactorProducts.Rows.of(1, n);
      var from = stream.place(side, arena);
      var to = arena.doubles(n);
      products.multiplyByInverse(false, row, from, to);
      stream.download(to, raw);
      products.mend(false, row, from, to, arena.doubles(n));
      stream.download(to, mended);
      stream.download(place, square);
    }
    var substituted = new double[n];
    for (int i = 0; i < n; i++) {
      double sum = side[i];
      for (int j = 0; j < i; j++) {
        sum -= square[i * n + j] * substituted[j];
      }
      substituted[i] = sum / square[i * n + i];
    }
    double bySubstitution = residual(square, n, substituted, side);
    assertThat(residual(square, n, mended, side)).isLessThan(8 * bySubstitution);
    assertThat(residual(square, n, raw, side)).isGreaterThan(100 * bySubstitution);
  }

  /// Of a factor whose condition is about 1e7: after a step X L is the unit matrix but for the
  /// rounding of |X||L|, from which it was a hundred times as far, however many rows go together.
  @ParameterizedTest
  @CsvSource({"1, 1", "33, 33", "100, 100", "131, 40", "131, 131"})
  void aRefinedInverseIsOneFromTheLeft(int n, int together) {
    cards().forEach(card -> aRefinedInverseIsOneFromTheLeft(card, n, together));
  }

  private static void aRefinedInverseIsOneFromTheLeft(CudaDevice card, int n, int together) {
    int lead = n + 4 - n % 2;
    var k = new double[n * lead];
    Arrays.fill(k, UNTOUCHED);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double u = (i - j) * 0.02;
        k[i * lead + j] = Math.exp(-u * u / 2) + (i == j ? 1e-13 : 0);
      }
    }
    var before = k.clone();
    var after = k.clone();
    try (var stream = card.stream();
        var arena = card.memory().arena()) {
      var place = stream.place(k, arena);
      var info = arena.ints(DeviceFactor.INFO);
      DeviceFactor.cholesky(stream, place, lead, 0L, n, 1, true, info);
      stream.download(place, before);
      var squares = new FactorProducts.Squares(place, lead, 0L, n, 1, DeviceArray.NULL);
      new FactorProducts(stream, squares).refineInverse(together);
      stream.download(place, after);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < lead; j++) {
        if (j <= i || j >= n) {
          assertThat(after[i * lead + j]).isEqualTo(before[i * lead + j]);
        }
      }
    }
    assertThat(left(after, lead, n)).isLessThan(4);
    if (n >= 33) {
      assertThat(left(before, lead, n)).isGreaterThan(100);
    }
  }

  /// The most that a number of X L is off from the unit matrix, in shares of the rounding of
  /// |X||L|.
  private static double left(double[] square, int lead, int n) {
    double most = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        var sum = BigDecimal.valueOf(i == j ? -1 : 0);
        double size = 0;
        for (int q = j; q <= i; q++) {
          double x = q == i ? 1 / square[i * lead + i] : square[q * lead + i];
          double l = square[q * lead + j];
          sum = sum.add(new BigDecimal(x).multiply(new BigDecimal(l)));
          size += Math.abs(x * l);
        }
        most = Math.max(most, Math.abs(sum.doubleValue()) / (0x1p-53 * size));
      }
    }
    return most;
  }

  private static double residual(double[] l, int n, double[] x, double[] b) {
    double most = 0;
    for (int i = 0; i < n; i++) {
      var sum = BigDecimal.valueOf(0).add(new BigDecimal(b[i]));
      for (int j = 0; j <= i; j++) {
        var product = new BigDecimal(l[i * n + j]);
        sum = sum.subtract(product.multiply(new BigDecimal(x[j])));
      }
      most = Math.max(most, Math.abs(sum.doubleValue()));
    }
    return most;
  }
}
