package dev.assay.internal.sampler.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
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

  @Test
  void aRegretIsPositive() {
    assertThatThrownBy(() -> new RegretRule(0.0)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> new RegretRule(Double.NaN)).isInstanceOf(Problem.class);
  }
}
