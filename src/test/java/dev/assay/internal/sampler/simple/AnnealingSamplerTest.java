package dev.assay.internal.sampler.simple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.problem.Problem;
import dev.assay.sampler.SamplerContract;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnnealingSamplerTest extends SamplerContract {
  @Override
  protected Sampler sampler() {
    return new AnnealingSampler();
  }

  @Test
  void comesCloserThanRandomDraws() {
    assertThat(best(sampler())).isLessThan(best(Samplers.random()) * 0.7);
  }

  private static double best(Sampler sampler) {
    return Trials.search(
            sampler,
            Trials.task(Trials.MIXED, 2),
            150,
            p -> new double[] {Trials.bowl(p.configuration())})
        .stream()
        .mapToDouble(TrialRecord::value)
        .min()
        .orElseThrow();
  }

  /// What 300 trials would be after 30 of which the best ten lie at 0.05, 0.15, ...
  private static double[] steps(Sampler sampler) {
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    var finished = new ArrayList<TrialRecord>();
    for (int i = 0; i < 30; i++) {
      var configuration = space.fromCodes(new double[] {i < 10 ? 0.05 + 0.1 * i : 0.01 * i});
      finished.add(Trials.complete(i, new Proposal(configuration), i));
    }
    try (var proposer = sampler.open(Trials.task(space, 1))) {
      var history = History.of(finished, List.of());
      return IntStream.range(30, 330)
          .mapToDouble(trial ->
              Objects.requireNonNull(proposer.propose(trial, history)).configuration().code(0))
          .toArray();
    }
  }

  /// Ranks are geometric: a third of mean 3 goes on from the best, two ninths from the second.
  @Test
  void whatIsBetterIsGoneOnFromMoreOften() {
    var from = Arrays.stream(steps(new AnnealingSampler(3, 1e6))).map(x -> (x - 0.05) / 0.1);
    var ranks = from.mapToInt(x -> (int) Math.rint(x)).toArray();
    for (int rank = 0; rank < 3; rank++) {
      int at = rank;
      double share = Arrays.stream(ranks).filter(r -> r == at).count() / 300.0;
      assertThat(share).isCloseTo(Math.pow(2.0 / 3, rank) / 3, within(0.06));
    }
  }

  /// Mean 1 is always the best, and steps of a millionth stay there.
  @Test
  void ofEqualsTheFirstIsTheBest() {
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    var finished = new ArrayList<TrialRecord>();
    for (int i = 0; i < 5; i++) {
      var configuration = space.fromCodes(new double[] {0.1 + 0.2 * i});
      finished.add(Trials.complete(i, new Proposal(configuration), 1));
    }
    try (var proposer = new AnnealingSampler(1, 1e6).open(Trials.task(space, 1))) {
      var next = proposer.propose(5, History.of(finished, List.of()));
      assertThat(Objects.requireNonNull(next).configuration().code(0)).isCloseTo(0.1, within(1e-5));
    }
  }

  /// 1 / (1 + 30 · 0.1) of the range, about the best; at a bound what is left of that.
  @Test
  void stepsShrinkWithTheNumberOfTrials() {
    var steps = Arrays.stream(steps(new AnnealingSampler(1, 0.1))).summaryStatistics();
    assertThat(steps.getMin()).isBetween(0.0, 0.01);
    assertThat(steps.getMax()).isBetween(0.165, 0.175);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Samplers.create("annealing", Map.of("mean_rank", 0.5)))
        .isInstanceOf(Problem.class);
    assertThatThrownBy(() -> Samplers.create("annealing", Map.of("shrink", -1)))
        .isInstanceOf(Problem.class);
  }
}
