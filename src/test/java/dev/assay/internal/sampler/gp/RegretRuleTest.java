package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class RegretRuleTest {
  private static final int MOST = 150;

  private static SearchSpace space(int d) {
    var builder = SearchSpace.builder();
    for (int j = 0; j < d; j++) {
      builder.add("x" + j, new FloatRange(-1, 1));
    }
    return builder.build();
  }

  /// @param f from a configuration and a standard normal number
  private static Result run(
      int d, double sign, RegretRule rule, ToDoubleBiFunction<Configuration, Double> f) {
    var builder = Study.over(space(d)).sampler(Samplers.random()).stopWhen(rule).batch(10).seed(3);
    try (var study = (sign > 0 ? builder.minimize("y") : builder.maximize("y")).open()) {
      var result =
          study.run(
              (x, trial) -> {
                double noise = new Philox(trial.seed(), 0).nextGaussian();
                return Outcome.complete(sign * f.applyAsDouble(x, noise));
              },
              Budget.trials(MOST));
      assertThat(study.trials().size())
          .isLessThanOrEqualTo(MOST)
          .isGreaterThanOrEqualTo(RegretRule.FIRST);
      return result;
    }
  }

  /// A shallow bowl under noise larger than the bowl is deep: there is little to gain.
  @Test
  void aSearchEndsWhenTheNoiseIsAllThatIsLeft() {
    for (double sign : new double[] {1, -1}) {
      var result =
          run(
              1,
              sign,
              new RegretRule(null),
              (x, noise) -> 0.2 * Math.pow(x.number("x0"), 2) + 0.3 * noise);
      assertThat(result.reason()).isEqualTo(StopReason.STOPPING_RULE);
    }
  }

  /// A smooth bowl without noise is known well after twenty trials, to a tenth but not to 1e-9.
  @Test
  void theRegretIsInUnitsOfTheObjective() {
    ToDoubleBiFunction<Configuration, Double> bowl =
        (x, _) -> 100 * Math.pow(x.number("x0") - 0.3, 2);
    assertThat(run(1, 1, new RegretRule(10.0), bowl).reason()).isEqualTo(StopReason.STOPPING_RULE);
    assertThat(run(1, 1, new RegretRule(1e-9), bowl).reason()).isEqualTo(StopReason.TRIALS);
  }

  /// Twenty random points of a rugged function in four dimensions tell nobody where its best is.
  @Test
  void aSearchThatKnowsLittleGoesOn() {
    var result =
        run(
            4,
            1,
            new RegretRule(0.5),
            (x, _) -> {
              double sum = 0;
              for (int j = 0; j < 4; j++) {
                double v = 3 * x.number("x" + j);
                sum += 10 + v * v - 10 * Math.cos(2 * Math.PI * v);
              }
              return sum;
            });
    assertThat(result.reason()).isEqualTo(StopReason.TRIALS);
  }

  /// What is known of a rising line at 0 to 19 under noise.
  private static RegretRule.Estimate estimate(int last, double scale) {
    var space = SearchSpace.builder().add("x", new IntRange(0, last)).build();
    var random = new Philox(5, 0);
    var trials = new ArrayList<TrialRecord>();
    for (int x = 0; x < 20; x++) {
      var value = Outcome.complete(scale * (x + 0.5 * random.nextGaussian()));
      trials.add(
          TrialRecord.waiting(x, new Proposal(space.configuration(Map.of("x", x))))
              .ended(value, List.of(), Map.of(), 1));
    }
    return requireNonNull(RegretRule.estimate(space, List.of(Objective.minimize("y")), trials));
  }

  /// Noise stays, in units of the objective.
  @Test
  void whereNothingIsLeftToTryThereIsNoRegret() {
    var estimate = estimate(19, 1);
    var large = estimate(19, 1000);
    assertThat(estimate.regret()).isZero();
    assertThat(estimate.noise()).isPositive();
    assertThat(large.noise()).isCloseTo(1000 * estimate.noise(), withinPercentage(1));
  }

  /// What is left is the worst of all: in doubt is which of those that were tried is the best.
  @Test
  void trialsThemselvesMayBeBetterThanTheyLooked() {
    var estimate = estimate(20, 1);
    var large = estimate(20, 1000);
    assertThat(estimate.regret()).isBetween(0.01, 5.0);
    assertThat(large.regret()).isCloseTo(1000 * estimate.regret(), withinPercentage(1));
  }

  @Test
  void aRegretIsPositive() {
    assertThatThrownBy(() -> new RegretRule(0.0)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> new RegretRule(Double.NaN)).isInstanceOf(Problem.class);
  }
}
