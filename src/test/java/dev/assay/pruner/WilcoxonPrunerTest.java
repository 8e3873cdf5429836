package dev.assay.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.trial.Direction;
import dev.assay.trial.Pruner;
import java.util.List;
import org.junit.jupiter.api.Test;

class WilcoxonPrunerTest extends PrunerContract {
  @Override
  protected Pruner pruner() {
    return Pruners.wilcoxon(0.1);
  }

  @Test
  void theTestIsExact() {
    // All 5 positive: 1/32. Ranks 1 to 4 with the smallest negative: sums 9 and 10 of 16 outcomes.
    assertThat(SignedRank.pValue(new double[] {1, 2, 3, 4, 5})).isEqualTo(1.0 / 32);
    assertThat(SignedRank.pValue(new double[] {-1, 2, 3, 4})).isEqualTo(2.0 / 16);
    assertThat(SignedRank.pValue(new double[] {-1, -2, -3})).isEqualTo(1);
    // Zeros are left out; equals share ranks 1.5, 1.5, 3: a sum of 4.5 or more has 3 of 8 outcomes.
    assertThat(SignedRank.pValue(new double[] {0, -1, 1, 2})).isEqualTo(3.0 / 8);
  }

  @Test
  void manyDifferencesAreNearlyNormal() {
    var fifty = new double[50];
    var more = new double[51];
    for (int i = 0; i < 51; i++) {
      double difference = i % 3 == 0 ? -i - 1 : i + 1;
      if (i < 50) {
        fifty[i] = difference;
      }
      more[i] = difference;
    }
    assertThat(SignedRank.pValue(more))
        .isCloseTo(SignedRank.pValue(fifty), org.assertj.core.data.Offset.offset(0.02));
  }

  @Test
  void theBestTrialIsTheMeasure() {
    var history =
        Curves.completed(List.of(Curves.reports(9, 9, 9, 9, 9), Curves.reports(1, 2, 1, 2, 1)));
    // One-sided p is 1/8 after three steps, 1/16 after four.
    assertThat(pruner().prune(9, Curves.reports(2, 4, 4), history, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(2, 4, 4, 6), history, Direction.MINIMIZE)).isTrue();
    assertThat(pruner().prune(9, Curves.every(3, 2, 4, 4, 6), history, Direction.MINIMIZE))
        .isFalse();
  }
}
