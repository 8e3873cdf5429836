package dev.assay.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.study.Direction;
import dev.assay.study.Pruner;
import dev.assay.study.Report;
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
