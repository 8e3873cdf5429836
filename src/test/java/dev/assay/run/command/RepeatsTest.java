package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.run.Repeats;
import dev.assay.run.gpu.GpuResources;
import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.Pruner;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trials of several runs, with shell scripts as the programs.
class RepeatsTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private static final Repeats THREE = new Repeats(3, List.of(), false);

  @TempDir Path directory;

  @BeforeAll
  static void posix() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "these programs are shell scripts");
  }

  private List<TrialRecord> run(String script, Repeats repeats, Pruner pruner, int trials) {
    var settings = CommandSettings.of("/bin/sh", "-c", script).repeated(repeats);
    var runner =
        new CommandRunner(
            settings,
            List.of(Objective.minimize("loss")),
            directory,
            directory.resolve("trials"),
            CommandRunner.Keep.ALL,
            GpuResources.UNSAID,
            TrialWatcher.NONE);
    try (var study =
        Study.over(SPACE)
            .named("repeats")
            .minimize("loss")
            .sampler(Samplers.random())
            .pruner(pruner)
            .seed(1)
            .open()) {
      runner.run(study, Budget.trials(trials), 1);
      return study.trials();
    }
  }

  private static final String BY_REPEAT =
      "echo \"@assay {\\\"loss\\\": $ASSAY_REPEAT, \\\"others\\\": $ASSAY_REPEAT$ASSAY_REPEAT}\"";

  @Test
  void aTrialIsTheMeanOfItsRuns() {
    var trial = run(BY_REPEAT, THREE, Pruner.NONE, 1).getFirst();
    assertThat(trial.values()).containsExactly(2.0);
    assertThat(trial.reports())
        .extracting(r -> r.values().getFirst())
        .containsExactly(1.0, 2.0, 3.0);
    assertThat(trial.attributes()).containsEntry(TrialRecord.RUNS, 3);
    assertThat(trial.attributes()).containsEntry("scores", Map.of("loss", Map.of("sd", 1.0)));
    assertThat(trial.attributes()).containsEntry("metrics", Map.of("others", 22.0));
    assertThat(trial.runs()).extracting(TrialRecord::value).containsExactly(1.0, 2.0, 3.0);
  }

  @Test
  void eachRunHasASeedAndADirectoryOfItsOwn() throws IOException {
    var script = "echo $ASSAY_SEED > $ASSAY_TRIAL_DIR/seed; echo '@assay {\"loss\": 1}'";
    run(script, THREE, Pruner.NONE, 2);
    var seeds =
        IntStream.range(0, 6)
            .mapToObj(i -> directory.resolve("trials/" + i / 3 + "/run-" + (i % 3 + 1) + "/seed"))
            .map(RepeatsTest::text)
            .toList();
    assertThat(seeds).doesNotHaveDuplicates().allMatch(seed -> Long.parseLong(seed) >= 0);
    assertThat(Files.readString(directory.resolve("trials/0/log")).lines()).hasSize(3);
  }

  @Test
  void namedSeedsAreThoseOfEveryTrial() {
    var script = "echo \"@assay {\\\"loss\\\": $ASSAY_SEED}\"";
    var trials = run(script, new Repeats(2, List.of(7L, 11L), false), Pruner.NONE, 2);
    assertThat(trials).extracting(TrialRecord::value).containsExactly(9.0, 9.0);
    // The same seeds would bring the same again: that is no noise to be known.
    assertThat(trials.getFirst().attributes()).doesNotContainKey(TrialRecord.RUNS);
    assertThat(trials.getFirst().runs()).hasSize(1);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void theStepsOfARunAreNoStepsOfTheTrial() {
    var script = "for s in 1 2 3 4; do echo \"@assay {\\\"step\\\": $s, \\\"loss\\\": $s}\"; done";
    var trial = run(script, THREE, Pruners.threshold(0, 2), 1).getFirst();
    assertThat(trial.reports()).extracting(r -> r.step()).containsExactly(1L);
    assertThat(trial.state()).isEqualTo(TrialState.PRUNED);
    assertThat(trial.runs()).extracting(TrialRecord::value).containsExactly(4.0);
  }

  @Test
  void aRunThatFailsSaysWhich() {
    var script = "[ $ASSAY_REPEAT -lt 2 ] || exit 3; echo '@assay {\"loss\": 1}'";
    var trial = run(script, THREE, Pruner.NONE, 1).getFirst();
    assertThat(trial.state()).isEqualTo(TrialState.FAILED);
    assertThat(trial.detail()).startsWith("run 2 of 3: exit code 3");
  }

  /// Trials are 1.1, 1.2, 1.3, then 2.1, 2.2, 2.3, ...: run by run they lose whole numbers. Once
  /// three beside the best have shown that, one run is enough.
  @Test
  void aRaceEndsWhatIsHopelessAfterItsFirstRun() {
    var script =
        "n=$ASSAY_TRIAL; r=$ASSAY_REPEAT;" + "echo \"@assay {\\\"loss\\\": $((n + 1)).$r}\"";
    var trials = run(script, THREE, Pruners.race(), 8);
    assertThat(trials.subList(0, 4)).allMatch(t -> t.state() == TrialState.COMPLETE);
    assertThat(trials.subList(4, 8)).allMatch(t -> t.state() == TrialState.PRUNED);
    assertThat(trials.get(7).reports()).hasSize(1);
    assertThat(trials.get(7).runs().getFirst().value()).isCloseTo(8.1, offset(1e-12));
  }

  @Test
  void aProgramThatIgnoresItsSeedIsSpokenOf() {
    var equal = new EqualRuns();
    assertThat(equal.note(0, true)).isEmpty();
    assertThat(equal.note(1, true)).isEmpty();
    assertThat(equal.note(5, true)).containsExactly(0, 1, 5);
    assertThat(equal.note(6, true)).as("once is enough").isEmpty();
    var other = new EqualRuns();
    assertThat(other.note(0, false)).isEmpty();
    for (int trial = 1; trial < 9; trial++) {
      assertThat(other.note(trial, true)).as("one that differs settles it").isEmpty();
    }
  }

  @Test
  void whatIsNoRepetitionIsRefused() {
    assertThatThrownBy(() -> new Repeats(0, List.of(), false)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> new Repeats(2, List.of(3L, 3L), false))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("seed of its own");
    assertThatThrownBy(() -> new Repeats(1, List.of(), true))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("leaves nothing");
  }
}
