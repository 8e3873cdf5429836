package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.PrunerContract;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Pruner;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import org.junit.jupiter.api.Test;

class ForecastPrunerTest extends PrunerContract {
  @Override
  protected Pruner pruner() {
    return new ForecastPruner(0, 0.05, 1);
  }

  private static final int STEPS = 40;

  /// All curves fall alike to an end that x decides.
  private static double loss(double x, int step) {
    return x + Math.pow(0.5, step / 8.0);
  }

  /// What is stopped would have ended worse than what was there; what is better runs to its end.
  @Test
  void theEndIsForeseenFromTheConfigurationAndTheCurve() {
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    try (var study =
        Study.over(space).minimize("loss").pruner(new ForecastPruner()).seed(4).open()) {
      study.run(
          (x, trial) -> {
            for (int step = 1; step <= STEPS; step++) {
              if (trial.report(step, loss(x.number("x"), step)).prune()) {
                return Outcome.pruned();
              }
            }
            return Outcome.complete(loss(x.number("x"), STEPS));
          },
          Budget.trials(40),
          Workers.of(1));
      double best = Double.POSITIVE_INFINITY;
      int steps = 0;
      for (var trial : study.trials()) {
        double end = loss(trial.configuration().number("x"), STEPS);
        if (trial.state() == TrialState.PRUNED) {
          assertThat(end).isGreaterThan(best);
          steps += trial.reports().size();
        } else {
          best = Math.min(best, end);
        }
      }
      var pruned =
          study.trials().stream().map(TrialRecord::state).filter(TrialState.PRUNED::equals);
      assertThat(pruned.count()).isGreaterThan(10);
      assertThat(steps).isPositive();
    }
  }
}
