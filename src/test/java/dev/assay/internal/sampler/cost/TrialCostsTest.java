package dev.assay.internal.sampler.cost;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Streams;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Budget;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.Report;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TrialCostsTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("size", new FloatRange(1, 10)).build();

  private static final Budget HUNDRED = Budget.UNLIMITED.within(Duration.ofSeconds(100));

  private static SearchTask task(int batch) {
    return new SearchTask(SPACE, List.of(Objective.minimize("loss")), new Streams(1), batch);
  }

  private static TrialRecord trial(int number, double size) {
    return Trials.complete(number, new Proposal(SPACE.configuration(Map.of("size", size))), 1.0);
  }

  /// Sizes 1 to 8, each with seconds.
  private static History history(DoubleUnaryOperator seconds) {
    var trials = new ArrayList<TrialRecord>();
    for (int i = 0; i < 8; i++) {
      trials.add(Trials.lasting(seconds.applyAsDouble(i + 1), trial(i, i + 1)));
    }
    return History.of(trials, List.of());
  }

  @Test
  void thePowerIsTheShareOfTheTimeThatIsLeft() {
    var costs = TrialCosts.of(TrialCosts.AUTO, task(0));
    assertThat(costs.power(0, History.of(List.of(), List.of()).under(HUNDRED))).isEqualTo(1);
    var half = history(_ -> 6.25).under(HUNDRED);
    assertThat(costs.power(8, half)).isCloseTo(0.5, within(1e-12));
    assertThat(costs.power(8, history(_ -> 20).under(HUNDRED))).isZero();
  }

  @Test
  void whatRunsBesideSharesTheTime() {
    var pending =
        List.of(new History.Pending(8, SPACE.configuration(Map.of("size", 3.0)), List.of()));
    var two = History.of(history(_ -> 6.25).finished(), pending).under(HUNDRED);
    assertThat(TrialCosts.of(TrialCosts.AUTO, task(0)).power(9, two))
        .isCloseTo(0.75, within(1e-12));
  }

  /// Models see each run as a trial; the time was used once.
  @Test
  void theRunsOfATrialShareItsTime() {
    var reports =
        List.of(
            new Report(1, List.of(1.0)), new Report(2, List.of(2.0)), new Report(3, List.of(3.0)));
    var trial = trial(0, 4).ended(Outcome.complete(2.0), reports, Map.of(TrialRecord.RUNS, 3), 60);
    var runs = History.of(List.of(trial), List.of()).runs().under(HUNDRED);
    assertThat(runs.size()).isEqualTo(3);
    assertThat(TrialCosts.of(TrialCosts.AUTO, task(0)).power(1, runs))
        .isCloseTo(0.4, within(1e-12));
  }

  @Test
  void costsDoNotMatterUnlessTimeIsScarceOrSomebodyAsked() {
    var history = history(size -> size);
    assertThat(TrialCosts.of(TrialCosts.AUTO, task(0)).power(8, history)).isZero();
    var counted = history.under(Budget.trials(16));
    assertThat(TrialCosts.of(TrialCosts.AUTO, task(0)).power(8, counted)).isZero();
    var timed = history.under(HUNDRED);
    assertThat(TrialCosts.of(TrialCosts.NONE, task(0)).power(8, timed)).isZero();
    assertThat(TrialCosts.of(TrialCosts.AUTO, task(4)).power(8, timed)).isZero();
    assertThat(TrialCosts.of("seconds", task(4)).power(8, history)).isEqualTo(1);
    assertThat(TrialCosts.of("seconds", task(4)).power(12, counted)).isEqualTo(0.25);
  }

  @Test
  void aMetricThatNobodyReportsIsNoCost() {
    var history = history(size -> size);
    assertThat(TrialCosts.of("joules", task(0)).model(history)).isNull();
    assertThat(TrialCosts.of("seconds", task(0)).model(history)).isNotNull();
  }

  @Test
  void anObjectiveMayBeTheCost() {
    assertThat(TrialCosts.of("loss", task(0)).model(history(_ -> 1))).isNull(); // all equal
  }

  @Test
  void whatIsNotAboveZeroIsNoCost() {
    var costs = TrialCosts.of("seconds", task(0));
    assertThat(costs.model(history(_ -> 0))).isNull();
    assertThat(costs.model(history(size -> -size))).isNull();
    assertThat(costs.model(history(_ -> Double.NaN))).isNull();
    assertThat(costs.model(history(_ -> Double.POSITIVE_INFINITY))).isNull();
    // Some of them: the others are known as before.
    var model =
        requireNonNull(
            TrialCosts.of("seconds", task(0)).model(history(size -> size == 4 ? 0 : size * size)));
    var point = costs.features().of(SPACE.configuration(Map.of("size", 4.0)));
    assertThat(Math.exp(model.log(point))).isCloseTo(16, within(2.0));
  }

  /// One that was stopped ran only as long as it was let.
  @Test
  void onlyCompleteTrialsTellWhatOneCosts() {
    var complete = history(size -> size * size).under(HUNDRED);
    var trials = new ArrayList<>(complete.finished());
    for (int i = 8; i < 16; i++) {
      var stopped =
          TrialRecord.waiting(i, new Proposal(SPACE.configuration(Map.of("size", i - 7.0))))
              .ended(Outcome.pruned(), List.of(), Map.of(), 1);
      trials.add(Trials.lasting(0.001, stopped));
    }
    var costs = TrialCosts.of(TrialCosts.AUTO, task(0));
    var features = costs.features().of(SPACE.configuration(Map.of("size", 5.0)));
    double expected = requireNonNull(costs.model(complete)).log(features);
    assertThat(expected).isGreaterThan(Math.log(10));
    var all = History.of(trials, List.of()).under(HUNDRED);
    assertThat(requireNonNull(costs.model(all)).log(features)).isEqualTo(expected);
  }
}
