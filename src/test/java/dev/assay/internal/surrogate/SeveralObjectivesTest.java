package dev.assay.internal.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpEngine;
import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeveralObjectivesTest {
  private static final double[] POINTS = {0, 0.1, 0.3, 0.45, 0.6, 0.7, 0.85, 1};

  private static final double[] FALLING =
      GridModels.values(POINTS, x -> 1 - x + 0.3 * Math.sin(8 * x));

  private static final double[] RISING = GridModels.values(POINTS, x -> x * x + (x == 1 ? 40 : 0));

  private static final SurrogateSettings SINGLE =
      SurrogateSettings.single(CovarianceFunction.product());

  private static Known known(double[]... objectives) {
    return new Known(POINTS, objectives, new double[0], new double[0][]);
  }

  private static Suggestion suggestion(Known known) {
    try (var search = SurrogateSearch.ofSeveral(GpEngine.standard(), GridModels.BOX, SINGLE)) {
      return search.suggest(search.fit(known, List.of(), 3), known, CandidateRule.ANY, 0, 3);
    }
  }

  private static List<FittedModels.Weighted> models(Known known) {
    var models = new ArrayList<FittedModels.Weighted>();
    try (var search = SurrogateSearch.ofSeveral(GpEngine.standard(), GridModels.BOX, SINGLE)) {
      var fitted = search.fit(known, List.of(), 3);
      fitted.objectives().forEach(objective -> models.add(objective.models().getFirst()));
      fitted.constraints().forEach(constraint -> models.add(constraint.models().getFirst()));
    }
    return models;
  }

  /// The area that points dominate below a reference point.
  private static double area(List<double[]> points, double[] reference) {
    var sorted = new ArrayList<>(points);
    sorted.removeIf(p -> p[0] >= reference[0] || p[1] >= reference[1]);
    sorted.sort((p, q) -> Double.compare(p[0], q[0]));
    double area = 0;
    double top = reference[1];
    for (var p : sorted) {
      area += (reference[0] - p[0]) * Math.max(0, top - p[1]);
      top = Math.min(top, p[1]);
    }
    return area;
  }

  /// By the midpoint rule over both outputs, to eight deviations.
  private static double expectedGrowth(
      GridModels models, int position, List<double[]> vectors, double[] reference) {
    double before = area(vectors, reference);
    int steps = 60;
    double sum = 0;
    var with = new ArrayList<>(vectors);
    for (int a = 0; a < steps; a++) {
      double u = (a + 0.5) / steps * 12 - 6;
      for (int b = 0; b < steps; b++) {
        double v = (b + 0.5) / steps * 12 - 6;
        with.add(
            new double[] {
              models.means()[0][position] + u * models.deviations()[0][position],
              models.means()[1][position] + v * models.deviations()[1][position]
            });
        double weight = GridModels.NORMAL.density(u) * GridModels.NORMAL.density(v);
        sum += weight * (area(with, reference) - before);
        with.removeLast();
      }
    }
    return sum * 144 / steps / steps;
  }

  /// A tenth of the front's range beyond the worst that is no outlier, which the largest of the
  /// second objective is.
  private static double[] reference(List<double[]> outputs, List<double[]> front) {
    var reference = new double[2];
    for (int k = 0; k < 2; k++) {
      int objective = k;
      var sorted = outputs.get(k).clone();
      Arrays.sort(sorted);
      int n = sorted.length;
      double lower = sorted[n / 4];
      double upper = sorted[3 * n / 4];
      double worst = Math.min(sorted[n - 1], upper + 1.5 * (upper - lower));
      double low = front.stream().mapToDouble(v -> v[objective]).min().orElseThrow();
      double high = front.stream().mapToDouble(v -> v[objective]).max().orElseThrow();
      high = Math.max(high, worst);
      reference[k] = high + 0.1 * (high - low);
    }
    return reference;
  }

  private static List<double[]> front(List<double[]> vectors) {
    return vectors.stream()
        .filter(v ->
            vectors.stream()
                .noneMatch(w -> w[0] <= v[0] && w[1] <= v[1] && (w[0] < v[0] || w[1] < v[1])))
        .toList();
  }

  @Test
  void theExpectedGrowthOfTheDominatedAreaIsLargestAtTheSuggestion() {
    var known = known(FALLING, RISING);
    var models = models(known);
    var outputs = models.stream().map(FittedModels.Weighted::outputs).toList();
    var vectors =
        IntStream.range(0, POINTS.length)
            .mapToObj(i -> new double[] {outputs.get(0)[i], outputs.get(1)[i]})
            .toList();
    var front = front(vectors);
    var reference = reference(outputs, front);
    assertThat(reference[1]).as("the outlier is left out").isLessThan(outputs.get(1)[7]);
    var grid = GridModels.of(known, models);
    int best = GridModels.best(i -> expectedGrowth(grid, i, vectors, reference));
    var suggestion = suggestion(known);
    assertThat(suggestion.point()).containsExactly(GridModels.POSITIONS[best]);
    double growth = expectedGrowth(grid, best, vectors, reference);
    assertThat(suggestion.logGain())
        .isCloseTo(Math.log(growth / box(front, reference)), within(5e-3));
  }

  /// Only from 0.4 on; what breaks the bound is better in both, and yet in nobody's way.
  @Test
  void whatBreaksABoundIsNotOfTheFront() {
    var constraint = GridModels.values(POINTS, x -> 0.4 - x);
    var objectives =
        new double[][] {
          GridModels.values(POINTS, x -> x + 0.3 * Math.sin(8 * x)),
          GridModels.values(POINTS, x -> x * x)
        };
    var known = new Known(POINTS, objectives, new double[0], new double[][] {constraint});
    var models = models(known);
    var outputs = models.stream().map(FittedModels.Weighted::outputs).toList();
    var vectors =
        IntStream.range(3, POINTS.length)
            .mapToObj(i -> new double[] {outputs.get(0)[i], outputs.get(1)[i]})
            .toList();
    var front = front(vectors);
    var reference = reference(outputs, front);
    var grid = GridModels.of(known, models);
    double mean = Arrays.stream(constraint).average().orElseThrow();
    double bound = outputs.get(2)[0] - constraint[0] / deviation(constraint, mean);
    int best =
        GridModels.best(i -> expectedGrowth(grid, i, vectors, reference) * grid.below(2, i, bound));
    var suggestion = suggestion(known);
    assertThat(suggestion.point()).containsExactly(GridModels.POSITIONS[best]);
    double growth = expectedGrowth(grid, best, vectors, reference);
    assertThat(suggestion.logGain())
        .isCloseTo(Math.log(growth / box(front, reference)), within(5e-3));
  }

  private static double box(List<double[]> front, double[] reference) {
    double box = 1;
    for (int k = 0; k < 2; k++) {
      int objective = k;
      box *= reference[k] - front.stream().mapToDouble(v -> v[objective]).min().orElseThrow();
    }
    return box;
  }

  private static double deviation(double[] values, double mean) {
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  @Test
  void whatIsUnderWayIsNotSuggestedAgain() {
    var first = suggestion(known(FALLING, RISING)).point();
    var known = new Known(POINTS, new double[][] {FALLING, RISING}, first, new double[0][]);
    assertThat(suggestion(known).point()[0]).isNotEqualTo(first[0]);
  }

  /// Of what is under way, the front has what is expected to keep the bounds, and nothing else: at
  /// 0.05 both objectives are better than wherever the bound is kept.
  @Test
  void whatIsUnderWayCountsWhereItIsExpectedToKeepTheBounds() {
    var constraints = new double[][] {GridModels.values(POINTS, x -> 0.4 - x)};
    var objectives =
        new double[][] {
          GridModels.values(POINTS, x -> x + 0.3 * Math.sin(8 * x)),
          GridModels.values(POINTS, x -> x * x)
        };
    var alone = suggestion(new Known(POINTS, objectives, new double[0], constraints));
    var breaking = new Known(POINTS, objectives, new double[] {0.05}, constraints);
    assertThat(suggestion(breaking).point()).isEqualTo(alone.point());
    assertThat(suggestion(breaking).logGain()).isCloseTo(alone.logGain(), within(0.1));
    var keeping = new Known(POINTS, objectives, alone.point(), constraints);
    assertThat(suggestion(keeping).point()[0]).isNotEqualTo(alone.point()[0]);
  }

  @Test
  void anObjectiveThatNeverChangesIsNone() {
    var constant = GridModels.values(POINTS, _ -> 5);
    try (var search = new SurrogateSearch(GpEngine.standard(), GridModels.BOX, SINGLE)) {
      var alone = known(FALLING);
      var expected =
          search.suggest(search.fit(alone, List.of(), 3), alone, CandidateRule.ANY, 0, 3);
      var suggestion = suggestion(known(constant, FALLING));
      assertThat(suggestion.point()).isEqualTo(expected.point());
      assertThat(suggestion.logGain()).isEqualTo(expected.logGain());
    }
  }

  /// Knowles 2006: the largest of the weighted objectives, each from 0 to 1, and a twentieth of
  /// their sum.
  @Test
  void ofFourObjectivesARandomSumIsSearched() {
    var objectives =
        new double[][] {
          FALLING,
          GridModels.values(POINTS, x -> 100 * x),
          GridModels.values(POINTS, x -> Math.cos(6 * x)),
          GridModels.values(POINTS, x -> Math.abs(x - 0.5))
        };
    var suggestions = new ArrayList<Double>();
    for (int seed = 1; seed <= 4; seed++) {
      var sum = known(tchebycheff(objectives, seed));
      try (var scalar = new SurrogateSearch(GpEngine.standard(), GridModels.BOX, SINGLE);
          var search = SurrogateSearch.ofSeveral(GpEngine.standard(), GridModels.BOX, SINGLE)) {
        var expected =
            scalar.suggest(scalar.fit(sum, List.of(), seed), sum, CandidateRule.ANY, 0, seed);
        var known = known(objectives);
        var suggestion =
            search.suggest(search.fit(known, List.of(), 1), known, CandidateRule.ANY, 0, seed);
        assertThat(suggestion.point()).isEqualTo(expected.point());
        assertThat(suggestion.logGain()).isCloseTo(expected.logGain(), within(1e-6));
        suggestions.add(suggestion.point()[0]);
      }
    }
    assertThat(suggestions.stream().distinct().count()).as("directions").isGreaterThan(1);
  }

  private static double[] tchebycheff(double[][] objectives, long seed) {
    var random = new Philox(seed, Purpose.PROPOSAL.ordinal());
    var weights =
        IntStream.range(0, 4).mapToDouble(_ -> -Math.log(1 - random.nextDouble())).toArray();
    double total = Arrays.stream(weights).sum();
    var units =
        Arrays.stream(objectives)
            .map(values -> {
              double low = Arrays.stream(values).min().orElseThrow();
              double high = Arrays.stream(values).max().orElseThrow();
              return GridModels.values(values, y -> (y - low) / (high - low));
            })
            .toList();
    return IntStream.range(0, POINTS.length)
        .mapToDouble(i -> {
          var parts =
              IntStream.range(0, 4)
                  .mapToDouble(k -> weights[k] / total * units.get(k)[i])
                  .summaryStatistics();
          return parts.getMax() + 0.05 * parts.getSum();
        })
        .toArray();
  }
}
