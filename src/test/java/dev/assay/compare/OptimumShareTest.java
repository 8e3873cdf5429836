package dev.assay.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OptimumShareTest {
  /// Sums over all ordered draws of t of the n rows, one by one.
  private static double counted(double[] losses, int t, int used, double best, int drawn) {
    if (drawn == t) {
      return best == Double.POSITIVE_INFINITY ? 0 : losses[0] / best;
    }
    double sum = 0;
    int count = 0;
    for (int row = 0; row < losses.length; row++) {
      if ((used & 1 << row) == 0) {
        double next = Double.isNaN(losses[row]) ? best : Math.min(best, losses[row]);
        sum += counted(losses, t, used | 1 << row, next, drawn + 1);
        count++;
      }
    }
    return sum / count;
  }

  @Test
  void theClosedFormIsTheMeanOverAllOrders() {
    double nan = Double.NaN;
    var losses = new double[] {1, 1.5, 1.5, 2, 7, nan, nan};
    var expected = OptimumShare.expected(losses, 5, 7);
    for (int t = 1; t <= 7; t++) {
      assertThat(expected[t - 1])
          .as("after %d", t)
          .isCloseTo(counted(losses, t, 0, Double.POSITIVE_INFINITY, 0), within(1e-12));
    }
    assertThat(expected[6]).isEqualTo(1, within(1e-12));
  }

  @Test
  void itNeverFalls() {
    var losses = new double[4000];
    Arrays.setAll(losses, i -> 1 + i * 0.01);
    var expected = OptimumShare.expected(losses, 3600, 200);
    for (int t = 1; t < expected.length; t++) {
      assertThat(expected[t]).isGreaterThanOrEqualTo(expected[t - 1]);
    }
  }
}
