package dev.assay.internal.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MissingValuesTest {
  private static TrialRecord failed(Cause cause, String detail) {
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    return TrialRecord.waiting(0, new Proposal(space.configuration(Map.of("x", 0.5))))
        .ended(Outcome.failed(cause, detail), List.of(), Map.of(), 1);
  }

  /// As studies have them stored.
  @Test
  void theWordsStay() {
    assertThat(MissingValues.of(List.of("loss", "gb"))).isEqualTo("no value for loss, gb");
    assertThat(MissingValues.of(OutcomeConstraint.parse("gb <= 8")))
        .isEqualTo("gb is unknown, but bounded: gb <= 8");
  }

  @Test
  void aBoundThatCouldNotBeJudgedIsKnownByItsMetric() {
    var detail = MissingValues.of(OutcomeConstraint.parse("gb <= 8"));
    assertThat(MissingValues.isBounded(failed(Cause.NO_VALUE, detail), "gb")).isTrue();
    assertThat(MissingValues.isBounded(failed(Cause.NO_VALUE, detail), "g")).isFalse();
    assertThat(MissingValues.isBounded(failed(Cause.ERROR, detail), "gb")).isFalse();
    var none = MissingValues.of(List.of("gb"));
    assertThat(MissingValues.isBounded(failed(Cause.NO_VALUE, none), "gb")).isFalse();
  }

  @Test
  void whatWasSaidInsteadOfAValueTellsNoFailuresApart() {
    var none = MissingValues.of(List.of("loss", "gb"));
    assertThat(FailureWords.alike(none + ": epoch 3 done"))
        .isEqualTo(FailureWords.alike(none + ": epoch 4 and more"));
    assertThat(FailureWords.alike(none + "; epoch three"))
        .isNotEqualTo(FailureWords.alike(none + "; epoch four"));
  }
}
