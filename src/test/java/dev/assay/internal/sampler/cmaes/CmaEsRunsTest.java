package dev.assay.internal.sampler.cmaes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.sampler.prior.Axis;
import dev.assay.random.Purpose;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Populations of four in two dimensions.
class CmaEsRunsTest {
  private static final int LAMBDA = 4;
  private static final double SIGMA = 0.1;

  private static final SearchSpace SQUARE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();

  private static final List<Axis> AXES =
      List.of(Axis.of(0, SQUARE.parameters().get(0)), Axis.of(1, SQUARE.parameters().get(1)));

  /// A generation's points, best first.
  private static final double[][] POINTS = {{0.6, 0.5}, {0.5, 0.55}, {0.45, 0.42}, {0.3, 0.6}};

  /// Farther off than a step goes.
  private static final double[] FAR = {0.95, 0.9};

  private final SearchTask task = Trials.task(SQUARE, 5);
  private final List<TrialRecord> finished = new ArrayList<>();

  private static CmaEsRuns runs(CmaEsSampler.Restarts restarts, SearchTask task) {
    return new CmaEsRuns(new CmaEsSampler(LAMBDA, SIGMA, false, true, restarts), task, AXES);
  }

  /// A run of its own, which took such generations.
  private static CmaEs after(boolean[]... foreign) {
    var margin = new Margin(AXES, 0.1);
    var mean = new double[] {0.5, 0.5};
    var cma = new CmaEs(mean, SIGMA, Covariance.identity(2, false), LAMBDA, margin);
    for (var generation : foreign) {
      var points = POINTS.clone();
      points[0] = generation[0] ? FAR : points[0];
      cma.update(points, generation);
    }
    return cma;
  }

  private static boolean[] own() {
    return new boolean[LAMBDA];
  }

  private static boolean[] firstForeign() {
    return new boolean[] {true, false, false, false};
  }

  /// @param generation that the trial says it was drawn for; null: of another origin
  private void tell(double[] point, @Nullable Integer generation, double... losses) {
    Map<String, Object> notes =
        generation == null ? Map.of() : Map.of("generation", (long) generation);
    var proposal = new Proposal(SQUARE.fromCodes(point), Map.copyOf(notes));
    finished.add(Trials.complete(finished.size(), proposal, losses));
  }

  /// Whole generations, in an order that is not that of their losses.
  private void tellGenerations(int from, int to) {
    for (int g = from; g < to; g++) {
      for (int i : new int[] {2, 0, 3, 1}) {
        tell(POINTS[i], g, i);
      }
    }
  }

  private CmaEsRuns told(CmaEsSampler.Restarts restarts) {
    var runs = runs(restarts, task);
    runs.advanceTo(History.of(finished, List.of()));
    return runs;
  }

  private static void assertSame(CmaEs run, CmaEs expected) {
    assertThat(run.mean).containsExactly(expected.mean, within(1e-12));
    assertThat(run.sigma).isCloseTo(expected.sigma, within(1e-12));
    for (int j = 0; j < 2; j++) {
      assertThat(run.covariance.deviation(j))
          .isCloseTo(expected.covariance.deviation(j), within(1e-12));
    }
  }

  @Test
  void generationsAreLearntFromBestFirst() {
    tellGenerations(0, 3);
    var runs = told(CmaEsSampler.Restarts.IPOP);
    assertThat(runs.generation()).isEqualTo(3);
    assertSame(runs.current(), after(own(), own(), own()));
  }

  /// Drawn two generations ago: learnt from, as a stranger's.
  @Test
  void whatComesTwoGenerationsLateCounts() {
    tellGenerations(0, 3);
    tell(FAR, 1, 0);
    for (int i = 1; i < LAMBDA; i++) {
      tell(POINTS[i], 3, i);
    }
    var runs = told(CmaEsSampler.Restarts.IPOP);
    assertThat(runs.generation()).isEqualTo(4);
    assertSame(runs.current(), after(own(), own(), own(), firstForeign()));
  }

  @Test
  void whatComesLaterIsNotLearntFrom() {
    tellGenerations(0, 3);
    tell(new double[] {0.9, 0.9}, 0, -1);
    for (int i = 0; i < LAMBDA - 1; i++) {
      tell(POINTS[i], 3, i);
    }
    assertThat(told(CmaEsSampler.Restarts.IPOP).generation()).isEqualTo(3);
    tell(POINTS[3], 3, 3);
    assertSame(told(CmaEsSampler.Restarts.IPOP).current(), after(own(), own(), own(), own()));
  }

  @Test
  void configurationsOfOtherOriginCount() {
    tellGenerations(0, 3);
    tell(FAR, null, 0);
    for (int i = 1; i < LAMBDA; i++) {
      tell(POINTS[i], 3, i);
    }
    assertSame(
        told(CmaEsSampler.Restarts.IPOP).current(), after(own(), own(), own(), firstForeign()));
  }

  @Test
  void whereEveryTrialFailedNothingIsLearnt() {
    for (int i = 0; i < LAMBDA; i++) {
      var proposal = new Proposal(SQUARE.fromCodes(POINTS[i]), Map.of("generation", 0L));
      finished.add(Trials.failed(i, proposal));
    }
    tellGenerations(0, 1);
    var runs = told(CmaEsSampler.Restarts.IPOP);
    assertThat(runs.generation()).isEqualTo(1);
    assertSame(runs.current(), after(own()));
  }

  /// The front comes first, within it what adds most hypervolume: (2, 1), then (0, 10), then (10,
  /// 0); (3, 3) is dominated.
  @Test
  void severalObjectivesAreRankedByFrontsAndHypervolume() {
    var two = Trials.task(SQUARE, 5, Objective.minimize("a"), Objective.minimize("b"));
    tell(POINTS[1], 0, 0, 10);
    tell(POINTS[0], 0, 2, 1);
    tell(POINTS[3], 0, 3, 3);
    tell(POINTS[2], 0, 10, 0);
    var runs = runs(CmaEsSampler.Restarts.IPOP, two);
    runs.advanceTo(History.of(finished, List.of()));
    assertSame(runs.current(), after(own()));
  }

  /// How a run begins.
  @SuppressWarnings("ArrayRecordComponent")
  private record Start(int lambda, double[] mean, double sigma, double deviation) {
    static Start of(CmaEs run) {
      return new Start(run.lambda, run.mean.clone(), run.sigma, run.covariance.deviation(0));
    }
  }

  /// The first runs over trials with one and the same loss.
  private List<Start> levelRuns(CmaEsSampler.Restarts restarts, int count) {
    var seen = new ArrayList<Start>();
    var runs = runs(restarts, task);
    var run = runs.current();
    seen.add(Start.of(run));
    while (seen.size() < count && finished.size() < 5_000) {
      int generation = runs.generation();
      for (int i = 0; i < runs.current().lambda; i++) {
        tell(POINTS[i % LAMBDA], generation, 1);
      }
      runs.advanceTo(History.of(finished, List.of()));
      if (runs.current() != run) {
        run = runs.current();
        seen.add(Start.of(run));
      }
    }
    return seen;
  }

  @Test
  void eachRestartDoublesThePopulation() {
    var seen = levelRuns(CmaEsSampler.Restarts.IPOP, 3);
    assertThat(seen.stream().map(Start::lambda)).containsExactly(4, 8, 16);
  }

  @Test
  void aRestartBeginsAnywhereWithTheFirstStepSize() {
    var second = levelRuns(CmaEsSampler.Restarts.IPOP, 2).getLast();
    assertThat(second.mean)
        .containsExactly(task.streams().stream(1, Purpose.RESTART).doubles(2).toArray());
    assertThat(second.sigma).isEqualTo(SIGMA);
    assertThat(second.deviation).isEqualTo(1);
  }

  @Test
  void withoutRestartsTheRunGoesOn() {
    for (int g = 0; g < 100; g++) {
      for (var point : POINTS) {
        tell(point, g, 1);
      }
    }
    var runs = told(CmaEsSampler.Restarts.NONE);
    assertThat(runs.generation()).isEqualTo(100);
    assertThat(runs.current().lambda).isEqualTo(LAMBDA);
  }

  /// Hansen 2009: a large one first, then small ones for as long as they have used less.
  @Test
  void largeAndSmallPopulationsTakeTurns() {
    var seen = levelRuns(CmaEsSampler.Restarts.BIPOP, 7);
    assertThat(seen.stream().map(Start::lambda)).containsExactly(4, 8, 4, 4, 4, 16, 5);
    assertThat(seen.get(5).sigma).isEqualTo(SIGMA);
    for (int restart : new int[] {2, 3, 4, 6}) {
      var random = task.streams().stream(restart, Purpose.RESTART);
      var run = seen.get(restart);
      assertThat(run.mean).containsExactly(random.doubles(2).toArray());
      int large = restart < 5 ? 8 : 16;
      double exponent = Math.pow(random.nextDouble(), 2);
      assertThat(run.lambda).isEqualTo((int) (4 * Math.pow(large / 2.0 / 4, exponent)));
      double step = SIGMA * Math.pow(10, -2 * random.nextDouble());
      assertThat(run.sigma).isCloseTo(step, within(1e-15));
    }
  }

  /// Nomura et al. 2021: the normal distribution nearest to that of deviation 0.1 about each of the
  /// best tenth.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theBestOfAnEarlierStudyAreTheStart(boolean withLaterTrials) {
    var earlier = new ArrayList<TrialRecord>();
    for (int i = 0; i < 20; i++) {
      var point = new double[] {0.02 * i, i < 2 ? 0.1 + 0.3 * i : 0.9};
      var proposal = new Proposal(SQUARE.fromCodes(point));
      earlier.add(Trials.complete(i - 20, proposal, i));
    }
    if (withLaterTrials) {
      var proposal = new Proposal(SQUARE.fromCodes(POINTS[0]), Map.of("generation", 0L));
      earlier.add(Trials.complete(0, proposal, 1));
    }
    var runs = runs(CmaEsSampler.Restarts.IPOP, task);
    runs.advanceTo(History.of(earlier, List.of()));
    var run = runs.current();
    assertThat(run.mean).containsExactly(new double[] {0.01, 0.25}, within(1e-12));
    assertThat(run.sigma).isEqualTo(0.1);
    assertThat(run.covariance.deviation(0)).isCloseTo(Math.sqrt(1 + 0.01), within(1e-12));
    assertThat(run.covariance.deviation(1)).isCloseTo(Math.sqrt(1 + 2.25), within(1e-12));
    var x = new double[2];
    run.sample(new double[] {1, 0}, x);
    double covariance = (x[0] - 0.01) * (x[1] - 0.25) / 0.01;
    assertThat(covariance).isCloseTo(0.1 * 1.5, within(1e-12));
  }

  @Test
  void theUsualPopulationIsEvenAndGrowsWithTheDimension() {
    assertThat(IntStream.of(1, 2, 5, 20, 100).map(CmaEsRunsTest::usual))
        .containsExactly(4, 4, 6, 8, 12);
  }

  private static int usual(int d) {
    var builder = SearchSpace.builder();
    IntStream.range(0, d).forEach(j -> builder.add("x" + j, new FloatRange(0, 1)));
    var space = builder.build();
    var axes = IntStream.range(0, d).mapToObj(j -> Axis.of(j, space.parameters().get(j))).toList();
    return new CmaEsRuns(new CmaEsSampler(), Trials.task(space, 1), axes).current().lambda;
  }

  /// Hamano et al. 2022: α is 1 / (λ d), here an eighth, half of it at either side of a value.
  @Test
  void aDiscreteCoordinateKeepsAnEighthOfLeaving() {
    var space =
        SearchSpace.builder().add("x", new FloatRange(0, 1)).add("k", new IntRange(0, 4)).build();
    var axes =
        List.of(Axis.of(0, space.parameters().get(0)), Axis.of(1, space.parameters().get(1)));
    var sampler = new CmaEsSampler(LAMBDA, 1e-4, false, true, CmaEsSampler.Restarts.NONE);
    var runs = new CmaEsRuns(sampler, Trials.task(space, 5), axes);
    for (int i = 0; i < LAMBDA; i++) {
      var notes = Map.<String, Object>of("generation", 0L, "point", List.of(0.5, 0.5));
      var proposal = new Proposal(space.fromCodes(new double[] {0.5, 2}), Map.copyOf(notes));
      finished.add(Trials.complete(i, proposal, i));
    }
    runs.advanceTo(History.of(finished, List.of()));
    var run = runs.current();
    var x = new double[2];
    run.sample(new double[] {1, 0}, x);
    double first = x[1] - run.mean[1];
    run.sample(new double[] {0, 1}, x);
    double deviation = Math.hypot(first, x[1] - run.mean[1]);
    var drawn = new NormalDistribution(run.mean[1], deviation);
    assertThat(drawn.cumulativeProbability(0.4)).isCloseTo(1 / 16.0, within(1e-9));
    assertThat(1 - drawn.cumulativeProbability(0.6)).isCloseTo(1 / 16.0, within(1e-9));
  }
}
