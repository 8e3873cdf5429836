package dev.assay.run.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.space.Configuration;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.Report;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trials that are segments, replayed: each pays for its own steps alone.
class SegmentReplayTest {
  private static final String CURVES =
      """
      config,lr,status,loss_1,loss_2,loss_3,time_s_1,time_s_2,time_s_3
      0,0.1,ok,0.9,0.5,0.4,10,20,50
      1,0.2,diverged,0.9,0.8,,10,20,
      2,0.3,diverged,,,,,,
      """;
  private static final String DESCRIPTION =
      """
      {"parameters": {"lr": {"type": "float", "min": 0.1, "max": 1}},
       "metric": "loss", "direction": "minimize"}
      """;

  @TempDir Path directory;

  private ReplayTable table() {
    try {
      Files.writeString(directory.resolve("t.csv"), CURVES);
      Files.writeString(directory.resolve("t.json"), DESCRIPTION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ReplayTable.read(directory.resolve("t.csv"));
  }

  /// Proposes one segment after the other.
  private record Scripted(double lr, Segment... segments) implements Sampler {
    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public Map<String, @Nullable Object> settings() {
      return Map.of("segments", Arrays.toString(segments));
    }

    @Override
    public boolean proposesSegments() {
      return true;
    }

    @Override
    public Proposer open(SearchTask task) {
      return new Proposer() {
        @Override
        public @Nullable Proposal propose(int trial, History history) {
          return trial >= segments.length
              ? null
              : new Proposal(task.space().configuration(Map.of("lr", lr)), segments[trial].notes());
        }
      };
    }
  }

  private List<TrialRecord> replay(Sampler sampler) {
    var table = table();
    var objective = new Objective(table.metric(), table.direction());
    try (Study<Configuration> study =
        Study.over(table.space()).objective(objective).sampler(sampler).open()) {
      new TableRunner("t.csv", table, List.of(objective), "mean").run(study, Budget.UNLIMITED, 1);
      return study.trials();
    }
  }

  private static double end(TrialRecord trial) {
    var timeline = (Map<?, ?>) Objects.requireNonNull(trial.attributes().get("simulated"));
    return ((Number) Objects.requireNonNull(timeline.get("end"))).doubleValue();
  }

  @Test
  void aSegmentPaysForItsOwnStepsAndEndsWithTheValueThere() {
    var trials = replay(new Scripted(0.1, new Segment(null, 0, 2, 3L), new Segment(0, 2, 3, 3L)));
    assertThat(trials).extracting(TrialRecord::value).containsExactly(0.5, 0.4);
    assertThat(trials).extracting(SegmentReplayTest::end).containsExactly(20.0, 50.0);
    assertThat(trials.get(0).reports())
        .containsExactly(new Report(1, List.of(0.9)), new Report(2, List.of(0.5)));
    assertThat(trials.get(1).reports()).containsExactly(new Report(3, List.of(0.4)));
    assertThat(trials).extracting(Segment::isPaused).containsExactly(true, false);
  }

  @Test
  void aCurveThatEndsBeforeTheHorizonIsThrough() {
    var trials = replay(new Scripted(0.1, new Segment(null, 0, 7, 10L)));
    assertThat(trials.getFirst().value()).isEqualTo(0.4);
    assertThat(Segment.isPaused(trials.getFirst())).isFalse();
  }

  @Test
  void whatDivergesLaterCompletesBefore() {
    var trials =
        replay(
            new Scripted(
                0.2,
                new Segment(null, 0, 1, 3L),
                new Segment(0, 1, 2, 3L),
                new Segment(1, 2, 3, 3L)));
    assertThat(trials)
        .extracting(TrialRecord::state)
        .containsExactly(TrialState.COMPLETE, TrialState.COMPLETE, TrialState.FAILED);
    assertThat(trials).extracting(Segment::isPaused).containsExactly(true, true, false);
  }

  @Test
  void whatHasNoPointFailsAtOnce() {
    var trials = replay(new Scripted(0.3, new Segment(null, 0, 1, 3L)));
    assertThat(trials.getFirst().state()).isEqualTo(TrialState.FAILED);
  }
}
