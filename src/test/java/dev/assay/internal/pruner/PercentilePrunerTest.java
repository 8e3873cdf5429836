package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.Curves;
import dev.assay.pruner.PrunerContract;
import dev.assay.pruner.Pruners;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Pruner;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PercentilePrunerTest extends PrunerContract {
  @Override
  protected Pruner pruner() {
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

  /// A completed trial that ended early counts at later steps with what it had.
  @Test
  void completedTrialsCountBeyondTheirEnd() {
    var five =
        Curves.completed(
            List.of(
                Curves.reports(1),
                Curves.reports(2),
                Curves.reports(3),
                Curves.reports(4),
                Curves.reports(5)));
    assertThat(pruner().prune(9, Curves.reports(9, 9, 2.1), five, Direction.MINIMIZE)).isTrue();
    assertThat(pruner().prune(9, Curves.reports(9, 9, 2), five, Direction.MINIMIZE)).isFalse();
  }

  @Test
  void percentilesAreInterpolated() {
    assertThat(percentile(25, 4, 1, 3, 2)).isEqualTo(1.75);
    assertThat(percentile(100, 4, 1, 3, 2)).isEqualTo(4);
    assertThat(percentile(30, 7)).isEqualTo(7);
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(percentile(75, 1, infinity, infinity)).isEqualTo(infinity);
  }

  /// However many of the losses are of trials under way.
  private static double percentile(double percent, double... losses) {
    var results = new HashSet<Double>();
    for (int finished = 0; finished <= losses.length; finished++) {
      var ordered = new OrderedLosses();
      Arrays.stream(losses, 0, finished).forEach(ordered::add);
      var more = Arrays.copyOfRange(losses, finished, losses.length);
      Arrays.sort(more);
      results.add(Percentiles.of(ordered, more, percent));
    }
    assertThat(results).hasSize(1);
    return results.iterator().next();
  }
}
