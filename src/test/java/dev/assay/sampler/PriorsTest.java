package dev.assay.sampler;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Streams;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Prior;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Proposal;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What samplers make of priors: they begin where the best is expected, and forget what turns out
/// wrong.
class PriorsTest extends PriorsCase {
  /// A bowl in units with its lowest point at `place`.
  private static double bowl(Configuration configuration, double place) {
    double sum = 0;
    for (double x : configuration.space().toUnit(configuration)) {
      sum += Double.isNaN(x) ? 0 : (x - place) * (x - place);
    }
    return sum;
  }

  private static List<TrialRecord> search(
      String sampler,
      SearchSpace space,
      long seed,
      int trials,
      ToDoubleFunction<Configuration> loss) {
    return Trials.search(
        Samplers.create(sampler, Map.of()),
        Trials.task(space, seed),
        trials,
        proposal -> new double[] {loss.applyAsDouble(proposal.configuration())});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"auto", "gp", "tpe", "random", "sobol", "cmaes", "nsga2", "annealing", "pbt"})
  void theFirstTrialsAreWhereTheBestIsExpected(String sampler) {
    int near = 0;
    for (int seed = 0; seed < 12; seed++) {
      // As many as are drawn before any model, of the fewest.
      for (var trial : search(sampler, square(0.8), seed, 3, c -> bowl(c, 0.8))) {
        near += Math.abs(trial.configuration().number("x") - 0.8) < 0.15 ? 1 : 0;
      }
    }
    assertThat(near).isGreaterThanOrEqualTo(20); // of 36; 11 where nothing is expected
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"auto", "gp", "tpe", "random", "sobol", "cmaes", "nsga2", "annealing", "pbt"})
  void proposalsAreValidAndAFreshProposerProposesTheSame(String sampler) {
    var task = Trials.task(BELIEVED, 3);
    var finished = new ArrayList<TrialRecord>();
    try (var proposer = Samplers.create(sampler, Map.of()).open(task)) {
      for (int t = 0; t < 24; t++) {
        var history = History.of(finished, List.of());
        var proposal = requireNonNull(proposer.propose(t, history));
        var configuration = proposal.configuration();
        assertThat(BELIEVED.configuration(configuration.values())).isEqualTo(configuration);
        try (var fresh = Samplers.create(sampler, Map.of()).open(task)) {
          assertThat(fresh.propose(t, history)).isEqualTo(proposal);
        }
        finished.add(Trials.complete(t, proposal, bowl(configuration, 0.3)));
      }
    }
  }

  @Test
  void twoOfThreeRandomDrawsAreFromThePriorAndTheOthersEverywhere() {
    var trials = search("random", BELIEVED, 1, 3000, _ -> 0);
    assertShare(trials, c -> Math.abs(Math.log(c.number("rate") / 1e-2)) < Math.log(2), 0.48);
    assertShare(trials, c -> c.number("rate") > 0.1, 0.12);
    assertShare(trials, c -> c.number("dropout") > 0.15 && c.number("dropout") < 0.25, 0.5);
    assertShare(trials, c -> "a".equals(c.get("kind")), 0.63);
    assertShare(trials, c -> "small".equals(c.get("size")), 0.12);
    assertShare(trials, c -> c.number("free") < 0.5, 0.5);
  }

  private static void assertShare(
      List<TrialRecord> trials, java.util.function.Predicate<Configuration> holds, double share) {
    long count = trials.stream().filter(t -> holds.test(t.configuration())).count();
    assertThat(count / (double) trials.size()).isCloseTo(share, within(0.045));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "tpe"})
  void whatIsRightHelpsAndWhatIsWrongIsForgotten(String sampler) {
    double right = meanLoss(sampler, square(0.7), 20);
    double none = meanLoss(sampler, withoutPriors(square(0.7)), 20);
    double wrong = meanLoss(sampler, square(0.05), 40);
    assertThat(right).isLessThan(none / 2);
    assertThat(wrong).isLessThan(2 * none + 1e-3);
  }

  private static double meanLoss(String sampler, SearchSpace space, int trials) {
    double sum = 0;
    for (int seed = 0; seed < 4; seed++) {
      var found = search(sampler, space, seed, trials, c -> bowl(c, 0.7));
      sum += found.stream().mapToDouble(TrialRecord::value).min().orElseThrow() / 4;
    }
    return sum;
  }

  /// Every acquisition, several objectives, bounds on outcomes: models know nothing of z but where
  /// it is expected, and would explore it elsewhere; `pi`, which explores next to nothing, would
  /// stay where they know of it.
  @ParameterizedTest
  @CsvSource({
    "logei, 1, false",
    "ei, 1, false",
    "pi, 1, false",
    "ucb, 1, false",
    "thompson, 1, false",
    "logei, 1, true",
    "auto, 2, false",
    "auto, 2, true",
    "auto, 4, false"
  })
  void everyAcquisitionIsWeighed(String acquisition, int objectives, boolean bounded) {
    boolean cautious = acquisition.equals("pi");
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("z", new FloatRange(0, 1))
            .prior("z", Prior.around(0.75, cautious ? 0.1 : 0.02))
            .build();
    var all = IntStream.range(0, objectives).mapToObj(k -> Objective.minimize("f" + k)).toList();
    var task =
        new SearchTask(
            space,
            all,
            bounded ? List.of(OutcomeConstraint.parse("cost <= 0.8")) : List.of(),
            new Streams(5),
            0);
    var finished = new ArrayList<TrialRecord>();
    for (int t = 0; t < 8; t++) {
      double x = (t * 0.37) % 1;
      double known = cautious ? 0.59 : 0.715;
      var configuration = space.configuration(Map.of("x", x, "z", known + 0.01 * t));
      var values = new double[objectives];
      Arrays.setAll(values, k -> Math.abs(x - 0.2 * k - 0.13));
      var trial = Trials.complete(t, new Proposal(configuration), values);
      finished.add(bounded ? bounded(trial, x) : trial);
    }
    var sampler = Samplers.create("gp", Map.of("acquisition", acquisition, "noisy", "no"));
    try (var proposer = sampler.open(task)) {
      for (int t = 9; t < 11; t++) { // trial 8 pays no heed
        var proposal = requireNonNull(proposer.propose(t, History.of(finished, List.of())));
        assertThat(proposal.configuration().number("z")).isCloseTo(0.75, within(0.12));
      }
    }
  }

  private static TrialRecord bounded(TrialRecord t, double cost) {
    return new TrialRecord(
        t.number(),
        t.state(),
        t.configuration(),
        t.notes(),
        t.reports(),
        t.values(),
        List.of(cost),
        t.cause(),
        t.detail(),
        t.attributes(),
        t.startedMillis(),
        t.seconds(),
        t.restarts());
  }

  @Test
  void aListIsSearchedWhereTheBestIsExpected() {
    var rows = new ArrayList<double[]>();
    for (int i = 0; i < 200; i++) {
      rows.add(new double[] {i / 200.0});
    }
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .listed("a list", rows)
            .prior("x", Prior.around(0.9, 0.03))
            .build();
    for (var sampler : List.of("random", "sobol", "gp", "tpe", "grid")) {
      var trials = search(sampler, space, 1, 15, c -> bowl(c, 0.9));
      assertThat(trials.stream().filter(t -> t.configuration().number("x") > 0.8))
          .as(sampler)
          .hasSizeGreaterThanOrEqualTo(7); // 3 where nothing is expected
      assertThat(Trials.configurations(search(sampler, space, 1, 300, c -> bowl(c, 0.9))))
          .as(sampler)
          .doesNotHaveDuplicates()
          .hasSize(200);
    }
  }

  @Test
  void aTightSpaceIsDrawnFromWhereTheBestIsExpected() {
    var space =
        SearchSpace.builder()
            .add("a", new IntRange(1, 1000))
            .add("b", new IntRange(1, 1000))
            .where("a + b == 1000")
            .prior("a", Prior.around(900, 30))
            .build();
    var trials = search("random", space, 1, 60, _ -> 0);
    assertThat(trials.stream().filter(t -> t.configuration().number("a") > 800))
        .hasSizeGreaterThan(30);
    assertThat(Trials.configurations(trials)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "random", "sobol", "tpe", "grid", "annealing", "nsga2"})
  void aFiniteSpaceIsExhausted(String sampler) {
    var space =
        SearchSpace.builder()
            .add("k", new IntRange(1, 5))
            .add("kind", KINDS)
            .prior("k", Prior.around(2, 0.1))
            .prior("kind", Prior.weights(KINDS, Map.of("a", 0, "b", 0)))
            .build();
    var trials = search(sampler, space, 2, 40, c -> bowl(c, 0.5));
    assertThat(new HashSet<>(Trials.configurations(trials))).hasSize(15);
    assertThat(trials).hasSize(15);
  }

  @Test
  void aGridBeginsWithTheLikeliestValues() {
    var space =
        SearchSpace.builder()
            .add("k", new IntRange(1, 5))
            .add("kind", KINDS)
            .prior("k", Prior.around(4, 1))
            .prior("kind", new Prior.Weights(List.of(1.0, 3.0, 2.0)))
            .build();
    assertThat(Trials.configurations(search("grid", space, 1, 4, _ -> 0)))
        .extracting(Configuration::values)
        .containsExactly(
            Map.of("k", 4L, "kind", "b"),
            Map.of("k", 4L, "kind", "c"),
            Map.of("k", 4L, "kind", "a"),
            Map.of("k", 3L, "kind", "b"));
  }

  @Test
  void halvingDrawsItsCandidatesFromThePrior() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("epochs", new IntRange(1, 27))
            .prior("x", Prior.around(0.9, 0.03))
            .build();
    var sampler = Samplers.create("halving", Map.of("candidates", 27));
    var trials = Trials.search(sampler, Trials.task(space, 1), 27, _ -> new double[] {0});
    assertThat(trials.stream().filter(t -> t.configuration().number("x") > 0.8))
        .hasSizeGreaterThan(13);
  }
}
