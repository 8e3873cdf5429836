package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.device.lanes.LaneBatch;
import dev.assay.train.Layer;
import dev.assay.train.Shape;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchLimitTest {
  /// A laptop's card: 16 multiprocessors at 1.5 GHz, FP64 at 1/32 of FP32.
  private static final LaunchLimit SMALL = LaunchLimit.of(1_500_000, 32, 16);

  private static final Shape SHAPE =
      new Shape(
          64,
          List.of(new Layer.Dense(64, 128), new Layer.Dense(128, 10)),
          Shape.Head.SOFTMAX,
          dev.assay.train.Activation.RELU,
          128);

  @Test
  void aCardWithoutADisplayHasNoLimit() {
    assertThat(LaunchLimit.NONE.points(10_000)).isEqualTo(Integer.MAX_VALUE);
    assertThat(LaunchLimit.NONE.models(10_000)).isEqualTo(Integer.MAX_VALUE);
    assertThat(LaunchLimit.NONE.observations()).isEqualTo(Integer.MAX_VALUE);
    assertThat(LaunchLimit.NONE.screened(10_000, 20, 4)).isEqualTo(Integer.MAX_VALUE);
    assertThat(LaunchLimit.NONE.steps(SHAPE, 128)).isEqualTo(Integer.MAX_VALUE);
    assertThat(LaunchLimit.NONE.rows(SHAPE)).isEqualTo(Integer.MAX_VALUE);
  }

  /// By the peak of such a card, 2 FP64 multiply-adds a cycle and multiprocessor.
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 500, 1000, 2000, 4000})
  void whatALaunchMayBeTakesHalfASecondAtMost(int n) {
    double peak = 2 * 1.5e9 * 16;
    assertThat(SMALL.observations()).isGreaterThan(4000);
    double solves = 0.5 * n * n * (double) SMALL.points(n);
    assertThat(solves / peak).isLessThan(0.5);
    assertThat(Math.pow(n, 3) / 6 * SMALL.models(n) / peak)
        .isLessThan(Math.max(0.5, Math.pow(n, 3) / 6 / peak * 1.01));
  }

  /// By what the kernels of screening do: 82 instructions of FP32's for a covariance with 20
  /// coordinates, 64 of which such a multiprocessor issues in a cycle; of a point's variance 27,000
  /// FP64 operations.
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 500, 1000, 4000, 40_000})
  void boundsTakeHalfASecondAtMost(int n) {
    double points = SMALL.screened(n, 20, 4);
    assertThat(points * n * 82 * 4 / (64 * 1.5e9 * 16)).isLessThan(0.5);
    assertThat(points * Math.min(1, n / 128.0) * 27_000 * 4 / (2 * 1.5e9 * 16)).isLessThan(0.5);
    assertThat(points).isGreaterThan(5000);
  }

  @Test
  void whatIsSmallIsNotCut() {
    assertThat(SMALL.points(100)).isGreaterThan(10_000);
    assertThat(SMALL.screened(100, 5, 1)).isGreaterThan(100_000);
    assertThat(SMALL.steps(SHAPE, 128)).isBetween(50, 1000);
    assertThat(SMALL.rows(SHAPE)).isGreaterThan(10_000);
    assertThat(SMALL.points(40_000)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"3, 100, 4", "1, 1, 1", "100, 7, 3"})
  void piecesOfAnEpochAreTheEpoch(int most, int steps, int size) {
    int rows = steps * size - (size > 1 ? 1 : 0); // a last batch that is not full
    var lanes = new int[2 * LaneBatch.WORDS];
    lanes[2] = rows;
    lanes[3] = 50;
    lanes[4] = size;
    lanes[5] = steps;
    lanes[6] = 9;
    lanes[LaneBatch.WORDS + 4] = 1; // a lane without rows
    int row = 50;
    int step = 9;
    int pieces = 0;
    while (true) {
      var piece = LanePieces.steps(lanes, new int[] {most, most}, pieces);
      if (piece == null) {
        break;
      }
      assertThat(piece[3]).isEqualTo(row);
      assertThat(piece[6]).isEqualTo(step);
      assertThat(piece[5]).isLessThanOrEqualTo(most);
      step += piece[5];
      row = 50 + Math.min(rows, (step - 9) * size);
      assertThat(piece[2]).isGreaterThanOrEqualTo(row - piece[3]);
      pieces++;
    }
    assertThat(step).isEqualTo(9 + steps);
    assertThat(row).isEqualTo(50 + rows);
    assertThat(pieces).isEqualTo((steps + most - 1) / most);
  }

  @Test
  void piecesOfRowsAreAllRows() {
    var lanes = new int[LaneBatch.WORDS];
    lanes[2] = 10;
    lanes[3] = 5;
    lanes[17] = 100;
    var last = Objects.requireNonNull(LanePieces.rows(lanes, 4, 3, 2));
    assertThat(new int[] {last[2], last[3], last[17]}).containsExactly(2, 13, 124);
    assertThat(LanePieces.rows(lanes, 4, 3, 3)).isNull();
  }

  @Test
  void cubinsRunOnLaterCardsOfTheirGeneration() {
    assertThat(KernelImages.cubinFor(75)).isEqualTo(75);
    assertThat(KernelImages.cubinFor(87)).isEqualTo(86);
    assertThat(KernelImages.cubinFor(89)).isEqualTo(89);
    assertThat(KernelImages.cubinFor(90)).isEqualTo(90);
    assertThat(KernelImages.cubinFor(103)).isEqualTo(100);
    assertThat(KernelImages.cubinFor(121)).isEqualTo(120);
    assertThat(KernelImages.cubinFor(70)).isZero();
    assertThat(KernelImages.cubinFor(130)).isZero();
  }
}
