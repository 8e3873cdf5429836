package dev.assay.internal.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.random.Philox;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SurrogateSearchTest {
  private static final double[] POINTS = {0, 0.2, 0.35, 0.5, 0.75, 1};

  private static final SurrogateSettings SINGLE =
      SurrogateSettings.single(CovarianceFunction.product());

  private static double[] waves() {
    return GridModels.values(POINTS, x -> Math.sin(9 * x));
  }

  private static Known known(double[]... constraints) {
    return new Known(POINTS, new double[][] {waves()}, new double[0], constraints);
  }

  private static SurrogateSearch search(SurrogateSettings settings) {
    return new SurrogateSearch(GpEngine.standard(), GridModels.BOX, settings);
  }

  private static Suggestion suggest(SurrogateSettings settings, FittedOutputs fitted, int number) {
    try (var search = search(settings)) {
      return search.suggest(fitted, known(), CandidateRule.ANY, number, 1);
    }
  }

  private static FittedOutputs fitted(SurrogateSettings settings, Known known) {
    try (var search = search(settings)) {
      return search.fit(known, List.of(), 1);
    }
  }

  @Test
  void theExpectedImprovementIsLargestAtTheSuggestion() {
    var fitted = fitted(SINGLE, known());
    var model = fitted.objectives().getFirst().models().getFirst();
    assertThat(model.outputs()).containsExactly(GridModels.standardised(waves()), within(1e-12));
    var models = GridModels.of(known(), List.of(model));
    double incumbent = Arrays.stream(model.outputs()).min().orElseThrow();
    int best = GridModels.best(i -> models.improvement(0, i, incumbent));
    var suggestion = suggest(SINGLE, fitted, 0);
    assertThat(suggestion.point()).containsExactly(GridModels.POSITIONS[best]);
    var sorted = model.outputs().clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    double gain = Math.log(models.improvement(0, best, incumbent)) - Math.log(median - incumbent);
    assertThat(suggestion.logGain()).isCloseTo(gain, within(1e-6));
  }

  /// By a twentieth of the outputs' deviation: of any improvement at all, one would be content with
  /// ever smaller ones.
  @Test
  void theProbabilityIsThatOfAnImprovementWorthMentioning() {
    var settings = SINGLE.judgedBy(new Criterion.Pi());
    var fitted = fitted(settings, known());
    var model = fitted.objectives().getFirst().models().getFirst();
    var models = GridModels.of(known(), List.of(model));
    double incumbent = Arrays.stream(model.outputs()).min().orElseThrow();
    int best = GridModels.best(i -> models.below(0, i, incumbent - 0.05));
    assertThat(GridModels.best(i -> models.below(0, i, incumbent))).isNotEqualTo(best);
    assertThat(suggest(settings, fitted, 0).point()).containsExactly(GridModels.POSITIONS[best]);
  }

  /// By draws only under log expected improvement: else the least mean there is to be bettered.
  @Test
  void whatIsUnderWayIsBelievedToBeAtItsMean() {
    var settings = SINGLE.judgedBy(new Criterion.Ei());
    var values = GridModels.values(POINTS, x -> Math.sin(9 * x + 1));
    var known = new Known(POINTS, values, new double[0]);
    var fitted = fitted(settings, known);
    var model = fitted.objectives().getFirst().models().getFirst();
    var before = GridModels.of(known, List.of(model));
    int lowest = GridModels.best(i -> -before.means()[0][i]);
    double mean = before.means()[0][lowest];
    double least = Arrays.stream(model.outputs()).min().orElseThrow();
    assertThat(mean).isLessThan(least - 0.01);
    var pending = new double[] {GridModels.POSITIONS[lowest]};
    var points = with(POINTS, pending[0]);
    var believed =
        new FittedModels.Weighted(model.member(), model.theta(), with(model.outputs(), mean), 1);
    var models = GridModels.of(new Known(points, points, new double[0]), List.of(believed));
    int best = GridModels.best(i -> models.improvement(0, i, mean));
    var underWay = new Known(POINTS, new double[][] {values}, pending, new double[0][]);
    try (var search = search(settings)) {
      var suggestion = search.suggest(fitted, underWay, CandidateRule.ANY, 0, 1);
      assertThat(suggestion.point()).containsExactly(GridModels.POSITIONS[best]);
      var sorted = model.outputs().clone();
      Arrays.sort(sorted);
      double scale = Math.log(sorted[sorted.length / 2] - least);
      assertThat(suggestion.logGain())
          .isCloseTo(Math.log(models.improvement(0, best, mean)) - scale, within(1e-6));
    }
  }

  private static double[] with(double[] values, double more) {
    var all = Arrays.copyOf(values, values.length + 1);
    all[values.length] = more;
    return all;
  }

  /// Mixtures over the models within four nats of the best, by weight, of logarithms.
  @Test
  void modelsAreAveragedByWeight() {
    var settings = SurrogateSettings.average();
    var fitted = fitted(settings, known());
    var chosen =
        fitted.objectives().getFirst().models().stream()
            .filter(m -> m.weight() >= Math.exp(-4))
            .toList();
    assertThat(chosen.size()).isBetween(2, 6);
    var models = GridModels.of(known(), chosen);
    double total = chosen.stream().mapToDouble(FittedModels.Weighted::weight).sum();
    int best =
        GridModels.best(i ->
            IntStream.range(0, chosen.size())
                .mapToDouble(k ->
                    chosen.get(k).weight()
                        / total
                        * Math.log(
                            models.improvement(
                                k, i, Arrays.stream(chosen.get(k).outputs()).min().orElseThrow())))
                .sum());
    assertThat(suggest(settings, fitted, 0).point()).containsExactly(GridModels.POSITIONS[best]);
  }

  /// Every third proposal, models of the logarithm have no say.
  @Test
  void everyThirdSuggestionIsThatOfThePlainModels() {
    var settings = SurrogateSettings.average();
    var fitted = fitted(settings, known());
    var plain = new FittedOutputs(List.of(fitted.objectives().getFirst().plain()), List.of());
    double all = suggest(settings, fitted, 0).logGain();
    double third = suggest(settings, fitted, 2).logGain();
    assertThat(third).isNotEqualTo(all).isEqualTo(suggest(settings, plain, 0).logGain());
    assertThat(suggest(settings, fitted, 3).logGain()).isEqualTo(all);
  }

  /// Kept from 0.6 on, where nothing is as good as what lies before.
  @Test
  void boundsOnOutcomesCountByTheirProbability() {
    var constraint = GridModels.values(POINTS, x -> 0.6 - x + 0.1 * Math.cos(7 * x));
    var known = known(constraint);
    var fitted = fitted(SINGLE, known);
    var objective = fitted.objectives().getFirst().models().getFirst();
    var models =
        GridModels.of(
            known, List.of(objective, fitted.constraints().getFirst().models().getFirst()));
    double incumbent = Math.min(objective.outputs()[4], objective.outputs()[5]);
    assertThat(objective.outputs()[3]).as("better, but breaks it").isLessThan(incumbent);
    double bound = bound(constraint);
    int best =
        GridModels.best(i -> models.improvement(0, i, incumbent) * models.below(1, i, bound));
    assertThat(suggestion(known).point()).containsExactly(GridModels.POSITIONS[best]);
    assertThat(GridModels.best(i -> models.improvement(0, i, incumbent))).isNotEqualTo(best);
  }

  @Test
  void whileNothingKeepsTheBoundOnlyItsProbabilityCounts() {
    var constraint = GridModels.values(POINTS, x -> 0.05 + Math.pow(x - 0.65, 2));
    var known = known(constraint);
    var fitted = fitted(SINGLE, known);
    var models = GridModels.of(known, List.of(fitted.constraints().getFirst().models().getFirst()));
    double bound = bound(constraint);
    int best = GridModels.best(i -> models.below(0, i, bound));
    var suggestion = suggestion(known);
    assertThat(suggestion.point()).containsExactly(GridModels.POSITIONS[best]);
    assertThat(Math.exp(suggestion.logGain()))
        .isCloseTo(models.below(0, best, bound), within(1e-9));
  }

  /// Where the constraint is 0, in units of its standardised outputs.
  private static double bound(double[] constraint) {
    double mean = Arrays.stream(constraint).average().orElseThrow();
    double variance =
        Arrays.stream(constraint).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    return -mean / Math.sqrt(variance);
  }

  private static Suggestion suggestion(Known known) {
    try (var search = search(SINGLE)) {
      return search.suggest(search.fit(known, List.of(), 1), known, CandidateRule.ANY, 0, 1);
    }
  }

  /// What is always broken by as much teaches nothing.
  @Test
  void aConstraintThatNeverChangesCountsAsNone() {
    var constant = GridModels.values(POINTS, _ -> 1);
    assertThat(suggestion(known(constant)).point()).isEqualTo(suggestion(known()).point());
  }

  private static final int D = 6;

  /// Ten good points before the region, then eighteen failures: it has halved three times, to 0.1
  /// about the best of them. What the model takes for the best lies outside.
  @Test
  void inATrustRegionNothingFartherOffIsSuggested() {
    var random = new Philox(4, 1);
    var points = random.doubles(28 * D).toArray();
    for (int i = 0; i < 10 * D; i++) {
      points[i] = 0.35 + 0.02 * (points[i] - 0.5);
    }
    var values =
        IntStream.range(0, 28)
            .mapToDouble(i ->
                IntStream.range(0, D).mapToDouble(j -> Math.pow(points[i * D + j] - 0.1, 2)).sum())
            .toArray();
    assertThat(SurrogateModels.order(values)[9]).as("the best ten").isLessThan(10);
    var known = new Known(points, values, new double[0]);
    var box = Box.continuous(D);
    var settings = SINGLE.inTrustRegion(10);
    try (var bounded = new SurrogateSearch(GpEngine.standard(), box, settings);
        var local = new SurrogateSearch(GpEngine.standard(), box, SINGLE.locally());
        var free = new SurrogateSearch(GpEngine.standard(), box, SINGLE)) {
      var fitted = bounded.fit(known, List.of(), 1);
      var theta = fitted.objectives().getFirst().models().getFirst().theta();
      var roles = CovarianceFunction.product().roles(D);
      var region = TrustRegion.of(points, values, 10, roles, Arrays.copyOf(theta, roles.size()));
      var near = bounded.suggest(fitted, known, CandidateRule.ANY, 0, 1).point();
      var far = free.suggest(fitted, known, CandidateRule.ANY, 0, 1).point();
      for (int j = 0; j < D; j++) {
        assertThat(near[j]).isBetween(region.low()[j], region.high()[j]);
      }
      assertThat(isOutside(region, far)).isTrue();
      // Steps from the best point may lead anywhere.
      var stepped = local.suggest(fitted, known, CandidateRule.ANY, 0, 1).point();
      assertThat(isOutside(region, stepped)).isTrue();
    }
  }

  /// The points that a search of the box steps from, in order.
  private static double[] centres(SurrogateSettings settings, boolean several, Known known) {
    var centres = new double[1][];
    try (var search =
        several
            ? SurrogateSearch.ofSeveral(watched(centres), GridModels.BOX, settings)
            : new SurrogateSearch(watched(centres), GridModels.BOX, settings)) {
      search.suggest(search.fit(known, List.of(), 1), known, CandidateRule.ANY, 0, 1);
    }
    return centres[0];
  }

  /// The processor's engine, whose sessions tell where maximisers begin.
  private static GpEngine watched(double[][] centres) {
    return new GpEngine() {
      @Override
      public String id() {
        return "watched";
      }

      @Override
      public GpSession open(Box box) {
        var session = GpEngine.standard().open(box);
        return (GpSession)
            Proxy.newProxyInstance(
                GpSession.class.getClassLoader(),
                new Class<?>[] {GpSession.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("maximise")) {
                    centres[0] = ((MaximiserPlan) arguments[1]).observed();
                  }
                  return method.invoke(session, arguments);
                });
      }
    };
  }

  /// By value; where some points break a constraint, these after all that keep it, by how far.
  @Test
  void aSearchStepsFromTheBestPoints() {
    // sin 9x is least at 0.5, then at 0.35, 0, 1, 0.75, 0.2
    assertThat(centres(SINGLE, false, known())).containsExactly(0.5, 0.35, 0, 1, 0.75, 0.2);
    var constraint = GridModels.values(POINTS, x -> 0.4 - x);
    assertThat(centres(SINGLE, false, known(constraint)))
        .containsExactly(0.5, 1, 0.75, 0.35, 0.2, 0);
  }

  /// The front in any order, what keeps the constraint but is dominated, and the others by how far.
  @Test
  void ofSeveralObjectivesASearchStepsFromTheFront() {
    var falling = GridModels.values(POINTS, x -> -x);
    var rising = GridModels.values(POINTS, x -> x == 0.5 ? 2 : x);
    var constraint = GridModels.values(POINTS, x -> 0.3 - x);
    var known =
        new Known(
            POINTS, new double[][] {falling, rising}, new double[0], new double[][] {constraint});
    var centres = centres(SINGLE, true, known);
    assertThat(Arrays.copyOf(centres, 3)).containsExactlyInAnyOrder(0.35, 0.75, 1);
    assertThat(Arrays.copyOfRange(centres, 3, 6)).containsExactly(0.5, 0.2, 0);
  }

  private static boolean isOutside(TrustRegion region, double[] point) {
    return IntStream.range(0, D)
        .anyMatch(j -> point[j] < region.low()[j] || point[j] > region.high()[j]);
  }
}
