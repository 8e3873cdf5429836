package dev.assay.run.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.files.Trees;
import dev.assay.internal.sampler.curves.FreezeThawSampler;
import dev.assay.run.Repeats;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.run.gpu.GpuResources;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Storage;
import dev.assay.storage.sql.Storages;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Programs that are paused and go on from their own checkpoints, with shell scripts as the
/// programs.
@Timeout(300)
class FreezeThawProgramsTest {
  /// Counts its steps in its checkpoint, and fails where it is not where the study says it is.
  private static final String PROGRAM =
      """
      cd "$ASSAY_CHECKPOINT_DIR" || exit 8
      steps=$(cat steps 2>/dev/null || echo 0)
      [ "$steps" = "$ASSAY_START_STEP" ] || exit 9
      echo $ASSAY_TRIAL >> lineage; echo $ASSAY_STOP_STEP > steps
      x=$(echo "$ASSAY_PARAMS" | sed 's/[^0-9.]//g')
      echo "@assay {\\"loss\\": $x, \\"step\\": $ASSAY_STOP_STEP}"
      """;

  @TempDir Path directory;

  @BeforeAll
  static void posix() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "these programs are shell scripts");
  }

  private List<TrialRecord> run(Storage storage, int trials, String script) {
    var runner =
        new CommandRunner(
            new CommandSettings(
                List.of("/bin/sh", "-c", script),
                null,
                Map.of(),
                Map.of(),
                null,
                Duration.ofSeconds(1),
                Retries.NONE,
                GpuDemand.NONE,
                Repeats.NONE),
            List.of(Objective.minimize("loss")),
            directory,
            directory.resolve("trials"),
            new CommandRunner.Keep(1),
            GpuResources.first(2, 0),
            TrialWatcher.NONE);
    var sampler = new FreezeThawSampler(0, "none", 4, 0.35, "steps", true).withSteps(20);
    try (Study<Configuration> study =
        Study.over(SearchSpace.builder().add("x", new FloatRange(1, 2)).build())
            .minimize("loss")
            .sampler(sampler)
            .storage(storage)
            .batch(2)
            .seed(5)
            .openOrCreate()) {
      runner.run(study, Budget.trials(trials), 2);
      return study.trials();
    }
  }

  private Path checkpoint(int trial) {
    return directory.resolve("trials/" + trial + "/checkpoint");
  }

  @Test
  void programsGoOnFromTheirOwnCheckpoints() throws IOException {
    try (var storage = Storages.memory()) {
      var trials = run(storage, 24, PROGRAM);
      assertThat(trials).hasSize(24).allMatch(trial -> trial.state() == TrialState.COMPLETE);
      int best =
          java.util.Collections.min(
                  trials, java.util.Comparator.comparingDouble(TrialRecord::value))
              .number();
      var paused = Segment.wanted(trials);
      assertThat(paused).isNotEmpty();
      for (int number : paused) {
        var expected =
            Segment.lineage(trials.get(number), trials).stream()
                .map(trial -> Integer.toString(trial.number()))
                .toList();
        assertThat(Files.readAllLines(checkpoint(number).resolve("lineage"))).isEqualTo(expected);
      }
      for (var trial : trials) {
        var parent = requireNonNull(Segment.of(trial)).parent();
        boolean swept = trial.number() < 20; // the last ones may not be yet
        if (parent != null && swept && parent != best) {
          assertThat(checkpoint(parent)).doesNotExist(); // nobody goes on from it again
        }
      }
    }
  }

  /// Steps are lost with a checkpoint, but no training and no trial.
  @Test
  void aTrainingWhoseCheckpointIsGoneBeginsAnew() throws IOException {
    try (var storage = Storages.memory()) {
      var before = run(storage, 12, PROGRAM);
      for (int number : Segment.wanted(before)) {
        Trees.remove(checkpoint(number));
      }
      var trials = run(storage, 24, PROGRAM);
      assertThat(trials).hasSize(24).allMatch(trial -> trial.state() == TrialState.COMPLETE);
      assertThat(trials.subList(12, 24))
          .anyMatch(trial -> {
            var parent = requireNonNull(Segment.of(trial)).parent();
            return parent != null && parent < 12;
          });
    }
  }

  /// What a program does at the end of [#PROGRAM]'s steps, said by its last lines: x is in `$x`.
  private static String says(String last) {
    return PROGRAM.substring(0, PROGRAM.indexOf("echo \"@assay")) + last;
  }

  private List<TrialRecord> run(int trials, String script) {
    try (var storage = Storages.memory()) {
      return run(storage, trials, script);
    }
  }

  /// Curves that jump, cross, and go up and down.
  @Test
  void curvesOfProgramsMayBeAnything() {
    var trials =
        run(
            20,
            says(
                "echo \"@assay {\\\"loss\\\": $((ASSAY_TRIAL * 7919 % 101)), \\\"step\\\":"
                    + " $ASSAY_STOP_STEP}\""));
    assertThat(trials).hasSize(20).allMatch(trial -> trial.state() == TrialState.COMPLETE);
  }

  /// Such a training is not gone on with; others are.
  @Test
  void aCurveThatStartsAtNanIsClosed() {
    var trials =
        run(
            20,
            says(
                """
                [ $ASSAY_START_STEP = 0 ] && [ $((ASSAY_TRIAL % 2)) = 0 ] && x='"NaN"'
                echo "@assay {\\"loss\\": $x, \\"step\\": $ASSAY_STOP_STEP}"
                """));
    var failed = trials.stream().filter(trial -> trial.state() == TrialState.FAILED).toList();
    assertThat(failed).isNotEmpty().allMatch(trial -> trial.cause() == Cause.NOT_FINITE);
    for (var trial : trials) {
      var parent = requireNonNull(Segment.of(trial)).parent();
      assertThat(parent == null || trials.get(parent).state() == TrialState.COMPLETE).isTrue();
    }
    assertThat(trials).anyMatch(trial -> requireNonNull(Segment.of(trial)).parent() != null);
  }

  /// Its training is through, whatever it was asked for, and nobody goes on with it.
  @Test
  void aProgramThatTrainsToTheEndIsTakenAtItsWord() {
    var trials =
        run(
            12,
            """
            cd "$ASSAY_CHECKPOINT_DIR"; touch steps
            x=$(echo "$ASSAY_PARAMS" | sed 's/[^0-9.]//g')
            for step in 5 10 20; do echo "@assay {\\"loss\\": $x, \\"step\\": $step}"; done
            """);
    assertThat(trials).hasSize(12).allMatch(trial -> trial.state() == TrialState.COMPLETE);
    assertThat(trials).allMatch(trial -> requireNonNull(Segment.of(trial)).parent() == null);
  }

  /// The value is there all the same, where the study asked for it.
  @Test
  void stepsThatAreNoWholeNumbersAreNotTheProgress() {
    var trials =
        run(12, says("echo \"@assay {\\\"loss\\\": $x, \\\"step\\\": $ASSAY_STOP_STEP.5}\""));
    assertThat(trials).hasSize(12).allMatch(trial -> trial.state() == TrialState.COMPLETE);
    assertThat(trials).anyMatch(trial -> requireNonNull(Segment.of(trial)).parent() != null);
  }
}
