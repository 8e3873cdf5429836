package dev.assay.internal.sampler.seen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeritTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private static final List<Objective> ONE = List.of(Objective.minimize("loss"));

  private static final Proposal PROPOSAL = new Proposal(SPACE.fromCodes(new double[] {0.5}));

  private static Merit merit(TrialRecord trial) {
    return Merit.of(trial, ONE);
  }

  /// Judged by a bound on the loss itself.
  private static Merit above(double least, double loss) {
    var constraint = OutcomeConstraint.parse("loss >= " + least);
    return merit(Trials.complete(0, PROPOSAL, loss).under(List.of(constraint), ONE));
  }

  /// Those that keep the bounds by their loss, then stopped ones, then those that break them by how
  /// much, and of equal ones by their loss; failed ones last.
  @Test
  void whatBreaksABoundRanksByHowMuch() {
    var kept = above(0.5, 9);
    var little = above(0.5, 0.4);
    var much = above(0.5, 0.1);
    var stopped = merit(Trials.pruned(0, PROPOSAL, 3));
    var failed = merit(Trials.failed(0, PROPOSAL));
    assertThat(List.of(much, failed, little, stopped, kept).stream().sorted())
        .containsExactly(kept, stopped, little, much, failed);
    assertThat(little).isEqualByComparingTo(new Merit(2, 0.5 - 0.4, 0.4));
    assertThat(failed.isRanked()).isFalse();
    assertThat(much.isRanked()).isTrue();
    assertThat(much.isComplete()).isFalse();
  }

  /// By how long they were kept, then by what they came to.
  @Test
  void stoppedTrialsRankByTheirLastStep() {
    var late = merit(Trials.pruned(0, PROPOSAL, 9, 9));
    var early = merit(Trials.pruned(0, PROPOSAL, 1));
    var other = merit(Trials.pruned(0, PROPOSAL, 2));
    assertThat(List.of(other, early, late).stream().sorted()).containsExactly(late, early, other);
  }
}
