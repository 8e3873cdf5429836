package dev.assay.sampler;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.sampler.gp.BoxBelief;
import dev.assay.internal.sampler.gp.BoxEncoding;
import dev.assay.internal.sampler.prior.Axis;
import dev.assay.internal.sampler.prior.Belief;
import dev.assay.internal.sampler.prior.Beliefs;
import dev.assay.internal.sampler.seen.Untried;
import dev.assay.random.Philox;
import dev.assay.random.Streams;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
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

/// What samplers make of priors.
class PriorsTest {
  private static final Choice KINDS = Choice.of("a", "b", "c");

  /// Every kind of parameter.
  private static final SearchSpace BELIEVED =
      SearchSpace.builder()
          .add("rate", FloatRange.log(1e-4, 1))
          .add("momentum", new FloatRange(0, 1))
          .add("dropout", new FloatRange(0, 0.5, false, 0.1))
          .add("hidden", IntRange.log(16, 256))
          .add("long", new IntRange(0, 100_000))
          .add("size", Choice.ordered("small", "medium", "large"))
          .add("kind", KINDS)
          .add("beta", new FloatRange(0, 1), Condition.when("kind", "a"))
          .add("free", new FloatRange(0, 1))
          .prior("rate", Prior.within(1e-2, 2))
          .prior("momentum", Prior.around(0.9, 0.1))
          .prior("dropout", Prior.around(0.2, 0.05))
          .prior("hidden", Prior.within(32, 1.5))
          .prior("long", Prior.around(20_000, 5_000))
          .prior("size", new Prior.Weights(List.of(0.0, 1.0, 3.0)))
          .prior("kind", Prior.weights(KINDS, Map.of("a", 8)))
          .prior("beta", Prior.around(0.1, 0.05))
          .where("momentum <= 0.5 + hidden")
          .build();

  /// A bowl in units with its lowest point at `place`.
  private static double bowl(Configuration configuration, double place) {
    double sum = 0;
    for (double x : configuration.space().toUnit(configuration)) {
      sum += Double.isNaN(x) ? 0 : (x - place) * (x - place);
    }
    return sum;
  }

  private static SearchSpace square(double centre) {
    return SearchSpace.builder()
        .add("x", new FloatRange(0, 1))
        .add("y", new FloatRange(0, 1))
        .add("z", new FloatRange(0, 1))
        .prior("x", Prior.around(centre, 0.05))
        .prior("y", Prior.around(centre, 0.05))
        .prior("z", Prior.around(centre, 0.05))
        .build();
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

  private static SearchSpace withoutPriors(SearchSpace space) {
    var builder = SearchSpace.builder();
    space.parameters().forEach(parameter -> builder.add(parameter.expecting(null)));
    space.constraints().forEach(builder::where);
    return builder.build();
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

  @Test
  void densitiesAddUpToOneAndQuantilesInvertThem() {
    for (var parameter : BELIEVED.parameters()) {
      var belief = Belief.of(parameter);
      if (belief == null) {
        continue;
      }
      double mass = 0;
      double low = 0;
      int n = 20_000;
      for (int k = 0; k < n; k++) {
        double place = (k + 0.5) / n;
        mass += Math.exp(belief.logDensity(place, null)) / n;
        double high = belief.quantile((k + 1.0) / n);
        assertThat(high).isGreaterThanOrEqualTo(low).isBetween(0.0, 1.0);
        low = high;
      }
      assertThat(mass).as(parameter.name()).isCloseTo(1, within(1e-3));
      assertValues(parameter, belief);
    }
  }

  /// Each value's probability is what draws make of it.
  private static void assertValues(Parameter parameter, Belief belief) {
    var distribution = parameter.distribution();
    long count = distribution.count().orElse(0);
    if (count == 0 || count > 300) {
      return;
    }
    var drawn = new double[(int) count];
    int n = 50_000;
    for (int k = 0; k < n; k++) {
      double code = distribution.fromUnit(belief.quantile((k + 0.5) / n));
      drawn[(int) distribution.nearestIndex(code)] += 1.0 / n;
    }
    var axis = Axis.of(0, parameter);
    for (int k = 0; k < count; k++) {
      double code = distribution.nth(k);
      double share = axis.isCategory() ? 1.0 / count : axis.cellEnd(code) - axis.cellStart(code);
      assertThat(Math.exp(belief.logDensity(code)) * share)
          .as(parameter.name() + " " + code)
          .isCloseTo(drawn[k], within(1e-3));
    }
  }

  @Test
  void slopesAreThoseOfTheDensity() {
    var encoding = new BoxEncoding(BELIEVED);
    var rule = encoding.rule(History.of(List.of(), List.of()), new Untried(BELIEVED));
    var preferring =
        requireNonNull(requireNonNull(BoxBelief.of(BELIEVED, encoding)).prefer(rule, 4, List.of()));
    var preference = requireNonNull(preferring.preference());
    int d = encoding.box().dimension();
    var random = new Philox(1, 1);
    for (int i = 0; i < 20; i++) {
      var point = encoding.point(BELIEVED.draw(random));
      var gradient = new double[d];
      var value = new double[1];
      preference.addTo(point, value, gradient);
      for (int j : new int[] {0, 1, 4}) { // continuous, and a long range
        double h = 1e-6;
        var near = point.clone();
        near[j] = Math.clamp(point[j] + h, 0, 1);
        var there = new double[1];
        preference.addTo(near, there, null);
        double slope = (there[0] - value[0]) / (near[j] - point[j]);
        assertThat(gradient[j]).isCloseTo(slope, within(1e-3 * (1 + Math.abs(slope))));
      }
    }
  }

  /// A parameter that does not exist says nothing, and what is known of none prefers nothing.
  @Test
  void onlyWhatExistsCounts() {
    var space =
        SearchSpace.builder()
            .add("kind", Choice.of("a", "b"))
            .add("beta", new FloatRange(0, 1), Condition.when("kind", "a"))
            .prior("beta", Prior.around(0.1, 0.02))
            .build();
    var beliefs = requireNonNull(Beliefs.of(space));
    assertThat(beliefs.logDensity(space.configuration(Map.of("kind", "b")))).isZero();
    assertThat(beliefs.logDensity(space.configuration(Map.of("kind", "a", "beta", 0.1))))
        .isGreaterThan(2);
    assertThat(Beliefs.of(withoutPriors(space))).isNull();
    assertThat(CandidateRule.ANY.preference()).isNull();
  }

  @Test
  void expectationsAreForgottenByNumberAndByContradiction() {
    var space = square(0.1);
    var encoding = new BoxEncoding(space);
    var belief = requireNonNull(BoxBelief.of(space, encoding));
    var expected = space.fromUnit(new double[] {0.1, 0.1, 0.1});
    var contradicted = space.fromUnit(new double[] {0.9, 0.1, 0.1});
    double full = lead(belief, 10, List.of(expected), 0);
    assertThat(lead(belief, 21, List.of(expected), 0)).isCloseTo(full / 2, within(1e-9));
    assertThat(lead(belief, 10, List.of(contradicted), 0)).isLessThan(full / 10);
    assertThat(lead(belief, 10, List.of(contradicted), 1)).isCloseTo(full, within(1e-9));
    assertThat(belief.prefer(CandidateRule.ANY, 600, List.of())).isNull();
  }

  /// By how much the expected place of a coordinate is preferred to a far one.
  private static double lead(
      BoxBelief belief, int known, List<Configuration> best, int coordinate) {
    var preference =
        requireNonNull(requireNonNull(belief.prefer(CandidateRule.ANY, known, best)).preference());
    var points = new double[] {0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    points[3 + coordinate] = 0.9;
    var values = new double[2];
    preference.addTo(points, values, null);
    return values[0] - values[1];
  }
}
