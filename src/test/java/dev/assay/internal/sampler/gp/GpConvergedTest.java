package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.sampler.seen.Untried;
import dev.assay.internal.surrogate.Known;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Optima that have nothing more to give: the search says that it converged, and goes on over the
/// space.
class GpConvergedTest extends GpPlateauCase {
  @ParameterizedTest
  @ValueSource(strings = {"logei", "ei", "pi", "ucb", "thompson"})
  void anOptimumOnABoundDoesNotEatTheBudget(String acquisition) {
    var sampler =
        Samplers.create("gp", Map.of("model", "single", "noisy", "no", "acquisition", acquisition));
    for (var space : List.of(LINE, SQUARE)) {
      int d = space.dimension();
      var trials =
          Trials.search(
              sampler,
              Trials.task(space, 1),
              40,
              p -> {
                var x = p.configuration();
                return new double[] {x.number("x") + (d == 1 ? 0 : x.number("w"))};
              });
      assertDistinct(trials, 40);
      assertThat(trials.stream().mapToDouble(TrialRecord::value).min().orElseThrow())
          .isLessThan(acquisition.equals("thompson") ? 0.05 : 1e-3);
      var late = trials.subList(20, 40);
      assertThat(late.stream().filter(t -> t.value() > 0.1).count()).isGreaterThan(7);
    }
  }

  /// A wide funnel with a flat bottom, and a narrow one that is deeper: models would look for more
  /// on the bottom for ever.
  @Test
  void aPlateauThatIsTheBestSoFarIsLeft() {
    var trials =
        search(
            SQUARE,
            50,
            x -> {
              double wide = Math.hypot(x.number("x") - 0.7, x.number("w") - 0.3);
              double narrow = Math.hypot(x.number("x") - 0.15, x.number("w") - 0.8);
              return new double[] {Math.min(Math.max(0.5, 0.5 + 2 * (wide - 0.2)), 4 * narrow)};
            });
    assertThat(trials.stream().mapToDouble(TrialRecord::value).min().orElseThrow()).isLessThan(0.1);
    assertThat(trials.stream().map(t -> String.valueOf(t.notes().get("explores"))))
        .contains("the best value is that of a plateau");
  }

  /// Where values are rounded many share the best one, and a better step may be next to it.
  @Test
  void stepsAreNoPlateau() {
    double[] rounded = {0.2, 0.2, 0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.6, 0.6};
    double[] flat = {0.2, 0.2, 0.2, 0.2, 0.2, 0.41, 0.42, 0.43, 0.6, 0.61};
    var points = new double[10];
    assertThat(new Known(points, rounded, new double[0]).isBestOnPlateau()).isFalse();
    assertThat(new Known(points, flat, new double[0]).isBestOnPlateau()).isTrue();
    assertThat(new Known(points, flat, new double[0]).isConstant()).isFalse();
  }

  @Test
  void whatHasConvergedSaysSo() {
    var trials = search(LINE, 30, x -> new double[] {x.number("x")});
    assertThat(String.valueOf(trials.getLast().notes().get("explores"))).startsWith("converged");
  }

  /// Neither what was tried nor what is under way.
  @Test
  void whatIsUnderWayIsNotProposedAgain() {
    var finished = search(LINE, 12, x -> new double[] {x.number("x")});
    var pending = new ArrayList<History.Pending>();
    var seen = new HashSet<>(Trials.configurations(finished));
    try (var proposer = single().open(Trials.task(LINE, 1))) {
      for (int t = 12; t < 30; t++) {
        var proposal = requireNonNull(proposer.propose(t, History.of(finished, pending)));
        pending.add(new History.Pending(t, proposal.configuration(), List.of()));
        assertThat(seen.add(proposal.configuration())).isTrue();
      }
    }
  }

  /// What was taken over from another study is no trial of this one.
  @Test
  void trialsOfAnEarlierStudyMayBeRepeated() {
    var encoding = new BoxEncoding(SQUARE);
    var configuration = SQUARE.configuration(Map.of("x", 0.25, "w", 0.5));
    for (int number : new int[] {-1, 0}) {
      var trial = Trials.complete(number, new Proposal(configuration), 1);
      var rule = encoding.rule(History.of(List.of(trial), List.of()), new Untried(SQUARE));
      assertThat(rule.acceptable(new double[] {0.25, 0.5})).isEqualTo(number < 0);
      assertThat(rule.acceptable(new double[] {0.25 + 1e-6, 0.5})).isEqualTo(number < 0);
      assertThat(rule.acceptable(new double[] {0.25 + 1e-4, 0.5})).isTrue();
    }
  }

  /// Neighbouring integers are as near as that, and different all the same.
  @Test
  void integersOfALongRangeAreToldApart() {
    var space =
        SearchSpace.builder()
            .add("n", new IntRange(1, 1_000_000))
            .add("x", new FloatRange(0, 1))
            .build();
    var encoding = new BoxEncoding(space);
    var taken = space.configuration(Map.of("n", 500, "x", 0.5));
    var trial = Trials.complete(0, new Proposal(taken), 1);
    var rule = encoding.rule(History.of(List.of(trial), List.of()), new Untried(space));
    var next = space.configuration(Map.of("n", 501, "x", 0.5));
    assertThat(rule.acceptable(encoding.point(taken))).isFalse();
    assertThat(rule.acceptable(encoding.point(next))).isTrue();
  }

  /// The same whether one proposer made all proposals or a fresh one makes the next.
  @ParameterizedTest
  @ValueSource(strings = {"constant", "bound"})
  void aResumedSearchExploresTheSame(String objective) {
    SearchTask task = Trials.task(SQUARE, 3);
    var finished = new ArrayList<TrialRecord>();
    try (var kept = single().open(task)) {
      for (int t = 0; t < 24; t++) {
        var history = History.of(List.copyOf(finished), List.of());
        var proposal = requireNonNull(kept.propose(t, history));
        if (t > 5) {
          try (var fresh = single().open(task)) {
            assertThat(fresh.propose(t, history)).isEqualTo(proposal);
          }
        }
        double y =
            objective.equals("constant")
                ? 1
                : proposal.configuration().number("x") + proposal.configuration().number("w");
        finished.add(Trials.complete(t, proposal, y));
      }
    }
    assertThat(explored(finished)).isGreaterThan(5);
  }
}
