package dev.assay.internal.sampler.gp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The number that a model is given for every trial.
class ObservedLossesTest {
  private static final SearchSpace LINE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private final List<TrialRecord> trials = new ArrayList<>();

  private void add(
      TrialState state,
      @Nullable Cause cause,
      List<Report> reports,
      List<Double> values,
      List<Double> constraints) {
    var configuration = LINE.fromCodes(new double[] {trials.size() / 100.0});
    trials.add(
        new TrialRecord(
            trials.size(),
            state,
            configuration,
            Map.of(),
            reports,
            values,
            constraints,
            cause,
            "",
            Map.of(),
            1,
            1,
            0));
  }

  private void complete(double... values) {
    for (double value : values) {
      add(TrialState.COMPLETE, null, List.of(), List.of(value), List.of());
    }
  }

  private void pruned(double... reported) {
    var reports = new ArrayList<Report>();
    for (double value : reported) {
      reports.add(new Report(reports.size() + 1, List.of(value)));
    }
    add(TrialState.PRUNED, null, reports, List.of(), List.of());
  }

  private void failed(Cause cause) {
    add(TrialState.FAILED, cause, List.of(), List.of(), List.of());
  }

  private ObservedLosses observed(Objective objective) {
    return ObservedLosses.of(History.of(trials, List.of()), List.of(objective));
  }

  /// Its last value, between the median of the complete ones and the worst of them.
  @Test
  void aPrunedTrialIsNoBetterThanTheMedian() {
    complete(1, 2, 3, 4, 5);
    pruned(9, 3.5);
    pruned(0.5);
    pruned(70);
    pruned();
    pruned(Double.NaN);
    var observed = observed(Objective.minimize("loss"));
    assertThat(observed.losses()[0]).containsExactly(1, 2, 3, 4, 5, 3.5, 3, 5, 3, 3);
    assertThat(observed.completed()).isEqualTo(5);
    assertThat(observed.best(2).getFirst().number("x")).isEqualTo(0);
  }

  @Test
  void whatIsMaximisedIsTurnedRoundAndSoAreReports() {
    complete(1, 2, 3, 4, 5);
    pruned(2.5);
    pruned(6);
    pruned(-6);
    assertThat(observed(Objective.maximize("gain")).losses()[0])
        .containsExactly(-1, -2, -3, -4, -5, -2.5, -3, -1);
  }

  /// Worth avoiding, no cliff.
  @Test
  void aFailedTrialCountsWithTheUpperQuartile() {
    complete(1, 2, 3, 4, 5, 6, 7, 800);
    failed(Cause.ERROR);
    assertThat(observed(Objective.minimize("loss")).losses()[0][8]).isEqualTo(7);
  }

  @Test
  void whereNothingIsCompleteAllAreAlike() {
    pruned(4);
    failed(Cause.ERROR);
    var observed = observed(Objective.minimize("loss"));
    assertThat(observed.losses()[0]).containsExactly(0, 0);
    assertThat(observed.completed()).isZero();
  }

  private void constrained(Double... excesses) {
    add(TrialState.COMPLETE, null, List.of(), List.of(1.0), List.of(excesses));
  }

  /// What is not known of a trial is the median of the others; what is known of none is left out.
  @Test
  void excessesThatAreNotKnownAreTheMedian() {
    constrained(-1.0, Double.NaN);
    constrained(2.0, Double.NaN);
    constrained(5.0, Double.NaN);
    constrained(Double.NaN, Double.NaN);
    failed(Cause.ERROR);
    var history = History.of(trials, List.of());
    assertThat(ObservedLosses.excesses(history, 2)).hasDimensions(1, 5);
    assertThat(ObservedLosses.excesses(history, 2)[0]).containsExactly(-1, 2, 5, 2, 2);
  }

  /// A constraint more: that a trial brings a value, which is broken where it failed by itself.
  @Test
  void failuresAreAConstraintMore() {
    constrained(-1.0);
    failed(Cause.LOST);
    var history = History.of(trials, List.of());
    assertThat(ObservedLosses.excessesAndFailures(history, 1)).hasDimensions(1, 2);
    failed(Cause.ERROR);
    history = History.of(trials, List.of());
    var all = ObservedLosses.excessesAndFailures(history, 1);
    assertThat(all).hasDimensions(2, 3);
    assertThat(all[1]).containsExactly(-0.5, -0.5, 0.5);
  }
}
