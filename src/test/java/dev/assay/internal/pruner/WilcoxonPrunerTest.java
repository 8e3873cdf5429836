package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.assay.internal.statistics.SignedRank;
import dev.assay.pruner.Curves;
import dev.assay.pruner.PrunerContract;
import dev.assay.pruner.Pruners;
import dev.assay.trial.Direction;
import dev.assay.trial.Pruner;
import java.util.Arrays;
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
    assertThat(SignedRank.greater(new double[] {1, 2, 3, 4, 5})).isEqualTo(1.0 / 32);
    assertThat(SignedRank.greater(new double[] {-1, 2, 3, 4})).isEqualTo(2.0 / 16);
    assertThat(SignedRank.greater(new double[] {-1, -2, -3})).isEqualTo(1);
    // Zeros are left out; equals share ranks 1.5, 1.5, 3: a sum of 4.5 or more has 3 of 8 outcomes.
    assertThat(SignedRank.greater(new double[] {0, -1, 1, 2})).isEqualTo(3.0 / 8);
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
    assertThat(SignedRank.greater(more))
        .isCloseTo(SignedRank.greater(fifty), org.assertj.core.data.Offset.offset(0.02));
  }

  /// Beyond 50 the exact distribution, counted here by sums of ranks 1 to n.
  @Test
  void theNormalDistributionIsCorrectedForContinuity() {
    int n = 60;
    var sums = new double[n * (n + 1) / 2 + 1];
    sums[0] = 1;
    for (int rank = 1; rank <= n; rank++) {
      for (int s = sums.length - 1; s >= 0; s--) {
        sums[s] = sums[s] / 2 + (s >= rank ? sums[s - rank] / 2 : 0);
      }
    }
    // Where signs are even: farther out the normal distribution's own error is as large.
    for (int flipped = 1; flipped <= 9; flipped += 4) {
      var differences = new double[n];
      int positive = 0;
      for (int rank = 1; rank <= n; rank++) {
        boolean above = rank % 4 < 2 && rank != flipped;
        differences[rank - 1] = above ? rank : -rank;
        positive += above ? rank : 0;
      }
      double exact = Arrays.stream(sums, positive, sums.length).sum();
      assertThat(SignedRank.greater(differences)).isCloseTo(exact, offset(4e-4));
    }
  }

  /// One step was so much better that the mean is: eight others that were a little worse stop
  /// nothing, though of their ranks' signs 5 % are as uneven.
  @Test
  void aTrialThatIsBetterOnAverageGoesOn() {
    var best = Curves.completed(List.of(Curves.reports(1, 1, 1, 1, 1, 1, 1, 1, 100)));
    var worse = Curves.reports(2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8, 0);
    assertThat(SignedRank.greater(new double[] {1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, -100}))
        .isLessThan(0.1);
    assertThat(pruner().prune(9, worse, best, Direction.MINIMIZE)).isFalse();
    var also = Curves.completed(List.of(Curves.reports(1, 1, 1, 1, 1, 1, 1, 1, 2)));
    assertThat(pruner().prune(9, worse, also, Direction.MINIMIZE)).isTrue();
  }

  @Test
  void noTestIsMadeBeforeEnoughStepsAreShared() {
    var best = Curves.completed(List.of(Curves.reports(1, 1, 1, 1)));
    var pruner = new WilcoxonPruner(0.6, 3);
    assertThat(pruner.prune(9, Curves.reports(2, 3), best, Direction.MINIMIZE)).isFalse();
    assertThat(pruner.prune(9, Curves.reports(2, 3, 4), best, Direction.MINIMIZE)).isTrue();
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
