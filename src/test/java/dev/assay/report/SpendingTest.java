package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.Report;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpendingTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
  private static final Proposal SOMEWHERE = new Proposal(SPACE.fromCodes(new double[] {0.5}));

  private final List<TrialRecord> trials = new ArrayList<>();

  private void add(
      Proposal proposal,
      Outcome outcome,
      int lastStep,
      double seconds,
      Map<String, @Nullable Object> attributes) {
    var reports = lastStep == 0 ? List.<Report>of() : List.of(new Report(lastStep, List.of(0.5)));
    trials.add(
        TrialRecord.waiting(trials.size(), proposal).ended(outcome, reports, attributes, seconds));
  }

  private void add(Outcome outcome, int lastStep, double seconds) {
    add(SOMEWHERE, outcome, lastStep, seconds, Map.of());
  }

  private Map<String, @Nullable Object> spent(Map<String, @Nullable Object> facts) {
    var definition = SampleStudies.definition("s", SPACE, Objective.minimize("loss"));
    return Spending.of(StudyView.of(definition, trials, facts));
  }

  private static Map<String, @Nullable Object> row(
      @Nullable Long from, @Nullable Long to, List<Long> trials, Double... spent) {
    var row = new java.util.HashMap<String, @Nullable Object>();
    row.put("from", from);
    row.put("to", to);
    row.put("trials", trials);
    row.put("spent", Arrays.asList(spent));
    return row;
  }

  @Test
  void secondsByEndAndByLastStep() {
    add(Outcome.complete(0.1), 9, 8);
    add(Outcome.pruned(), 1, 1);
    add(Outcome.pruned(), 1, 2);
    add(Outcome.pruned(), 3, 4);
    add(Outcome.failed(Cause.ERROR, "lost"), 0, 16);
    add(Confirmation.of(trials.getFirst()), Outcome.complete(0.2), 9, 32, Map.of());
    trials.add(TrialRecord.waiting(trials.size(), SOMEWHERE)); // has spent nothing
    assertThat(spent(Map.of()))
        .containsEntry("metric", "seconds")
        .containsEntry("unit", "seconds")
        .containsEntry("ends", List.of("complete", "pruned", "failed", "confirming"))
        .containsEntry(
            "rows",
            List.of(
                row(null, null, List.of(0L, 0L, 1L, 0L), 0.0, 0.0, 16.0, 0.0),
                row(1L, 1L, List.of(0L, 2L, 0L, 0L), 0.0, 3.0, 0.0, 0.0),
                row(3L, 3L, List.of(0L, 1L, 0L, 0L), 0.0, 4.0, 0.0, 0.0),
                row(9L, 9L, List.of(1L, 0L, 0L, 1L), 8.0, 0.0, 0.0, 32.0)));
  }

  /// A table's seconds are those that were recorded, not those of the replay.
  @Test
  void whatTrialsSayTheyCostComesBeforeTheClock() {
    add(SOMEWHERE, Outcome.complete(0.1), 0, 0.001, Map.of("cost", 30.0));
    add(SOMEWHERE, Outcome.complete(0.1), 0, 0.001, Map.of("cost", Double.NaN));
    assertThat(spent(Map.of("replay", Map.of("unit", "seconds"))))
        .containsEntry("metric", "cost")
        .containsEntry("unit", "seconds")
        .containsEntry("rows", List.of(row(null, null, List.of(2L), 30.0)));
    assertThat(spent(Map.of())).containsEntry("unit", null);
  }

  @Test
  void aPartOfATrainingEndsWhereItEndsInTheWhole() {
    var notes = Map.<String, @Nullable Object>copyOf(new Segment(null, 0, 4, 8L).notes());
    add(new Proposal(SOMEWHERE.configuration(), notes), Outcome.complete(0.1), 4, 1, Map.of());
    var rest = Map.<String, @Nullable Object>copyOf(new Segment(0, 4, 8, 8L).notes());
    add(new Proposal(SOMEWHERE.configuration(), rest), Outcome.complete(0.1), 8, 2, Map.of());
    assertThat(spent(Map.of()))
        .containsEntry(
            "rows", List.of(row(4L, 4L, List.of(1L), 1.0), row(8L, 8L, List.of(1L), 2.0)));
  }

  @Test
  void manyLastStepsAreTakenTogetherByPowersOfTwo() {
    for (int step = 1; step <= 20; step++) {
      add(Outcome.complete(0.1), step, 1);
    }
    assertThat(spent(Map.of()))
        .containsEntry(
            "rows",
            List.of(
                row(1L, 1L, List.of(1L), 1.0),
                row(2L, 2L, List.of(1L), 1.0),
                row(3L, 4L, List.of(2L), 2.0),
                row(5L, 8L, List.of(4L), 4.0),
                row(9L, 16L, List.of(8L), 8.0),
                row(17L, 20L, List.of(4L), 4.0)));
  }
}
