package dev.assay.run.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.run.Repeats;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.run.gpu.GpuResources;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Segment;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Population based training of programs, with shell scripts as the programs.
@Timeout(300)
class PopulationProgramsTest {
  private static final int MEMBERS = 4;

  /// Fails unless the checkpoint is where the study says that it is; writes its trial into it.
  private static final String PROGRAM =
      """
      cd "$ASSAY_CHECKPOINT_DIR" || exit 8
      steps=$(cat steps 2>/dev/null || echo 0)
      [ "$steps" = "$ASSAY_START_STEP" ] || exit 9
      mkdir -p deep; echo $ASSAY_TRIAL >> deep/lineage; echo $ASSAY_STOP_STEP > steps
      x=$(echo "$ASSAY_PARAMS" | sed 's/[^0-9.]//g')
      """;

  private static final String REPORT = "echo \"@assay {\\\"loss\\\": $x}\"\n";

  @TempDir Path directory;

  @BeforeAll
  static void posix() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "these programs are shell scripts");
  }

  private CommandRunner runner(String script, Retries retries, CommandRunner.Keep keep) {
    return new CommandRunner(
        new CommandSettings(
            List.of("/bin/sh", "-c", script),
            null,
            Map.of(),
            Map.of(),
            null,
            Duration.ofSeconds(1),
            retries,
            GpuDemand.NONE,
            Repeats.NONE),
        List.of(Objective.minimize("loss")),
        directory,
        directory.resolve("trials"),
        keep,
        GpuResources.first(2, 0),
        TrialWatcher.NONE);
  }

  private static StudyBuilder<Configuration> study() {
    return Study.over(SearchSpace.builder().add("x", new FloatRange(1, 2)).build())
        .minimize("loss")
        .sampler(Samplers.pbt(MEMBERS, 3, 12))
        .batch(MEMBERS)
        .seed(5);
  }

  private Path checkpoint(int trial) {
    return directory.resolve("trials/" + trial + "/checkpoint");
  }

  private void assertLineage(TrialRecord trial, List<TrialRecord> trials) throws IOException {
    var expected =
        Segment.lineage(trial, trials).stream().map(t -> Integer.toString(t.number())).toList();
    assertThat(Files.readAllLines(checkpoint(trial.number()).resolve("deep/lineage")))
        .isEqualTo(expected);
  }

  @Test
  void programsGoOnFromCheckpoints() throws IOException {
    try (var study = study().open()) {
      var result =
          runner(PROGRAM + REPORT, Retries.NONE, new CommandRunner.Keep(1))
              .run(study, Budget.UNLIMITED, 3);
      assertThat(result.reason()).isEqualTo(StopReason.TRAINED);
      var trials = study.trials();
      assertThat(trials).hasSize(MEMBERS * 4);
      assertThat(trials).allMatch(trial -> trial.state() == TrialState.COMPLETE);
      for (var trial : trials.subList(MEMBERS * 3, MEMBERS * 4)) {
        assertLineage(trial, trials);
      }
      var best = study.best().getFirst();
      assertLineage(best, trials);
      for (int t = 0; t < MEMBERS * 2; t++) {
        assertThat(Files.exists(checkpoint(t))).isEqualTo(t == best.number());
      }
      assertThat(trials).anyMatch(PopulationProgramsTest::tookOver);
    }
  }

  private static boolean tookOver(TrialRecord trial) {
    var parent = requireNonNull(Segment.of(trial)).parent();
    return parent != null && parent != trial.number() - MEMBERS;
  }

  /// A try that spoilt its checkpoint, and then failed, does not spoil the next one.
  @Test
  void everyTryBeginsWithTheParentsCheckpoint() throws IOException {
    var once =
        "if [ ! -f $ASSAY_TRIAL_DIR/tried ]; then touch $ASSAY_TRIAL_DIR/tried; exit 75; fi\n";
    var retries = new Retries(1, Duration.ZERO, Set.of(Cause.ERROR));
    try (var study = study().open()) {
      runner(PROGRAM + once + REPORT, retries, CommandRunner.Keep.ALL)
          .run(study, Budget.UNLIMITED, 2);
      var trials = study.trials();
      assertThat(trials).hasSize(MEMBERS * 4);
      assertThat(trials).allMatch(trial -> trial.state() == TrialState.COMPLETE);
      assertLineage(trials.getLast(), trials);
    }
  }

  @Test
  void aMemberThatCrashesIsReplaced() throws IOException {
    var crash = "[ $((ASSAY_TRIAL % 5)) = 1 ] && exit 3\n";
    try (var study = study().open()) {
      runner(PROGRAM + crash + REPORT, Retries.NONE, CommandRunner.Keep.ALL)
          .run(study, Budget.UNLIMITED, 4);
      var trials = study.trials();
      assertThat(trials).hasSize(MEMBERS * 4);
      for (var trial : trials) {
        boolean crashed = trial.number() % 5 == 1;
        assertThat(trial.cause()).isEqualTo(crashed ? Cause.ERROR : null);
        assertThat(trial.detail()).doesNotContain("exit code 9");
      }
      assertLineage(trials.getLast(), trials);
    }
  }

  @Test
  void aProgramThatSavesNothingFails() {
    try (var study = study().open()) {
      var result =
          runner("echo '@assay {\"loss\": 1}'", Retries.NONE, CommandRunner.Keep.ALL)
              .run(study, Budget.UNLIMITED, 2);
      assertThat(study.trials()).hasSize(MEMBERS);
      assertThat(study.trials())
          .allMatch(trial -> trial.detail().equals(TrialDirectories.NO_CHECKPOINT));
      assertThat(result.reason()).isEqualTo(StopReason.TRAINED);
    }
  }

  @Test
  void aCheckpointThatIsGoneFailsTheTrial() throws IOException {
    try (var study = study().open()) {
      var runner = runner(PROGRAM + REPORT, Retries.NONE, CommandRunner.Keep.ALL);
      runner.run(study, Budget.trials(MEMBERS), 2);
      for (int t = 0; t < MEMBERS; t++) {
        dev.assay.files.Trees.remove(checkpoint(t));
      }
      runner.run(study, Budget.trials(MEMBERS + 1), 2);
      assertThat(study.trials().getLast().detail()).contains("is gone");
    }
  }

  /// As programs save that keep several steps: the state lies where a link leads.
  @Test
  void linksInCheckpointsAreCopied() throws IOException {
    var script =
        """
        cd "$ASSAY_CHECKPOINT_DIR" || exit 8
        steps=$(cat latest/steps 2>/dev/null || echo 0)
        [ "$steps" = "$ASSAY_START_STEP" ] || exit 9
        mkdir step_$ASSAY_STOP_STEP && echo $ASSAY_STOP_STEP > step_$ASSAY_STOP_STEP/steps
        ln -sfn step_$ASSAY_STOP_STEP latest
        x=$(echo "$ASSAY_PARAMS" | sed 's/[^0-9.]//g')
        """;
    try (var study = study().open()) {
      runner(script + REPORT, Retries.NONE, CommandRunner.Keep.ALL).run(study, Budget.UNLIMITED, 2);
      assertThat(study.trials()).hasSize(MEMBERS * 4);
      assertThat(study.trials()).allMatch(trial -> trial.state() == TrialState.COMPLETE);
      assertThat(Files.readString(checkpoint(MEMBERS * 4 - 1).resolve("latest/steps")))
          .isEqualTo("12\n");
    }
  }

  @Test
  void aProgramWhoseCheckpointCannotBeCopiedFails() {
    try (var study = study().open()) {
      var result =
          runner(PROGRAM + "mkfifo pipe\n" + REPORT, Retries.NONE, CommandRunner.Keep.ALL)
              .run(study, Budget.UNLIMITED, 2);
      assertThat(study.trials()).hasSize(MEMBERS);
      assertThat(study.trials())
          .allMatch(trial -> trial.detail().contains("pipe is neither a file nor"));
      assertThat(result.reason()).isEqualTo(StopReason.TRAINED);
    }
  }
}
