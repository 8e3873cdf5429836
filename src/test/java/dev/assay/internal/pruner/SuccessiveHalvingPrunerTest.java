package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.Curves;
import dev.assay.pruner.PrunerContract;
import dev.assay.pruner.Pruners;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Pruner;
import dev.assay.trial.TrialState;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuccessiveHalvingPrunerTest extends PrunerContract {
  @Override
  protected Pruner pruner() {
    return Pruners.successiveHalving(1, 4);
  }

  @Test
  void theBestQuarterGoesOn() {
    var seven = Curves.atStepOne(1, 2, 3, 4, 5, 6, 7);
    // With this trial there are 8 on the rung: 2 go on.
    assertThat(pruner().prune(9, Curves.reports(1.5), seven, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(2.5), seven, Direction.MINIMIZE)).isTrue();
    assertThat(pruner().prune(9, Curves.reports(6.5), seven, Direction.MAXIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(5.5), seven, Direction.MAXIMIZE)).isTrue();
  }

  @Test
  void onlyRungsDecide() {
    var history =
        Curves.completed(List.of(Curves.every(1, 5, 1, 1, 1, 1), Curves.every(1, 5, 1, 1, 1, 1)));
    assertThat(pruner().prune(9, Curves.reports(4, 9), history, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(4, 9, 9, 9), history, Direction.MINIMIZE)).isTrue();
  }

  @Test
  void aSkippedRungIsJudgedByTheNextReport() {
    var history =
        Curves.completed(List.of(Curves.every(3, 5, 2, 2, 2), Curves.every(3, 5, 2, 2, 2)));
    // Rung 1 is judged at step 3, rung 4 at step 6.
    assertThat(pruner().prune(9, Curves.every(3, 6), history, Direction.MINIMIZE)).isTrue();
    assertThat(pruner().prune(9, Curves.every(3, 5), history, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.every(3, 5, 3), history, Direction.MINIMIZE)).isTrue();
    assertThat(pruner().prune(9, Curves.every(3, 5, 2, 9), history, Direction.MINIMIZE)).isFalse();
  }

  @Test
  void whereTrialsEndNoneIsStopped() {
    var history = Curves.completed(List.of(Curves.reports(9, 1, 1, 1)));
    assertThat(pruner().prune(9, Curves.reports(8, 8, 8, 8), history, Direction.MINIMIZE))
        .isFalse();
  }

  @Test
  void runningPrunedAndFailedTrialsCompete() {
    var history =
        History.of(
            List.of(
                Curves.trial(0, TrialState.PRUNED, Curves.reports(3)),
                Curves.trial(1, TrialState.FAILED, Curves.reports(2))),
            List.of(
                Curves.running(2, Curves.reports(1)),
                Curves.running(3, List.of()),
                Curves.running(9, Curves.reports(9))));
    assertThat(pruner().prune(9, Curves.reports(1), history, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(1.5), history, Direction.MINIMIZE)).isTrue();
    var patient = new SuccessiveHalvingPruner(1, 4, 0, 4);
    assertThat(patient.prune(9, Curves.reports(1.5), history, Direction.MINIMIZE)).isFalse();
    var enough = new SuccessiveHalvingPruner(1, 4, 0, 3);
    assertThat(enough.prune(9, Curves.reports(1.5), history, Direction.MINIMIZE)).isTrue();
    var later = new SuccessiveHalvingPruner(1, 4, 1, 0);
    assertThat(later.prune(9, Curves.reports(1.5), history, Direction.MINIMIZE)).isFalse();
  }

  @Test
  void theLowestRungIsTheMinimumTimesTheFactorsPower() {
    var history =
        Curves.completed(
            List.of(Curves.reports(constant(100, 1)), Curves.reports(constant(100, 2))));
    var pruner = new SuccessiveHalvingPruner(2, 4, 2, 0);
    for (int steps = 1; steps <= 40; steps++) {
      assertThat(pruner.prune(9, Curves.reports(constant(steps, 3)), history, Direction.MINIMIZE))
          .as("after %d steps", steps)
          .isEqualTo(steps == 32);
    }
  }

  private static double[] constant(int steps, double value) {
    var values = new double[steps];
    Arrays.fill(values, value);
    return values;
  }
}
