package dev.assay.internal.sampler.cmaes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.SamplerContract;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CmaEsSamplerTest extends SamplerContract {
  @Override
  protected Sampler sampler() {
    return new CmaEsSampler();
  }

  private static final SearchSpace CUBE = cube(5);

  private static SearchSpace cube(int d) {
    var builder = SearchSpace.builder();
    for (int j = 0; j < d; j++) {
      builder.add("x" + j, new FloatRange(-1, 1));
    }
    return builder.build();
  }

  /// Axes of very different lengths, and none of them a coordinate.
  private static double ellipse(Configuration x) {
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      double turned = x.number("x" + i) - x.number("x" + (i + 1) % 5) / 2 - 0.15;
      sum += Math.pow(10, i) * turned * turned;
    }
    return sum;
  }

  private static double rastrigin(Configuration x) {
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      double z = 5 * (x.number("x" + i) - 0.23);
      sum += 10 + z * z - 10 * Math.cos(2 * Math.PI * z);
    }
    return sum;
  }

  private static double best(
      Sampler sampler, SearchSpace space, int trials, ToDoubleFunction<Configuration> loss) {
    return Trials.search(
            sampler,
            Trials.task(space, 1),
            trials,
            p -> new double[] {loss.applyAsDouble(p.configuration())})
        .stream()
        .mapToDouble(TrialRecord::value)
        .min()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "ipop", "bipop"})
  void anIllConditionedEllipseIsSolvedExactly(String restarts) {
    var sampler = Samplers.create("cmaes", Map.of("restarts", restarts));
    assertThat(best(sampler, CUBE, 2500, CmaEsSamplerTest::ellipse)).isLessThan(1e-8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipop", "bipop"})
  void restartsLeaveLocalMinima(String restarts) {
    var sampler = Samplers.create("cmaes", Map.of("restarts", restarts));
    var once = Samplers.create("cmaes", Map.of("restarts", "none"));
    double single = best(once, CUBE, 12_000, CmaEsSamplerTest::rastrigin);
    assertThat(best(sampler, CUBE, 12_000, CmaEsSamplerTest::rastrigin))
        .isLessThan(Math.min(2, single));
  }

  /// What was drawn before a restart and ends after it belongs to the run that was given up: the
  /// new run goes on as if it had not been.
  @Test
  void aRestartIsFreeOfTheRunBefore() {
    var task = Trials.task(cube(2), 3);
    var finished = new ArrayList<TrialRecord>();
    try (var proposer = sampler().open(task)) {
      var proposal = Objects.requireNonNull(proposer.propose(0, History.of(finished, List.of())));
      while (finished.size() < 50 || Trials.bowl(proposal.configuration()) < 0.01) {
        finished.add(
            Trials.complete(finished.size(), proposal, Trials.bowl(proposal.configuration())));
        proposal =
            Objects.requireNonNull(
                proposer.propose(finished.size(), History.of(finished, List.of())));
      }
      int n = finished.size();
      var late = new ArrayList<>(finished);
      for (int i = 0; i < 40; i++) {
        var old = finished.get(n - 1 - i % 4);
        late.add(
            Trials.complete(
                n + 1 + i, new Proposal(old.configuration(), old.notes()), old.value()));
      }
      var after = Objects.requireNonNull(proposer.propose(n, History.of(late, List.of())));
      assertThat(after.configuration()).isEqualTo(proposal.configuration());
    }
  }

  @Test
  void separableParametersAreLearntInManyDimensions() {
    var space = cube(100);
    ToDoubleFunction<Configuration> loss =
        x -> {
          double sum = 0;
          for (int j = 0; j < 100; j++) {
            sum += Math.pow(10, j % 4) * Math.pow(x.code(j) - 0.2, 2);
          }
          return sum;
        };
    var separable = Samplers.create("cmaes", Map.of("separable", true));
    assertThat(best(separable, space, 3000, loss))
        .isLessThan(best(sampler(), space, 3000, loss) / 2);
  }

  /// Without a margin the steps of the continuous parameters would freeze the discrete ones.
  @Test
  void integersMoveUntilTheyAreRight() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(-1, 1))
            .add("y", new FloatRange(-1, 1))
            .add("k", new IntRange(0, 40))
            .add("m", IntRange.log(1, 1000))
            .add("b", Choice.ordered(0, 1))
            .build();
    ToDoubleFunction<Configuration> loss =
        x ->
            Math.pow(x.number("x") - 0.3, 2)
                + Math.pow(x.number("y") + 0.6, 2)
                + 0.001 * Math.abs(x.number("k") - 33)
                + 0.001 * Math.abs(Math.log(x.number("m") / 300))
                + 0.001 * (1 - x.number("b"));
    assertThat(best(sampler(), space, 1500, loss)).isLessThan(1e-4);
  }

  @Test
  void categoriesAreLearntToo() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("y", new FloatRange(0, 1))
            .add("a", Choice.of("p", "q", "r", "s"))
            .add("b", Choice.of("p", "q", "r", "s"))
            .build();
    ToDoubleFunction<Configuration> loss =
        x ->
            Math.abs(x.number("x") - 0.7)
                + Math.abs(x.number("y") - 0.2)
                + ("q".equals(x.get("a")) ? 0 : 0.5)
                + ("s".equals(x.get("b")) ? 0 : 0.5);
    assertThat(best(sampler(), space, 150, loss)).isLessThan(0.1);
  }

  @Test
  void trialsOfAnEarlierStudyGiveTheStart() {
    var earlier = new ArrayList<TrialRecord>();
    var random = new dev.assay.random.Philox(1, 1);
    for (int t = 0; t < 100; t++) {
      var configuration = CUBE.draw(random);
      earlier.add(Trials.complete(t - 100, new Proposal(configuration), ellipse(configuration)));
    }
    try (var proposer = sampler().open(Trials.task(CUBE, 1))) {
      double sum = 0;
      for (int t = 0; t < 20; t++) {
        var proposal = proposer.propose(t, dev.assay.trial.History.of(earlier, List.of()));
        sum += ellipse(java.util.Objects.requireNonNull(proposal).configuration());
      }
      double mean = earlier.stream().mapToDouble(TrialRecord::value).average().orElseThrow();
      assertThat(sum / 20).isLessThan(mean / 2);
    }
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    for (var wrong :
        List.<Map<String, Object>>of(
            Map.of("population", 1),
            Map.of("sigma", 0),
            Map.of("restarts", "pop"),
            Map.of("sigma0", 0.1))) {
      assertThatThrownBy(() -> Samplers.create("cmaes", wrong)).isInstanceOf(Problem.class);
    }
  }
}
