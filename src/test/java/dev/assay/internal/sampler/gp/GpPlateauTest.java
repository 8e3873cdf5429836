package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Outcomes that tell a model nothing: the search goes on over the space.
class GpPlateauTest extends GpPlateauCase {
  /// Spaces of every kind.
  enum Kind {
    LINE(GpPlateauTest.LINE),
    SQUARE(GpPlateauTest.SQUARE),
    FIVE(cube(5)),
    LOGARITHMIC(SearchSpace.builder().add("rate", FloatRange.log(1e-6, 1)).build()),
    INTEGERS(
        SearchSpace.builder()
            .add("a", new IntRange(1, 40))
            .add("b", new IntRange(1, 100_000))
            .build()),
    CHOICES(
        SearchSpace.builder()
            .add("a", Choice.of("p", "q", "r", "s", "t", "u"))
            .add("b", Choice.of(1, 2, 3, 4, 5, 6, 7, 8))
            .build()),
    MIXED(
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("c", Choice.of("p", "q", "r"))
            .build()),
    CONDITIONAL(
        SearchSpace.builder()
            .add("kind", Choice.of("p", "q"))
            .add("x", new FloatRange(0, 1), Condition.when("kind", "p"))
            .add("y", new FloatRange(0, 1), Condition.when("kind", "q"))
            .add("n", new IntRange(1, 9), Condition.when("kind", "q"))
            .build()),
    CONSTRAINED(
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("w", new FloatRange(0, 1))
            .where("x + w <= 0.5")
            .build());

    final SearchSpace space;

    Kind(SearchSpace space) {
      this.space = space;
    }
  }

  private static SearchSpace cube(int d) {
    var space = SearchSpace.builder();
    IntStream.range(0, d).forEach(j -> space.add("x" + j, new FloatRange(0, 1)));
    return space.build();
  }

  /// The largest distance from any of 1,000 places of the square or line to the nearest trial.
  private static double hole(List<TrialRecord> trials, int d) {
    double largest = 0;
    for (int i = 0; i < 1000; i++) {
      double x = (i + 0.5) / 1000;
      double w = i * 0.6180339887498949 % 1;
      double nearest = 9;
      for (var trial : trials) {
        double dx = trial.configuration().number("x") - x;
        double dw = d == 1 ? 0 : trial.configuration().number("w") - w;
        nearest = Math.min(nearest, Math.hypot(dx, dw));
      }
      largest = Math.max(largest, nearest);
    }
    return largest;
  }

  @ParameterizedTest
  @EnumSource
  void aConstantObjectiveIsAskedOfEverNewConfigurations(Kind kind) {
    var trials =
        Trials.search(new GpSampler(), Trials.task(kind.space, 1), 40, _ -> new double[] {2});
    assertDistinct(trials, 40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logei", "ei", "pi", "ucb", "thompson"})
  void aConstantObjectiveHasTheSpaceFilledUnderEveryAcquisition(String acquisition) {
    var sampler =
        Samplers.create("gp", Map.of("model", "single", "noisy", "no", "acquisition", acquisition));
    var trials = Trials.search(sampler, Trials.task(SQUARE, 1), 60, _ -> new double[] {2});
    assertDistinct(trials, 60);
    assertThat(hole(trials, 2)).isLessThan(0.22); // a grid of 8 x 8 has 0.09, corners alone 0.7
    assertThat(trials.getLast().notes()).containsEntry("explores", "all values are equal");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1e308, 1e308, 1e-300, 3.5})
  void whatRoundsToAConstantIsOne(double value) {
    var trials = search(SQUARE, 30, x -> new double[] {value * (1 + 1e-15 * x.number("x"))});
    assertDistinct(trials, 30);
    assertThat(hole(trials, 2)).isLessThan(0.3);
  }

  /// Seen by 91 of 100 random searches.
  @Test
  void aSlitInAPlateauIsFound() {
    int found = 0;
    for (int seed = 0; seed < 6; seed++) {
      double place = 0.1 + 0.14 * seed;
      var trials =
          Trials.search(
              single(),
              Trials.task(SQUARE, seed),
              60,
              p -> new double[] {Math.abs(p.configuration().number("x") - place) < 0.02 ? 1 : 2});
      found += trials.stream().anyMatch(t -> t.value() == 1) ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(5);
  }

  @Test
  void aSlopeInAPlateauIsFoundAndFollowed() {
    for (int seed = 0; seed < 3; seed++) {
      double x = 0.15 + 0.3 * seed;
      var trials =
          Trials.search(
              single(),
              Trials.task(SQUARE, seed),
              50,
              p ->
                  new double[] {
                    Math.min(
                        0.15,
                        Math.hypot(
                            p.configuration().number("x") - x, p.configuration().number("w") - 0.6))
                  });
      assertThat(trials.stream().mapToDouble(TrialRecord::value).min().orElseThrow())
          .isLessThan(0.01);
    }
  }

  @Test
  void pendingTrialsAreKeptApartFrom() {
    var pending = new ArrayList<History.Pending>();
    var finished = search(SQUARE, 8, _ -> new double[] {2});
    try (var proposer = single().open(Trials.task(SQUARE, 1))) {
      for (int t = 8; t < 40; t++) {
        var proposal = requireNonNull(proposer.propose(t, History.of(finished, pending)));
        pending.add(new History.Pending(t, proposal.configuration(), List.of()));
      }
    }
    var all = new ArrayList<>(finished);
    pending.forEach(p -> all.add(Trials.complete(p.number(), new Proposal(p.configuration()), 2)));
    assertDistinct(all, 40);
    assertThat(hole(all, 2)).isLessThan(0.26);
  }

  @Test
  void oneConstantObjectiveOfTwoIsNoObjective() {
    var objectives = new Objective[] {Objective.minimize("a"), Objective.minimize("b")};
    var trials =
        search(SQUARE, 40, x -> new double[] {7, Math.abs(x.number("x") - 0.3)}, objectives);
    assertDistinct(trials, 40);
    double best = trials.stream().mapToDouble(t -> t.values().get(1)).min().orElseThrow();
    assertThat(best).isLessThan(1e-3);
    // What is modelled is the other one alone; the flat direction is no place to crowd in.
    var three = new Objective[] {objectives[0], objectives[1], Objective.minimize("c")};
    assertDistinct(
        search(SQUARE, 30, x -> new double[] {x.number("x"), 1e308, 1 - x.number("x")}, three), 30);
  }

  @Test
  void constantObjectivesHaveTheSpaceFilled() {
    var objectives = new Objective[] {Objective.minimize("a"), Objective.maximize("b")};
    var trials = search(SQUARE, 40, _ -> new double[] {7, -1e308}, objectives);
    assertDistinct(trials, 40);
    assertThat(hole(trials, 2)).isLessThan(0.27);
  }

  @Test
  void equalObjectivesAreSearchedAsOneWouldBe() {
    var objectives = new Objective[] {Objective.minimize("a"), Objective.minimize("b")};
    var trials =
        search(
            SQUARE,
            40,
            x -> {
              double y = x.number("x") + x.number("w");
              return new double[] {y, y};
            },
            objectives);
    assertDistinct(trials, 40);
    assertThat(trials.stream().mapToDouble(t -> t.values().getFirst()).min().orElseThrow())
        .isLessThan(1e-3);
    assertThat(explored(trials)).isGreaterThan(5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e308, 1e308})
  void aConstantMetricBoundsNothing(double metric) {
    assertDistinct(bounded(SQUARE, 30, _ -> 1.0, _ -> metric), 30);
    var searched = bounded(SQUARE, 30, x -> Math.abs(x.number("x") - 0.3), _ -> metric);
    assertDistinct(searched, 30);
    assertThat(searched.stream().mapToDouble(TrialRecord::value).min().orElseThrow())
        .isLessThan(1e-3);
  }

  @Test
  void aMetricOfAnySizeBounds() {
    var trials =
        bounded(
            SQUARE,
            40,
            x -> -x.number("x"),
            x -> x.number("x") > 0.7 ? Double.MAX_VALUE : -Double.MAX_VALUE);
    assertDistinct(trials, 40);
    assertThat(
            trials.stream()
                .filter(TrialRecord::isFeasible)
                .mapToDouble(TrialRecord::value)
                .min()
                .orElseThrow())
        .isLessThan(-0.65);
  }

  /// What is left is where the bound holds.
  @Test
  void aConstantObjectiveHasTheAllowedPartFilled() {
    var trials = bounded(SQUARE, 60, _ -> 1.0, x -> x.number("x") < 0.3 ? 0.0 : 2.0);
    assertDistinct(trials, 60);
    var late = trials.subList(30, 60);
    assertThat(late.stream().filter(TrialRecord::isFeasible).count()).isGreaterThan(20);
    var kept = late.stream().filter(TrialRecord::isFeasible).toList();
    double lowest = kept.stream().mapToDouble(t -> t.configuration().number("w")).min().orElse(1);
    double highest = kept.stream().mapToDouble(t -> t.configuration().number("w")).max().orElse(0);
    assertThat(highest - lowest).isGreaterThan(0.8);
  }

  private static List<TrialRecord> bounded(
      SearchSpace space,
      int trials,
      Function<Configuration, Double> loss,
      Function<Configuration, Double> metric) {
    try (var study =
        Study.over(space)
            .minimize("loss")
            .subjectTo("metric <= 1")
            .sampler(single())
            .seed(1)
            .open()) {
      study.run(
          (x, trial) -> {
            trial.attribute("metric", metric.apply(x));
            return Outcome.complete(loss.apply(x));
          },
          Budget.trials(trials));
      return study.trials();
    }
  }
}
