package dev.assay.run.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.Pruners;
import dev.assay.sampler.Samplers;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Report;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A recorded table as an objective: reports, costs, and the simulated clock.
class TableRunnerTest extends TableRunnerCase {
  private static double simulated(TrialRecord trial, String key) {
    var timeline =
        (Map<?, ?>) java.util.Objects.requireNonNull(trial.attributes().get("simulated"));
    return ((Number) java.util.Objects.requireNonNull(timeline.get(key))).doubleValue();
  }

  @Test
  void curvesAreReportsAndCostsPassOnTheClock() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.1, "relu", 0.001, "relu")) {
      var result = runner(table).run(study, Budget.trials(2), 1);
      var first = study.trials().get(0);
      assertThat(first.reports())
          .containsExactly(
              new Report(1, List.of(0.8)),
              new Report(2, List.of(0.5)),
              new Report(3, List.of(0.4)));
      assertThat(first.values()).containsExactly(0.4);
      assertThat(simulated(first, "end")).isEqualTo(3);
      assertThat(simulated(study.trials().get(1), "start")).isEqualTo(3);
      assertThat(simulated(study.trials().get(1), "end")).isEqualTo(33);
      assertThat(result.reason()).isEqualTo(StopReason.TRIALS);
      assertThat(study.facts().get(TableRunner.FACT))
          .isEqualTo(Map.of("time", 33.0, "unit", "seconds", "workers", 1));
    }
  }

  /// Two workers: the short run's worker takes the third trial at 3 s and is done at 8 s.
  @Test
  void workersRunSideBySide() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.001, "relu", 0.1, "relu", 0.1, "tanh")) {
      runner(table).run(study, Budget.trials(3), 2);
      var trials = study.trials();
      assertThat(trials)
          .extracting(trial -> simulated(trial, "start"))
          .containsExactly(0.0, 0.0, 3.0);
      assertThat(trials)
          .extracting(trial -> simulated(trial, "end"))
          .containsExactly(30.0, 3.0, 8.0);
      assertThat(trials)
          .extracting(trial -> simulated(trial, "worker"))
          .containsExactly(0.0, 1.0, 1.0);
    }
  }

  /// A batch waits for its slowest member.
  @Test
  void batchesWait() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 2, 0.001, "relu", 0.1, "relu")) {
      runner(table).run(study, Budget.trials(4), 2);
      assertThat(study.trials())
          .extracting(trial -> simulated(trial, "start"))
          .containsExactly(0.0, 0.0, 30.0, 30.0);
    }
  }

  @Test
  void aRowThatDivergedFailsAtItsLastPoint() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.001, "tanh")) {
      runner(table).run(study, Budget.trials(1), 1);
      var trial = study.trials().getFirst();
      assertThat(trial.cause()).isEqualTo(Cause.DIVERGED);
      assertThat(trial.reports()).hasSize(1);
      assertThat(simulated(trial, "end")).isEqualTo(10);
    }
  }

  @Test
  void aShortCurveEndsWithItsLastValue() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.1, "tanh")) {
      runner(table).run(study, Budget.trials(1), 1);
      assertThat(study.trials().getFirst().values()).containsExactly(0.6);
    }
  }

  /// Distances are those of logarithms; the row that was taken is said.
  @Test
  void aSampleGivesTheNearestRow() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.02, "relu", 0.002, "relu")) {
      runner(table).run(study, Budget.trials(2), 1);
      assertThat(study.trials())
          .extracting(trial -> trial.attributes().get("row"))
          .containsExactly(1, 0);
      assertThat(study.trials().getFirst().attributes().get("row_parameters"))
          .isEqualTo(Map.of("lr", 0.1, "act", "relu"));
      assertThat(runner(table).describe()).containsEntry("match", "nearest row");
    }
  }

  /// Nothing but rows is proposed, so that whoever is right finds what the row says.
  @Test
  void aSampleProposesEachOfItsRowsOnce() {
    var table = table(CURVES, CURVES_JSON);
    try (var study =
        Study.over(table.space())
            .minimize("loss")
            .sampler(Samplers.random())
            .start(Map.of("lr", 0.02, "act", "relu"))
            .open()) {
      var result = runner(table).run(study, Budget.trials(100), 1);
      assertThat(result.reason()).isEqualTo(StopReason.SPACE_EXHAUSTED);
      // What start asked for is no row; the others are the rows, by their own values.
      assertThat(study.trials().stream().skip(1).map(trial -> trial.attributes().get("row")))
          .hasSize(table.rows())
          .doesNotHaveDuplicates();
      for (var trial : study.trials().subList(1, study.trials().size())) {
        assertThat(trial.attributes().get("row_parameters"))
            .isEqualTo(trial.configuration().values());
      }
    }
  }

  @Test
  void prunedRunsFreeTheirWorkerAtOnce() {
    var table = table(CURVES, CURVES_JSON);
    try (var study =
        Study.over(table.space())
            .minimize("loss")
            .sampler(Samplers.random())
            .pruner(Pruners.threshold(0, 0.85))
            .start(Map.of("lr", 0.001, "act", "relu"))
            .open()) {
      runner(table).run(study, Budget.trials(1), 1);
      var trial = study.trials().getFirst();
      assertThat(trial.state()).isEqualTo(TrialState.PRUNED);
      assertThat(simulated(trial, "end")).isEqualTo(10);
    }
  }

  @Test
  void aTimeBudgetCountsSimulatedTime() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.1, "relu", 0.001, "relu", 0.1, "relu")) {
      var result = runner(table).run(study, Budget.UNLIMITED.within(Duration.ofSeconds(20)), 1);
      assertThat(result.reason()).isEqualTo(StopReason.TIME);
      // The one under way at 20 s is let finish.
      assertThat(study.trials().stream().filter(trial -> trial.state() == TrialState.COMPLETE))
          .hasSize(2);
    }
  }

  @Test
  void anInterruptedReplayGivesItsTrialsBack() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0)) {
      Thread.currentThread().interrupt();
      var result = runner(table).run(study, Budget.trials(5), 2);
      assertThat(result.reason()).isEqualTo(StopReason.INTERRUPTED);
      assertThat(study.count(TrialState.WAITING)).isEqualTo(2);
      assertThat(runner(table).run(study, Budget.trials(5), 2).reason())
          .isEqualTo(StopReason.TRIALS);
      assertThat(study.trials()).hasSize(5);
    }
  }
}
