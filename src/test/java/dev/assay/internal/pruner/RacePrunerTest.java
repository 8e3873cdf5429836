package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.Curves;
import dev.assay.pruner.PrunerContract;
import dev.assay.pruner.Pruners;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Pruner;
import java.util.List;
import org.junit.jupiter.api.Test;

class RacePrunerTest extends PrunerContract {
  /// The best trial, and three that lose to it 0 and 2, -1 and 3, 1 and 3: the variances within are
  /// 2, 8 and 2, their mean is 4.
  private static final History HISTORY =
      Curves.completed(
          List.of(
              Curves.reports(10, 10),
              Curves.reports(10, 12),
              Curves.reports(9, 13),
              Curves.reports(11, 13)));

  @Override
  protected Pruner pruner() {
    return Pruners.race();
  }

  private static boolean ends(Pruner pruner, History history, double... values) {
    return pruner.prune(9, Curves.reports(values), history, Direction.MINIMIZE);
  }

  @Test
  void oneRunMustLoseSoManyStandardDeviations() {
    assertThat(ends(new RacePruner(1, 3), HISTORY, 11.99)).isFalse();
    assertThat(ends(new RacePruner(1, 3), HISTORY, 12.01)).isTrue();
    assertThat(ends(new RacePruner(), HISTORY, 13.99)).isFalse();
    assertThat(ends(new RacePruner(), HISTORY, 14.01)).isTrue();
  }

  @Test
  void theMeanOfTwoRunsMustLoseLess() {
    double error = 2 / Math.sqrt(2);
    assertThat(ends(new RacePruner(1, 3), HISTORY, 11, 10 + 2 * error - 1 - 0.01)).isFalse();
    assertThat(ends(new RacePruner(1, 3), HISTORY, 11, 10 + 2 * error - 1 + 0.01)).isTrue();
  }

  @Test
  void whatIsNotWorseGoesOn() {
    var exact =
        Curves.completed(
            List.of(
                Curves.reports(1, 1),
                Curves.reports(2, 2),
                Curves.reports(3, 3),
                Curves.reports(4, 4)));
    assertThat(ends(new RacePruner(1, 3), exact, 1)).isFalse();
    assertThat(ends(new RacePruner(1, 3), exact, 1.001)).isTrue();
    assertThat(ends(new RacePruner(1, 3), exact, 0.5)).isFalse();
  }

  @Test
  void allGoOnWhileTooFewTell() {
    var three = History.of(HISTORY.finished().subList(0, 3), List.of());
    assertThat(ends(new RacePruner(1, 3), three, 1e6)).isFalse();
    assertThat(ends(new RacePruner(1, 2), three, 1e6)).isTrue();
    assertThat(ends(new RacePruner(1, 3), Curves.completed(List.of()), 1e6)).isFalse();
  }

  @Test
  void aNewBestIsRacedAgainstFromThenOn() {
    var rule = new RacePruner(1, 3).open();
    assertThat(rule.prune(9, Curves.reports(11.5), HISTORY, Direction.MINIMIZE)).isFalse();
    var trials = new java.util.ArrayList<>(HISTORY.finished());
    trials.add(Curves.trial(4, dev.assay.trial.TrialState.COMPLETE, Curves.reports(8, 8)));
    var grown = History.of(trials, List.of());
    assertThat(rule.prune(9, Curves.reports(11.5), grown, Direction.MINIMIZE)).isTrue();
    assertThat(ends(new RacePruner(1, 3), grown, 11.5)).isTrue();
  }

  @Test
  void maximisingTurnsItRound() {
    var turned =
        Curves.completed(
            List.of(
                Curves.reports(-10, -10),
                Curves.reports(-10, -12),
                Curves.reports(-9, -13),
                Curves.reports(-11, -13)));
    var rule = new RacePruner(1, 3);
    assertThat(rule.prune(9, Curves.reports(-12.01), turned, Direction.MAXIMIZE)).isTrue();
    assertThat(rule.prune(9, Curves.reports(-11.99), turned, Direction.MAXIMIZE)).isFalse();
  }
}
