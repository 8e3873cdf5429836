package dev.assay.internal.desk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a map sorted by number.
class OpenTrialsTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private static TrialRecord waiting(int number) {
    return TrialRecord.waiting(number, new Proposal(SPACE.defaults()));
  }

  private static void assertSame(OpenTrials trials, TreeMap<Integer, TrialRecord> expected) {
    var found = new ArrayList<TrialRecord>();
    for (int i = 0; i < trials.size(); i++) {
      found.add(trials.at(i));
    }
    assertThat(found).containsExactlyElementsOf(expected.values());
    assertThat(trials.isEmpty()).isEqualTo(expected.isEmpty());
  }

  /// @param width how far numbers reach beyond the lowest: few that pass through, or many
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20, 300})
  void whatComesAndGoesAnywhereIsFoundByNumber(int width) {
    var trials = new OpenTrials();
    var expected = new TreeMap<Integer, TrialRecord>();
    var random = new Random(width);
    int lowest = 0;
    for (int i = 0; i < 2000; i++) {
      int number = lowest + random.nextInt(width);
      var trial = waiting(number);
      if (random.nextBoolean()) {
        assertThat(trials.put(trial, trial.configuration())).isSameAs(expected.put(number, trial));
      } else if (!expected.isEmpty()) {
        var key = expected.floorKey(number);
        int gone = key == null || random.nextBoolean() ? expected.firstKey() : key;
        assertThat(trials.find(gone)).isSameAs(expected.remove(gone));
        trials.remove(trials.placeOf(gone));
        lowest = expected.isEmpty() ? lowest + 1 : Math.max(lowest, expected.firstKey());
      }
      assertSame(trials, expected);
      assertThat(trials.placeOf(number)).isEqualTo(expected.headMap(number).size());
      assertThat(trials.find(number)).isSameAs(expected.get(number));
    }
  }

  @Test
  void theProposalOfEachGoesWithIt() {
    var trials = new OpenTrials();
    for (int number = 0; number < 40; number++) {
      trials.put(waiting(number), SPACE.fromCodes(new double[] {number / 100.0}));
    }
    trials.remove(30);
    trials.remove(3);
    trials.put(waiting(7), SPACE.defaults()); // it was proposed before
    for (int i = 0; i < trials.size(); i++) {
      assertThat(trials.proposedAt(i).code(0)).isEqualTo(trials.at(i).number() / 100.0);
    }
  }

  @Test
  void reportsAreOfWhatRuns() {
    var trials = new OpenTrials();
    var report = List.of(new Report(1, List.of(0.5)));
    for (int number = 0; number < 3; number++) {
      trials.put(waiting(number).running(1), SPACE.defaults());
    }
    trials.report(1, report);
    trials.report(9, report); // which is not there
    assertThat(trials.reportsAt(0)).isEmpty();
    assertThat(trials.reportsAt(1)).isEqualTo(report);
    trials.remove(0);
    assertThat(trials.reportsAt(0)).isEqualTo(report);
    trials.put(waiting(1).running(2).noted(Map.of("n", 1)), SPACE.defaults());
    assertThat(trials.reportsAt(0)).isEqualTo(report);
    trials.put(
        waiting(1).running(2).ended(Outcome.complete(1), report, Map.of(), 1), SPACE.defaults());
    assertThat(trials.reportsAt(0)).isEmpty();
    trials.remove(0);
    trials.put(waiting(1).running(2), SPACE.defaults());
    assertThat(trials.reportsAt(0)).isEmpty();
  }
}
