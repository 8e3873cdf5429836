package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Budget;
import dev.assay.trial.History;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a trial costs is heeded while there is time, and by nobody who has as many trials as he
/// wants.
class GpCostTest {
  /// Two equal basins; trials are dear at the upper one.
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();

  private static final Budget SCARCE = Budget.UNLIMITED.within(Duration.ofSeconds(2000));
  private static final int TRIALS = 16;

  private static double loss(Configuration c) {
    double x = Math.abs(c.number("x") - 0.5) - 0.3;
    double y = c.number("y") - 0.4;
    return x * x + y * y;
  }

  private static double dear(Configuration c) {
    return Math.pow(100, c.number("x"));
  }

  private static List<TrialRecord> search(
      Sampler sampler, Budget budget, ToDoubleFunction<Configuration> seconds) {
    var trials = new ArrayList<TrialRecord>();
    try (var proposer = sampler.open(Trials.task(SPACE, 1))) {
      for (int i = 0; i < TRIALS; i++) {
        var proposal =
            requireNonNull(proposer.propose(i, History.of(trials, List.of()).under(budget)));
        var trial = Trials.complete(i, proposal, loss(proposal.configuration()));
        trials.add(Trials.lasting(seconds.applyAsDouble(proposal.configuration()), trial));
      }
    }
    return trials;
  }

  private static List<Configuration> configurations(List<TrialRecord> trials) {
    return trials.stream().map(TrialRecord::configuration).toList();
  }

  private static double spent(List<TrialRecord> trials) {
    return trials.stream().mapToDouble(TrialRecord::seconds).sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gp", "auto"})
  void whatIsCheapComesFirstWhileThereIsTime(String name) {
    var sampler = Samplers.create(name, Map.of());
    var heedless = Samplers.create(name, Map.of("cost", "none"));
    double cheap = spent(search(sampler, SCARCE, GpCostTest::dear));
    double plain = spent(search(heedless, SCARCE, GpCostTest::dear));
    assertThat(cheap).isLessThan(0.7 * plain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gp", "auto"})
  void aBudgetOfTrialsKnowsNoCosts(String name) {
    var sampler = Samplers.create(name, Map.of());
    var trials = search(sampler, Budget.trials(TRIALS), GpCostTest::dear);
    var other = search(sampler, Budget.trials(TRIALS), _ -> 1);
    assertThat(configurations(trials)).isEqualTo(configurations(other));
  }

  @Test
  void trialsThatCostTheSameAreThoseOfEveryBudget() {
    var sampler = Samplers.gp();
    assertThat(configurations(search(sampler, SCARCE, _ -> 3)))
        .isEqualTo(configurations(search(sampler, Budget.UNLIMITED, _ -> 3)));
  }

  @Test
  void onceTheTimeIsUsedNothingButTheValueCounts() {
    var late = Budget.UNLIMITED.within(Duration.ofMillis(1));
    assertThat(configurations(search(Samplers.gp(), late, GpCostTest::dear)))
        .isEqualTo(configurations(search(Samplers.gp(), Budget.UNLIMITED, GpCostTest::dear)));
  }

  @Test
  void aMetricMayBeNamedUnderAnyBudget() {
    var asked = Samplers.create("gp", Map.of("cost", "seconds"));
    assertThat(spent(search(asked, Budget.UNLIMITED, GpCostTest::dear)))
        .isLessThan(0.7 * spent(search(Samplers.gp(), Budget.UNLIMITED, GpCostTest::dear)));
  }

  @Test
  void whatIsNoFactorCannotBeDivided() {
    assertThatThrownBy(() -> Samplers.create("gp", Map.of("cost", "seconds", "acquisition", "ucb")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("it cannot be divided by costs");
  }
}
