package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.Curves;
import dev.assay.pruner.PrunerContract;
import dev.assay.pruner.Pruners;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

class AshaPrunerTest extends PrunerContract {
  @Override
  protected Pruner pruner() {
    return Pruners.asha(1, 27, 3);
  }

  @Test
  void theBestThirdGoesOn() {
    var four = Curves.atStepOne(1, 2, 3, 4);
    // The third of 1, 2, 3, 4 lies at 2.
    assertThat(pruner().prune(9, Curves.reports(2), four, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(2.01), four, Direction.MINIMIZE)).isTrue();
    assertThat(pruner().prune(9, Curves.reports(3), four, Direction.MAXIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(2.99), four, Direction.MAXIMIZE)).isTrue();
  }

  /// What runs counts as soon as it is on the rung; the trial itself and what diverges do not.
  @Test
  void runningTrialsCompete() {
    var finished = Curves.atStepOne(3, 4).finished();
    var pending =
        List.of(
            Curves.running(2, Curves.reports(1, 1)),
            Curves.running(3, Curves.reports(2)),
            Curves.running(4, List.of()),
            Curves.running(5, Curves.reports(Double.NaN)),
            Curves.running(9, Curves.reports(0.5)));
    // The third of 1, 2, 3, 4 lies at 2, that of 3 and 4 at 3.33.
    var both = History.of(finished, pending);
    assertThat(pruner().prune(9, Curves.reports(2), both, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(2.01), both, Direction.MINIMIZE)).isTrue();
    var alone = History.of(finished, List.of());
    assertThat(pruner().prune(9, Curves.reports(3.33), alone, Direction.MINIMIZE)).isFalse();
    // The third of 1 and 2 lies at 1.33.
    var running = History.of(List.of(), pending);
    assertThat(pruner().prune(9, Curves.reports(1.33), running, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(1.34), running, Direction.MINIMIZE)).isTrue();
    // Nobody else is there.
    var itself = History.of(List.of(), pending.subList(2, 5));
    assertThat(pruner().prune(9, Curves.reports(9), itself, Direction.MINIMIZE)).isFalse();
  }

  @Test
  void theQuantileIsThatOfFiniteLosses() {
    double nan = Double.NaN;
    var four = Curves.atStepOne(nan, 1, nan, 2, nan, 3, nan, 4, nan, nan);
    assertThat(pruner().prune(99, Curves.reports(2), four, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(99, Curves.reports(2.01), four, Direction.MINIMIZE)).isTrue();
  }

  @Test
  void thereIsNoRungAtTheEnd() {
    var history = Curves.completed(List.of(Curves.every(27, 1)));
    assertThat(pruner().prune(9, Curves.every(27, 5), history, Direction.MINIMIZE)).isTrue();
    var long27 = List.of(new Report(9, List.of(0.0)), new Report(27, List.of(5.0)));
    assertThat(pruner().prune(9, long27, history, Direction.MINIMIZE)).isFalse();
  }
}
