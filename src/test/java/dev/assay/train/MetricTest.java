package dev.assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Metrics of classes against values computed by hand.
class MetricTest {
  /// Six rows of three classes, taken for 0, 0, 1, 1, 2, 2. The confusion:
  ///
  /// ```
  ///            taken for 0  1  2
  /// class 0:             2  1  0
  /// class 1:             0  1  1
  /// class 2:             0  0  1
  /// ```
  private static final int[] TRUTH = {0, 0, 0, 1, 1, 2};

  private static final float[] PROBABILITIES = {
    0.5f, 0.25f, 0.25f, //
    0.5f, 0.25f, 0.25f, //
    0.25f, 0.5f, 0.25f, //
    0.25f, 0.5f, 0.25f, //
    0.25f, 0.25f, 0.5f, //
    0.25f, 0.25f, 0.5f
  };

  @ParameterizedTest
  @CsvSource({
    // 4 of 6.
    "accuracy, 0.6666666666666666",
    // (2/3 + 1/2 + 1) / 3.
    "balanced_accuracy, 0.7222222222222222",
    // F1 of the classes: 4/5, 2/4, 2/3.
    "f1_macro, 0.6555555555555556",
    // The true classes have 1/2 four times and 1/4 twice: (4 ln 2 + 2 ln 4) / 6 = 4/3 ln 2.
    "log_loss, 0.9241962407465937"
  })
  void isWhatAPersonComputes(String metric, double value) {
    assertThat(Metric.named(metric).of(TRUTH, PROBABILITIES, 3)).isCloseTo(value, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({"accuracy, 0.5", "balanced_accuracy, 0.5", "f1_macro, 0.3333333333333333"})
  void classesThatDoNotOccurDoNotCount(String metric, double value) {
    // Two rows of class 0, one taken for class 1; nothing is or was taken for class 2.
    float[] probabilities = {0.6f, 0.4f, 0, 0.4f, 0.6f, 0};
    assertThat(Metric.named(metric).of(new int[] {0, 0}, probabilities, 3))
        .isCloseTo(value, within(1e-15));
  }

  @Test
  void theFirstOfEqualProbabilitiesIsThePrediction() {
    float[] equal = {0.5f, 0.5f};
    assertThat(Metric.ACCURACY.of(new int[] {0}, equal, 2)).isEqualTo(1);
    assertThat(Metric.ACCURACY.of(new int[] {1}, equal, 2)).isZero();
  }

  @Test
  void aProbabilityOfZeroCostsMuchAndNotInfinitelyMuch() {
    assertThat(Metric.LOG_LOSS.of(new int[] {1}, new float[] {1, 0}, 2))
        .isCloseTo(15 * Math.log(10), within(1e-9));
  }

  @Test
  void whatIsNotANumberGivesNone() {
    float[] probabilities = {0.5f, Float.NaN};
    for (var metric :
        new Metric[] {
          Metric.ACCURACY, Metric.BALANCED_ACCURACY, Metric.LOG_LOSS, Metric.F1_MACRO
        }) {
      assertThat(metric.of(new int[] {0}, probabilities, 2)).as(metric.key()).isNaN();
    }
  }
}
