package dev.assay.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialRecordTest {
  private static final Proposal SOMEWHERE =
      new Proposal(
          SearchSpace.builder()
              .add("x", new FloatRange(0, 1))
              .build()
              .fromCodes(new double[] {0.5}));

  private static TrialRecord ended(long startedMillis, double seconds) {
    return TrialRecord.waiting(0, SOMEWHERE)
        .running(startedMillis)
        .ended(Outcome.complete(1), List.of(), Map.of(), seconds);
  }

  /// The first ran from 1000.1 to 1000.6, the second from 1000.65 to 1000.7.
  @Test
  void ofTwoOneAfterTheOtherTheFirstNeverSeemsToHaveEndedLater() {
    var first = ended(1000, 0.0005);
    var second = ended(1000, 0.00005);
    assertThat(first.endedMillis()).isEqualTo(second.endedMillis()).isEqualTo(1000);
  }

  /// A thousand times the seconds are a little less for some, 1001 of them among others.
  @Test
  void aWholeNumberOfMillisecondsIsNotCutByOne() {
    for (int millis = 0; millis < 5000; millis++) {
      assertThat(ended(7, millis / 1000.0).endedMillis()).isEqualTo(7 + millis);
    }
  }
}
