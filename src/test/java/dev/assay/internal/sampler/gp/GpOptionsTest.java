package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.engine.Box;
import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import dev.assay.random.Streams;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Proposal;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every option of `gp` changes what is proposed, or is refused when the study starts, whatever is
/// searched.
class GpOptionsTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("x", new FloatRange(0, 1))
          .add("y", new FloatRange(0, 1))
          .add("z", new FloatRange(0, 1))
          .build();

  private static final List<Map<String, Object>> OPTIONS =
      List.of(
          Map.of("model", "single"),
          Map.of("model", "average"),
          Map.of("kernel", "matern32"),
          Map.of("kernel", "rbf"),
          Map.of("kernel", "rational_quadratic"),
          Map.of("kernel", "additive"),
          Map.of("acquisition", "ei"),
          Map.of("acquisition", "pi"),
          Map.of("acquisition", "ucb"),
          Map.of("acquisition", "ucb", "kappa", 0.3),
          Map.of("acquisition", "thompson"),
          Map.of("priors", "optuna"),
          Map.of("noise", 0.2),
          Map.of("noisy", "yes"),
          Map.of("trust_region", "always"),
          Map.of("candidates", 64));

  /// What is searched.
  enum Sought {
    ONE(1, false),
    BOUNDED(1, true),
    TWO(2, false),
    TWO_BOUNDED(2, true),
    FOUR(4, false);

    final SearchTask task;

    Sought(int objectives, boolean bounded) {
      var list = new ArrayList<Objective>();
      for (int k = 0; k < objectives; k++) {
        list.add(Objective.minimize("f" + k));
      }
      var bounds =
          bounded ? List.of(OutcomeConstraint.parse("load <= 1")) : List.<OutcomeConstraint>of();
      task = new SearchTask(SPACE, list, bounds, new Streams(3), 0);
    }

    /// The default's own name is no change: `single` for several objectives. The same argument that
    /// maximises EI maximises its logarithm.
    boolean changesNothing(Map<String, Object> options) {
      boolean factor = options.equals(Map.of("acquisition", "ei"));
      return task.objectives().size() > 1
          ? options.equals(Map.of("model", "single"))
          : options.equals(Map.of("model", "average")) || factor;
    }
  }

  private static History history(SearchTask task) {
    var random = new Philox(5, 0);
    var trials = new ArrayList<TrialRecord>();
    for (int t = 0; t < 16; t++) {
      var c = SPACE.draw(random);
      var values = new double[task.objectives().size()];
      for (int k = 0; k < values.length; k++) {
        values[k] = loss(c, k) + 0.05 * random.nextGaussian();
      }
      double load = c.number("x") + c.number("y") + c.number("z");
      var trial = measured(Trials.complete(t, new Proposal(c), values), Map.of("load", load));
      trials.add(trial.under(task.constraints(), task.objectives()));
    }
    return History.of(trials, List.of());
  }

  private static TrialRecord measured(TrialRecord t, Map<String, Object> attributes) {
    return new TrialRecord(
        t.number(),
        t.state(),
        t.configuration(),
        t.notes(),
        t.reports(),
        t.values(),
        t.cause(),
        t.detail(),
        new LinkedHashMap<>(attributes),
        t.startedMillis(),
        t.seconds(),
        t.restarts());
  }

  private static double loss(Configuration c, int k) {
    double x = c.number("x") - 0.2 * k;
    double y = c.number("y") - 0.5;
    double z = c.number("z") - 0.9 + 0.3 * k;
    return x * x + Math.sin(7 * y) * 0.3 + z * z + 0.2 * x * y;
  }

  @ParameterizedTest
  @EnumSource
  void everyOptionCountsOrIsRefused(Sought sought) {
    var history = history(sought.task);
    var plain = proposal(Map.of(), sought.task, history);
    var ignored = new ArrayList<Map<String, Object>>();
    for (var options : OPTIONS) {
      Configuration proposed;
      try {
        proposed = proposal(options, sought.task, history);
      } catch (Problem refused) {
        assertThat(refused.getMessage()).contains("cannot be obeyed");
        continue;
      }
      if (proposed.equals(plain) && !sought.changesNothing(options)) {
        ignored.add(options);
      }
    }
    assertThat(ignored).isEmpty();
  }

  private static Configuration proposal(
      Map<String, Object> options, SearchTask task, History history) {
    var all = new LinkedHashMap<String, Object>(options);
    if (!options.containsKey("noise")) {
      all.putIfAbsent("noisy", "no"); // else a repetition might be all that is proposed
    }
    try (var proposer = Samplers.create("gp", all).open(task)) {
      return requireNonNull(proposer.propose(16, history)).configuration();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TWO", "TWO_BOUNDED", "FOUR"})
  void whatHasNoMeaningWithSeveralObjectivesIsRefused(Sought sought) {
    for (Map<String, Object> options :
        List.<Map<String, Object>>of(
            Map.of("model", "average"),
            Map.of("acquisition", "ucb"),
            Map.of("acquisition", "logei"),
            Map.of("trust_region", "always"))) {
      assertThatThrownBy(() -> Samplers.create("gp", options).open(sought.task).close())
          .isInstanceOf(Problem.class)
          .hasMessageContaining("several objectives");
    }
  }

  /// Up to 20 dimensions anywhere, beyond from the best point; in a region only where it is asked
  /// for.
  @Test
  void beyondTwentyDimensionsCandidatesAreStepsFromTheBestPoint() {
    var one = Sought.ONE.task;
    var auto = new GpSampler();
    assertThat(auto.surrogates(one, Box.continuous(20), false).local()).isFalse();
    for (boolean noisy : List.of(false, true)) {
      var many = auto.surrogates(one, Box.continuous(21), noisy);
      assertThat(many.local()).isTrue();
      assertThat(many.regionAfter()).isZero();
    }
    var never = gp(Map.of("trust_region", "never")).surrogates(one, Box.continuous(21), false);
    assertThat(never.local()).isFalse();
    var always = gp(Map.of("trust_region", "always")).surrogates(one, Box.continuous(2), false);
    assertThat(always.regionAfter()).isPositive();
    assertThat(auto.surrogates(Sought.TWO.task, Box.continuous(21), false).local()).isFalse();
  }

  private static GpSampler gp(Map<String, Object> options) {
    return (GpSampler) Samplers.create("gp", options);
  }
}
