package dev.assay.internal.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SignedRankTest {
  @Test
  void agreesWithScipyWhereNothingTies() {
    // scipy.stats.wilcoxon(d, method="exact"), SciPy 1.10
    var test = SignedRank.of(new double[] {1.1, -0.3, 2.5, 3.7, -1.9, 0.8, 4.2, 5.5, -0.2, 2.2});
    assertThat(test.negative()).isEqualTo(8);
    assertThat(test.p()).isCloseTo(0.048828125, within(1e-12));
  }

  @Test
  void tiesAndZerosAreExactToo() {
    // The 2^8 signs of the ranks 2 2 2 4.5 4.5 6 7 8, counted one by one.
    var test = SignedRank.of(new double[] {1, 1, -1, 2, 2, 3, -4, 0, 5});
    assertThat(test.pairs()).isEqualTo(8);
    assertThat(test.ties()).isEqualTo(1);
    assertThat(test.positive()).isEqualTo(27);
    assertThat(test.p()).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void everyPairOnOneSideIsTheSmallestP() {
    var test = SignedRank.of(new double[] {1, 2, Double.POSITIVE_INFINITY, 4, 5, 6});
    assertThat(test.p()).isCloseTo(Math.scalb(1, -5), within(1e-12));
    assertThat(test.rankBiserial()).isEqualTo(1);
  }

  @Test
  void equalRunsShowNoDifference() {
    // ∞ − ∞: two runs that found nothing.
    var test = SignedRank.of(new double[] {0, 0, Double.NaN});
    assertThat(test).isEqualTo(new SignedRank(0, 3, 0, 0, 1));
    assertThat(test.rankBiserial()).isZero();
  }

  @Test
  void theApproximationOfManyPairsContinuesTheExactOne() {
    var random = new Streams(3).stream(0, Purpose.BOOTSTRAP);
    var many = new double[201];
    Arrays.setAll(many, _ -> random.nextGaussian() + 0.1);
    var fewer = Arrays.copyOf(many, 200);
    assertThat(SignedRank.of(many).p()).isCloseTo(SignedRank.of(fewer).p(), within(0.02));
  }

  @Test
  void holmMultipliesTheSmallestMost() {
    assertThat(SignedRank.holm(new double[] {0.04, 0.01, 0.03}))
        .containsExactly(new double[] {0.06, 0.03, 0.06}, within(1e-12));
    assertThat(SignedRank.holm(new double[] {0.6, 0.7})).containsExactly(1, 1);
  }

  @Test
  void fewerPairsThanNeededCannotBeSignificant() {
    assertThat(SignedRank.pairsNeeded(1, 0.05)).isEqualTo(6);
    assertThat(SignedRank.pairsNeeded(3, 0.05)).isEqualTo(7);
    for (int comparisons = 1; comparisons <= 10; comparisons++) {
      var all = new double[SignedRank.pairsNeeded(comparisons, 0.05)];
      Arrays.setAll(all, i -> i + 1);
      assertThat(SignedRank.of(all).p() * comparisons).isLessThanOrEqualTo(0.05);
      assertThat(SignedRank.of(Arrays.copyOf(all, all.length - 1)).p() * comparisons)
          .isGreaterThan(0.05);
    }
  }
}
