package dev.assay.internal.sampler.genetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.sampler.seen.Merit;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Generations of four under two objectives.
class PopulationTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 100)).build();

  private static final List<Objective> TWO =
      List.of(Objective.minimize("a"), Objective.minimize("b"));

  private final List<TrialRecord> finished = new ArrayList<>();

  private static Proposal proposal(int number) {
    return new Proposal(SPACE.fromCodes(new double[] {number}));
  }

  private void tell(double... losses) {
    finished.add(Trials.complete(finished.size(), proposal(finished.size()), losses));
  }

  private List<Population.Member> parents() {
    var population =
        new Population(4, TWO, (front, _, count) -> Nsga2Sampler.byCrowding(front, count));
    population.advanceTo(History.of(finished, List.of()));
    return population.parents();
  }

  private static List<Integer> numbers(List<Population.Member> members) {
    return members.stream().map(m -> (int) m.configuration().code(0)).toList();
  }

  @Test
  void beforeAGenerationIsWholeThereAreNoParents() {
    tell(1, 1);
    tell(2, 2);
    tell(3, 3);
    assertThat(parents()).isEmpty();
    tell(4, 4);
    assertThat(numbers(parents())).containsExactly(0, 1, 2, 3);
    tell(0, 0);
    assertThat(parents()).as("the next is not whole").hasSize(4);
    assertThat(numbers(parents())).doesNotContain(4);
  }

  /// The best of parents and children together: fronts {6}, {0, 4}, and of {1, 2, 5} the one that
  /// is most on its own.
  @Test
  void theBestOfParentsAndChildrenStay() {
    tell(2, 3);
    tell(4, 6);
    tell(5, 5);
    tell(9, 9);
    tell(3, 2);
    tell(8, 4);
    tell(1, 1);
    tell(10, 10);
    var parents = parents();
    assertThat(numbers(parents).subList(0, 3)).containsExactlyInAnyOrder(6, 0, 4);
    assertThat(numbers(parents).getLast()).isIn(1, 5);
    assertThat(parents.stream().map(Population.Member::rank)).containsExactly(0, 1, 1, 2);
  }

  /// Of what is worth nothing beside others: pruned ones after complete ones, failed ones never.
  @Test
  void failedTrialsAreNoParents() {
    finished.add(Trials.pruned(0, proposal(0), 1));
    finished.add(Trials.failed(1, proposal(1)));
    finished.add(Trials.pruned(2, proposal(2), 9, 9));
    tell(50, 50);
    var parents = parents();
    assertThat(numbers(parents)).containsExactly(3, 2, 0);
    assertThat(parents.stream().map(Population.Member::rank)).containsExactly(0, 1, 2);
  }

  /// Deb et al. 2002: the gaps between neighbours, in units of the front's extent.
  @Test
  void crowdingIsTheGapBetweenNeighbours() {
    var front = new ArrayList<Population.Member>();
    for (var losses : new double[][] {{3, 5}, {0, 10}, {10, 0}, {1, 6}, {4, 4.5}}) {
      var trial = Trials.complete(front.size(), proposal(front.size()), losses);
      front.add(
          new Population.Member(
              trial.configuration(), Merit.of(trial, TWO), Merit.losses(trial, TWO), 0, 0));
    }
    var distances = Nsga2Sampler.crowding(front);
    assertThat(distances)
        .containsExactly(
            new double[] {
              0.3 + 0.15, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0.3 + 0.5, 0.7 + 0.5
            },
            within(1e-12));
    assertThat(numbers(Nsga2Sampler.byCrowding(front, 3))).containsExactlyInAnyOrder(1, 2, 4);
    assertThat(
            IntStream.of(1, 2, 3, 4, 5).map(count -> Nsga2Sampler.byCrowding(front, count).size()))
        .containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void aBetterRankWinsAndThenTheMoreLonely() {
    var first = new Population.Member(SPACE.defaults(), new Merit(0, 0, 0), new double[2], 0, 0.1);
    assertThat(first.beats(first.ranked(1, 9))).isTrue();
    assertThat(first.ranked(1, 9).beats(first)).isFalse();
    assertThat(first.beats(first.ranked(0, 0.05))).isTrue();
    assertThat(first.beats(first.ranked(0, 0.2))).isFalse();
  }
}
