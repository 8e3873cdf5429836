package dev.assay.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.trial.Objective;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is searched has the values, the noise and the best value that it is said to have.
class WorldTest {
  static List<SearchProblem> world() {
    return SearchProblems.named(List.of("world"));
  }

  /// The values are those that other tools were measured on: the checks are written by
  /// `benchmarks/peers/search_quality.py --checks`.
  @Test
  void valuesAreThoseThatPeersSaw() throws IOException {
    JsonNode checks;
    try (var in = getClass().getResourceAsStream("world-checks.json")) {
      checks = JsonMapper.shared().readTree(Objects.requireNonNull(in));
    }
    var missing = new ArrayList<String>();
    for (var problem : world()) {
      // Priors are nothing that others have: the functions are those of other sets.
      var name = problem.name().replaceAll("-(expected|misled)$", "-pending8");
      var entries = checks.path(name);
      if (entries.isEmpty()) {
        missing.add(problem.name());
      }
      for (var check : entries) {
        Map<String, Object> values =
            JsonMapper.shared().convertValue(check.get("params"), new TypeReference<>() {});
        double value = problem.truth().of(problem.space().read(values), check.get("seed").asLong());
        if (check.get("value").isNull()) {
          assertThat(value).as("%s at %s", problem.name(), check).isNaN();
        } else {
          double expected = check.get("value").asDouble();
          assertThat(value)
              .as("%s at %s", problem.name(), check)
              .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("world")
  void nothingIsBelowTheOptimum(SearchProblem problem) {
    for (long seed = 1; seed <= 3; seed++) {
      var run = SearchRun.of("random", Samplers.random(), untimed(problem), seed, 200);
      assertThat(Arrays.stream(run.regrets()).min().orElseThrow()).isGreaterThan(-1e-9);
      assertThat(run.distinct()[199]).isGreaterThan(150);
    }
  }

  private static SearchProblem untimed(SearchProblem problem) {
    return problem.planned(problem.plan().timed(0));
  }

  @Test
  void searchesAreTheSameForTheSameSeed() {
    var problem = problem("rates7-crashing");
    var first = SearchRun.of("tpe", Samplers.tpe(), problem, 5, 40);
    var second = SearchRun.of("tpe", Samplers.tpe(), problem, 5, 40);
    assertThat(first.regrets()).isEqualTo(second.regrets());
    assertThat(first.crashes()).isEqualTo(second.crashes());
    assertThat(first.crashes()[39]).isPositive();
    assertThat(SearchRun.of("tpe", Samplers.tpe(), problem, 6, 40).regrets())
        .isNotEqualTo(first.regrets());
  }

  /// Ten seeds tell little, and cheap searches cost nothing; a quick look has three of each.
  @Test
  void cheapSamplersHaveMoreSeeds() {
    var plan = problem("rates7").plan();
    assertThat(plan.seedsOf("auto")).isEqualTo(10);
    assertThat(plan.seedsOf("gp{\"model\":\"single\"}")).isEqualTo(10);
    assertThat(plan.seedsOf("tpe")).isEqualTo(40);
    assertThat(plan.quick().seedsOf("tpe")).isEqualTo(plan.quick().seedsOf("auto")).isEqualTo(3);
    assertThat(problem("rosenbrock5-many").plan().seedsOf("tpe")).isEqualTo(5);
    assertThat(SearchPlan.REFERENCE.seedsOf("tpe")).isEqualTo(20);
  }

  /// What counts is what the recommended configuration is worth, not what was seen of it.
  @Test
  void noiseDoesNotLowerRegret() {
    var exact = SearchProblems.named("sphere2");
    var noisy = exact.seen(new Observation.Noise(1000)).planned(SearchPlan.WORLD);
    int grew = 0;
    for (long seed = 1; seed <= 5; seed++) {
      var regrets = SearchRun.of("random", Samplers.random(), noisy, seed, 50).regrets();
      assertThat(Arrays.stream(regrets).min().orElseThrow()).isNotNegative();
      for (int t = 1; t < regrets.length; t++) {
        grew += regrets[t] > regrets[t - 1] ? 1 : 0;
      }
    }
    assertThat(grew).isPositive();
  }

  /// Where a sampler recommends something else than the best observed, that is what counts.
  @Test
  void whatIsRecommendedCounts() {
    var problem = problem("hartmann6-noise0.3");
    var first = new FirstTrial(Samplers.random());
    var regrets = SearchRun.of("first", first, problem, 2, 60).regrets();
    var observed = SearchRun.of("random", Samplers.random(), problem, 2, 60).regrets();
    assertThat(problem.marks(60)).containsExactlyInAnyOrder(30, 60, 50);
    for (int mark : problem.marks(60)) {
      assertThat(regrets[mark - 1]).isEqualTo(regrets[0]).isNotEqualTo(observed[mark - 1]);
    }
  }

  /// Recommends the trial that it began with.
  private record FirstTrial(Sampler sampler) implements Sampler {
    @Override
    public String name() {
      return sampler.name();
    }

    @Override
    public Map<String, @Nullable Object> settings() {
      return sampler.settings();
    }

    @Override
    public Recommendation recommended(List<TrialRecord> trials, List<Objective> objectives) {
      var first = trials.getFirst();
      return new Recommendation(first, first.value(), first.value(), first.value());
    }

    @Override
    public Proposer open(SearchTask task) {
      return sampler.open(task);
    }
  }

  @Test
  void pendingTrialsAreNotKnown() {
    var problem = problem("hartmann6-pending8");
    var regrets = SearchRun.of("tpe", Samplers.tpe(), problem, 1, 60).regrets();
    var alone = problem.planned(problem.plan().pending(1));
    // The start is drawn without a model: the same with and without trials under way.
    assertThat(regrets[9]).isEqualTo(SearchRun.of("tpe", Samplers.tpe(), alone, 1, 60).regret(10));
    assertThat(regrets).isNotEqualTo(SearchRun.of("tpe", Samplers.tpe(), alone, 1, 60).regrets());
  }

  @Test
  void observationsHaveTheNoiseAndTheSteps() {
    assertThat(deviation(new Observation.Noise(0.3), 2)).isCloseTo(0.3, within(0.02));
    assertThat(deviation(new Observation.RelativeNoise(0.2), 2)).isCloseTo(0.2, within(0.02));
    assertThat(deviation(new Observation.RelativeNoise(0.2), 1)).isZero();
    assertThat(deviation(new Observation.Count(300), 0.1))
        .isCloseTo(Math.sqrt(0.1 * 0.9 / 300), within(2e-3));
    // A t distribution with three degrees of freedom has variance 3.
    assertThat(deviation(new Observation.HeavyNoise(0.1), 2))
        .isCloseTo(0.1 * Math.sqrt(3), within(0.05));
    var random = new Philox(1, 1);
    assertThat(new Observation.Ceiling(0.2).of(0.41, 0, random)).isCloseTo(0.6, within(1e-12));
    assertThat(new Observation.Share(300).of(0.1012, 0, random)).isEqualTo(30.0 / 300);
    assertThat(new Observation.Exact().of(0.41, 0, random)).isEqualTo(0.41);
  }

  private static double deviation(Observation observation, double truth) {
    int n = 4000;
    var values =
        IntStream.range(0, n)
            .mapToDouble(t -> observation.of(truth, 1, new Philox(3, t)))
            .toArray();
    double mean = IntStream.range(0, n).mapToDouble(t -> values[t]).average().orElseThrow();
    return Math.sqrt(
        IntStream.range(0, n)
            .mapToDouble(t -> (values[t] - mean) * (values[t] - mean))
            .average()
            .orElseThrow());
  }

  /// A sampler that takes its time makes fewer trials where time is the budget.
  @Test
  void timeIsTheBudget() {
    var problem = problem("rosenbrock4-each5ms");
    var quick = problem.planned(problem.plan().timed(1e-3));
    var run = SearchRun.of("tpe", Samplers.tpe(), quick, 1, 400);
    assertThat(run.distinct()[399]).isLessThan(400);
    assertThat(run.regret(400)).isLessThanOrEqualTo(run.regret(50));
  }

  private static SearchProblem problem(String name) {
    return SearchProblems.named(List.of(name)).getFirst();
  }
}
