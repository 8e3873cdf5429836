package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.Curves;
import dev.assay.pruner.PrunerContract;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Pruner;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HyperbandPrunerTest extends PrunerContract {
  @Override
  protected Pruner pruner() {
    return new HyperbandPruner(1, 30, 3);
  }

  /// Trial 99 of the contract must not be in the bracket that never stops one.
  @Test
  void theContractTestsABracketThatStops() {
    var pruner = new HyperbandPruner(1, 30, 3);
    assertThat(pruner.bracket(99, pruner.brackets(30))).isPositive();
  }

  @Test
  void bracketsHoldTheirShareOfTheTrials() {
    var pruner = new HyperbandPruner(1, 27, 3);
    assertThat(pruner.brackets(27)).isEqualTo(4);
    var counts = new int[4];
    for (int t = 0; t < 490; t++) {
      counts[pruner.bracket(t, 4)]++;
    }
    // A trial costs 27; 9 + 18/3; 3 + 6/3 + 18/9; 1 + 2/3 + 6/9 + 18/27 steps on average.
    double[] costs = {27, 15, 7, 3};
    double total = 1 / 27.0 + 1 / 15.0 + 1 / 7.0 + 1 / 3.0;
    for (int s = 0; s < 4; s++) {
      assertThat(counts[s] / 490.0)
          .isCloseTo(1 / costs[s] / total, org.assertj.core.data.Offset.offset(0.01));
    }
  }

  @Test
  void trialsCompeteWithinTheirBracket() {
    var pruner = new HyperbandPruner(1, 27, 3);
    int own = numberIn(3, 100);
    var better = Curves.reports(1);
    var same =
        History.of(List.of(Curves.trial(numberIn(3, 0), TrialState.PRUNED, better)), List.of());
    var other =
        History.of(List.of(Curves.trial(numberIn(2, 0), TrialState.PRUNED, better)), List.of());
    assertThat(pruner.prune(own, Curves.reports(2), same, Direction.MINIMIZE)).isTrue();
    assertThat(pruner.prune(own, Curves.reports(2), other, Direction.MINIMIZE)).isFalse();
  }

  @Test
  void aBracketsFirstRungIsWhereItsBudgetSays() {
    var pruner = new HyperbandPruner(1, 27, 3);
    var better =
        History.of(
            List.of(Curves.trial(numberIn(2, 0), TrialState.PRUNED, Curves.reports(1, 1, 1))),
            List.of());
    int own = numberIn(2, 100);
    assertThat(pruner.prune(own, Curves.reports(2), better, Direction.MINIMIZE)).isFalse();
    assertThat(pruner.prune(own, Curves.reports(2, 2, 2), better, Direction.MINIMIZE)).isTrue();
  }

  /// Where trials end is seen from those that were completed: a longer one makes other brackets,
  /// and whoever stood in the old ones stands anew.
  @Test
  void aLongerTrialMakesBracketsAnew() {
    var pruner = new HyperbandPruner(1, 0, 3);
    var rule = pruner.open();
    var trials = new ArrayList<TrialRecord>();
    for (int number = 0; number < 60; number++) {
      var curve = new double[number < 30 ? 9 : 27];
      Arrays.fill(curve, number * 7 % 60);
      trials.add(Curves.trial(number, TrialState.COMPLETE, Curves.reports(curve)));
      var history = History.of(trials, List.of());
      for (int own = 100; own < 130; own++) {
        for (int steps : new int[] {1, 3, 9}) {
          var reports = Curves.reports(Arrays.copyOf(constant(own * 13 % 60 / 2.0), steps));
          assertThat(rule.prune(own, reports, history, Direction.MINIMIZE))
              .as("trial %d after %d steps, %d finished", own, steps, number + 1)
              .isEqualTo(pruner.prune(own, reports, history, Direction.MINIMIZE));
        }
      }
    }
  }

  /// Trials end where the longest completed one did, whatever ended after it: at step 9 of 27 a
  /// trial is judged, at the last of 9 there is nothing to save.
  @Test
  void aShorterTrialAfterALongOneChangesNoBracket() {
    var pruner = new HyperbandPruner(1, 0, 3);
    var longest = new double[27];
    Arrays.fill(longest, 1);
    var trials =
        List.of(
            Curves.trial(numberIn(3, 0), TrialState.COMPLETE, Curves.reports(longest)),
            Curves.trial(numberIn(0, 0), TrialState.COMPLETE, Curves.reports(constant(3))));
    int own = numberIn(3, 100);
    var reports = Curves.reports(constant(2));
    assertThat(pruner.prune(own, reports, History.of(trials, List.of()), Direction.MINIMIZE))
        .isTrue();
    var shortOnes = History.of(trials.subList(1, 2), List.of());
    assertThat(pruner.prune(own, reports, shortOnes, Direction.MINIMIZE)).isFalse();
  }

  private static double[] constant(double value) {
    var values = new double[9];
    Arrays.fill(values, value);
    return values;
  }

  private static int numberIn(int bracket, int from) {
    var pruner = new HyperbandPruner(1, 27, 3);
    int number = from;
    while (pruner.bracket(number, 4) != bracket) {
      number++;
    }
    return number;
  }
}
