package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.random.Philox;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Covariances in large tiles are those in small ones, but for the last bits.
@Tag("standin")
class CovarianceTilesTest {
  private static final int MODELS = 2;
  private static final double UNTOUCHED = -7;

  static Stream<CovarianceFunction> functions() {
    return Stream.of(
        new RadialCovariance.Matern52(),
        new RadialCovariance.Matern32(),
        new RadialCovariance.Rbf(),
        new RadialCovariance.RationalQuadratic(),
        CovarianceFunction.productPlusAdditive(2));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void everyCovarianceIsTheSame(CovarianceFunction function) {
    for (int n : new int[] {1, 63, 64, 65, 131}) {
      assertSame(function, n, 3, true);
    }
    assertSame(function, 20, 1, false);
  }

  private static void assertSame(CovarianceFunction function, int n, int d, boolean noisy) {
    assertThat(matrix("covariance_tiles", 64, DeviceFactor.tileBytes(d), function, n, d, noisy))
        .as("%s, %d points of %d coordinates", function, n, d)
        .containsExactly(matrix("covariance_matrix", 16, 0, function, n, d, noisy), within(4e-15));
  }

  /// Both lower triangles, what is above them untouched; the last coordinate is a category.
  private static double[] matrix(
      String kernel,
      int edge,
      int shared,
      CovarianceFunction function,
      int n,
      int d,
      boolean noisy) {
    var program = new CovarianceProgram(function, d);
    int p = program.size();
    var random = new Philox(5, n);
    var x = random.doubles((long) d * n).toArray();
    var categorical = new int[d];
    if (d > 1) {
      categorical[d - 1] = 1;
      for (int i = 0; i < n; i++) {
        x[(d - 1) * n + i] = i % 3;
      }
    }
    var natural = random.doubles((long) MODELS * p, 0.5, 2).toArray();
    var matrix = new double[MODELS * n * n];
    java.util.Arrays.fill(matrix, UNTOUCHED);
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var k = stream.place(matrix, arena);
      int tiles = DeviceFactor.blocks(n, edge);
      stream.launch(
          kernel,
          tiles,
          tiles,
          MODELS,
          shared,
          stream.place(program.words(), arena),
          d,
          p,
          stream.place(categorical, arena),
          stream.place(natural, arena),
          stream.place(x, arena),
          n,
          n,
          noisy ? 1 : 0,
          1e-6,
          k,
          n,
          (long) n * n);
      stream.download(k, matrix);
    }
    return matrix;
  }

  @Test
  void largeTilesAreForWhatKeepsEveryMultiprocessorBusy() {
    var device = StandIn.device();
    int busy = 1;
    while (busy * (busy + 1) / 2 < device.multiprocessors()) {
      busy++;
    }
    assertThat(DeviceFactor.isTiled(device, 64 * busy, 20, 1)).isTrue();
    assertThat(DeviceFactor.isTiled(device, 64 * (busy - 1), 20, 1)).isFalse();
    assertThat(DeviceFactor.isTiled(device, 64, 20, device.multiprocessors())).isTrue();
    assertThat(DeviceFactor.isTiled(device, 64 * busy, device.sharedBytes() / 1024 + 1, 1))
        .as("points that do not fit")
        .isFalse();
    assertThat(List.of(DeviceFactor.blocks(65, 64), DeviceFactor.blocks(64, 64)))
        .containsExactly(2, 1);
  }
}
