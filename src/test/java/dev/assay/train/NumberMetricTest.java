package dev.assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// Metrics of numbers, and of ranks, against values worked out by hand.
class NumberMetricTest {
  @Test
  void errorsOfNumbers() {
    float[] truth = {1, 2, 3, 6};
    float[] predicted = {1, 4, 3, 5};
    assertThat(Metric.RMSE.of(truth, predicted)).isCloseTo(Math.sqrt(5.0 / 4), within(1e-12));
    assertThat(Metric.MAE.of(truth, predicted)).isCloseTo(0.75, within(1e-12));
    assertThat(Metric.R2.of(truth, predicted)).isCloseTo(1 - 5.0 / 14, within(1e-12));
    assertThat(Metric.R2.of(new float[] {2, 2}, new float[] {2, 2})).isEqualTo(1);
    assertThat(Metric.R2.of(new float[] {2, 2}, new float[] {2, 3})).isEqualTo(0);
    assertThat(Metric.MAE.of(truth, new float[] {1, Float.NaN, 3, 5})).isNaN();
  }

  @Test
  void areaUnderTheCurve() {
    int[] truth = {0, 0, 1, 1, 1};
    float[] ofClass1 = {0.1f, 0.5f, 0.5f, 0.3f, 0.9f};
    var probabilities = new float[10];
    for (int i = 0; i < 5; i++) {
      probabilities[2 * i] = 1 - ofClass1[i];
      probabilities[2 * i + 1] = ofClass1[i];
    }
    // Of the six pairs: 0.1 is below all three; 0.5 ties with one, is above one, below one.
    assertThat(Metric.ROC_AUC.of(truth, probabilities, 2)).isCloseTo(4.5 / 6, within(1e-12));
    assertThat(Metric.ROC_AUC.of(new int[] {1, 1}, new float[4], 2)).isNaN();

    int[] three = {0, 1, 2};
    float[] perfect = {0.8f, 0.1f, 0.1f, 0.2f, 0.6f, 0.2f, 0.1f, 0.2f, 0.7f};
    assertThat(Metric.ROC_AUC.of(three, perfect, 3)).isEqualTo(1);
  }
}
