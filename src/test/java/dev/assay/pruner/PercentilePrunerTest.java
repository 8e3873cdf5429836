package dev.assay.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.study.Direction;
import dev.assay.study.Pruner;
import org.junit.jupiter.api.Test;

class PercentilePrunerTest extends PrunerContract {
  @Override
  Pruner pruner() {
    return Pruners.percentile(25);
  }

  @Test
  void aQuarterOfTheTrialsGoesOn() {
    var five = Curves.atStepOne(1, 2, 3, 4, 5);
    assertThat(pruner().prune(9, Curves.reports(2), five, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(2.1), five, Direction.MINIMIZE)).isTrue();
    assertThat(pruner().prune(9, Curves.reports(4), five, Direction.MAXIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(3.9), five, Direction.MAXIMIZE)).isTrue();
  }

  @Test
  void percentilesAreInterpolated() {
    assertThat(Percentiles.of(new double[] {4, 1, 3, 2}, 25)).isEqualTo(1.75);
    assertThat(Percentiles.of(new double[] {4, 1, 3, 2}, 100)).isEqualTo(4);
    assertThat(Percentiles.of(new double[] {7}, 30)).isEqualTo(7);
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(Percentiles.of(new double[] {1, infinity, infinity}, 75)).isEqualTo(infinity);
  }
}
