package dev.assay.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.study.Direction;
import dev.assay.study.History;
import dev.assay.study.Pruner;
import dev.assay.study.TrialState;
import java.util.ArrayList;
import java.util.List;
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

  /// The rule must not judge by those alone whom it let live.
  @Test
  void stoppedTrialsCountWhereTheyCame() {
    var trials = new ArrayList<>(Curves.atStepOne(1, 1, 1, 1, 1).finished());
    for (int number = 5; number < 30; number++) {
      trials.add(Curves.trial(number, TrialState.PRUNED, Curves.reports(3)));
    }
    var history = History.of(trials, List.of());
    assertThat(pruner().prune(99, Curves.reports(2), history, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(99, Curves.reports(2, 2), history, Direction.MINIMIZE)).isTrue();
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
