package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.Curves;
import dev.assay.pruner.PrunerContract;
import dev.assay.pruner.Pruners;
import dev.assay.trial.Direction;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

class MedianPrunerTest extends PrunerContract {
  @Override
  protected Pruner pruner() {
    return Pruners.median();
  }

  @Test
  void theMedianDecides() {
    var five = Curves.atStepOne(1, 2, 3, 4, 5);
    assertThat(pruner().prune(9, Curves.reports(3), five, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(3.1), five, Direction.MINIMIZE)).isTrue();
    assertThat(pruner().prune(9, Curves.reports(2.9), five, Direction.MAXIMIZE)).isTrue();
    var six = Curves.atStepOne(1, 2, 3, 4, 5, 6);
    assertThat(pruner().prune(9, Curves.reports(3.5), six, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(3.6), six, Direction.MINIMIZE)).isTrue();
  }

  @Test
  void theMedianIsThatOfFiniteLosses() {
    double nan = Double.NaN;
    var half = Curves.atStepOne(1, nan, 2, nan, 3, nan, 4, nan, 5, nan, nan, nan);
    assertThat(pruner().prune(99, Curves.reports(3), half, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(99, Curves.reports(3.1), half, Direction.MINIMIZE)).isTrue();
  }

  @Test
  void theBestReportSoFarCounts() {
    var five = Curves.atStepOne(1, 2, 3, 4, 5);
    assertThat(pruner().prune(9, Curves.reports(2, 8), five, Direction.MINIMIZE)).isFalse();
  }

  @Test
  void fourCompletedTrialsAreTooFew() {
    var four = Curves.atStepOne(1, 2, 3, 4);
    assertThat(pruner().prune(9, Curves.reports(9), four, Direction.MINIMIZE)).isFalse();
  }

  @Test
  void aTrialThatSkipsAStepStandsThereWithItsLastReport() {
    var history =
        Curves.completed(
            List.of(
                Curves.every(2, 9, 1),
                Curves.every(2, 9, 1),
                Curves.every(2, 9, 1),
                Curves.every(2, 9, 1),
                Curves.every(2, 9, 1)));
    // At step 3 the others stand at 9, at step 4 at 1; at step 1 they are not known.
    assertThat(pruner().prune(9, Curves.reports(99), history, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(7, 7, 7), history, Direction.MINIMIZE)).isFalse();
    assertThat(pruner().prune(9, Curves.reports(7, 7, 7, 7), history, Direction.MINIMIZE)).isTrue();
  }

  @Test
  void theScheduleSaysWhenToLook() {
    var pruner = new MedianPruner(0, new Schedule(3, 2));
    var history = Curves.atStepOne(1, 1);
    var looks =
        java.util.stream.IntStream.rangeClosed(1, 8)
            .filter(n ->
                pruner.prune(
                    9,
                    Curves.reports(
                        java.util.stream.DoubleStream.generate(() -> 9).limit(n).toArray()),
                    history,
                    Direction.MINIMIZE))
            .toArray();
    assertThat(looks).containsExactly(3, 5, 7);
    // Steps 2, 4, 8: the first reports within [3, 5) and [7, 9).
    var skipping = List.of(report(2), report(4), report(8));
    assertThat(pruner.prune(9, skipping.subList(0, 1), history, Direction.MINIMIZE)).isFalse();
    assertThat(pruner.prune(9, skipping.subList(0, 2), history, Direction.MINIMIZE)).isTrue();
    assertThat(pruner.prune(9, skipping, history, Direction.MINIMIZE)).isTrue();
  }

  private static Report report(long step) {
    return new Report(step, List.of(9.0));
  }
}
