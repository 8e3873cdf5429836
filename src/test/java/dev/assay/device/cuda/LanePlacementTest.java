package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.train.Activation;
import dev.assay.train.Layer;
import dev.assay.train.Shape;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where lanes are on cards of several sizes: the table of `kernels/README.md`.
class LanePlacementTest {
  private static final int H200 = 232_448;
  private static final int A100 = 166_912;
  private static final int RTX = 101_376;
  private static final int T4 = 65_536;

  private static Shape shape(int inputs, int hidden, int outputs, int batch) {
    return new Shape(
        inputs,
        List.of(new Layer.Dense(inputs, hidden), new Layer.Dense(hidden, outputs)),
        outputs == 1 ? Shape.Head.LINEAR : Shape.Head.SOFTMAX,
        Activation.RELU,
        batch);
  }

  private static String described(LanePlacement placement) {
    return placement.resident()
        ? placement.sharedBytes()
            + (placement.moments() ? " with moments, " : ", ")
            + placement.program().capacity()
            + " rows"
        : "in device memory";
  }

  @ParameterizedTest
  @CsvSource({
    H200 + ", 64, 128, 10, 128, '230144 with moments, 128 rows'",
    A100 + ", 64, 128, 10, 128, '149120, 128 rows'",
    RTX + ", 64, 128, 10, 128, '94848, 64 rows'",
    T4 + ", 64, 128, 10, 128, '64320, 28 rows'",
    H200 + ", 64, 64, 10, 128, '138240 with moments, 128 rows'",
    A100 + ", 64, 64, 10, 128, '138240 with moments, 128 rows'",
    RTX + ", 64, 64, 10, 128, '96640, 128 rows'",
    T4 + ", 64, 64, 10, 128, '58752, 64 rows'",
    H200 + ", 64, 32, 10, 128, '92288 with moments, 128 rows'",
    T4 + ", 64, 32, 10, 128, '62592 with moments, 64 rows'",
    H200 + ", 13, 1100, 3, 32, '223152, 32 rows'",
    H200 + ", 784, 256, 10, 128, 'in device memory'",
    H200 + ", 784, 64, 10, 128, 'in device memory'",
    T4 + ", 784, 64, 10, 128, 'in device memory'",
    H200 + ", 1, 1, 1, 1, '448 with moments, 4 rows'"
  })
  void lanesAreInSharedMemoryWhereTheyFit(
      int shared, int inputs, int hidden, int outputs, int batch, String expected) {
    var placement = LanePlacement.training(shape(inputs, hidden, outputs, batch), false, shared);
    assertThat(placement.sharedBytes()).isLessThanOrEqualTo(shared);
    assertThat(placement.parts() * placement.program().capacity()).isGreaterThanOrEqualTo(batch);
    assertThat(described(placement)).isEqualTo(expected);
  }
}
