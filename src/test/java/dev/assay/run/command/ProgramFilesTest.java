package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.run.Repeats;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.StudyListener;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Report;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is kept of trials, what survived a crash, which devices they lease, and what is refused.
class ProgramFilesTest extends CommandRunnerCase {
  @Test
  void onlyTheBestKeepTheirFilesAndFailuresTheirLog() throws IOException {
    var script =
        "echo big > $ASSAY_TRIAL_DIR/model; [ $ASSAY_TRIAL = 2 ] && exit 1;"
            + "echo \"@assay {\\\"loss\\\": $((5 - ASSAY_TRIAL))}\"";
    try (var study = study("loss").open()) {
      runner(shell(script), new CommandRunner.Keep(2), "loss").run(study, Budget.trials(5), 1);
    }
    try (var kept = Files.walk(directory.resolve("trials"))) {
      assertThat(kept.filter(Files::isRegularFile))
          .extracting(file -> directory.resolve("trials").relativize(file).toString())
          .filteredOn(file -> !file.startsWith("running/"))
          .containsExactlyInAnyOrder("2/log", "3/log", "3/model", "4/log", "4/model");
    }
  }

  @Test
  void whatKeepsItsBoundsIsBetterThanWhatBreaksThem() throws IOException {
    var script =
        "echo big > $ASSAY_TRIAL_DIR/model;"
            + "echo \"@assay {\\\"loss\\\": $((5 - ASSAY_TRIAL)), \\\"memory\\\": $ASSAY_TRIAL}\"";
    var bounded = study("loss").subjectTo(OutcomeConstraint.parse("memory <= 2"));
    try (var study = bounded.open()) {
      runner(shell(script), new CommandRunner.Keep(2), "loss").run(study, Budget.trials(5), 1);
    }
    for (int trial = 0; trial < 5; trial++) {
      assertThat(Files.exists(directory.resolve("trials/" + trial + "/model")))
          .as("trial %d", trial)
          .isEqualTo(trial == 1 || trial == 2);
    }
  }

  @Test
  void whatSurvivedACrashIsEndedFirst() throws Exception {
    var directories = new TrialDirectories(directory.resolve("trials"));
    directories.make(0);
    var builder = new ProcessBuilder("/bin/sh", "-c", "sleep 1000 & wait");
    builder.environment().put(TrialDirectories.VARIABLE, directories.of(0).toString());
    var survivor = builder.start();
    // As an owner that is gone: this process's id, started at another time.
    var alive = dev.assay.process.ProcessIdentity.current();
    directories.noteStarting(0, alive);
    assertThat(directories.endSurvivors()).isEmpty();
    var gone =
        new dev.assay.process.ProcessIdentity(alive.pid(), alive.started() - 1, alive.boot());
    directories.noteStarting(0, gone);
    assertThat(directories.endSurvivors()).containsExactly(0);
    assertThat(survivor.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(directories.endSurvivors()).isEmpty();
  }

  /// Another process may have put the trial back, and none ended its program yet.
  @Test
  void whoStartsATrialAnewEndsWhatItsLastOwnerLeft() throws Exception {
    var directories = new TrialDirectories(directory.resolve("trials"));
    directories.make(0);
    var alive = dev.assay.process.ProcessIdentity.current();
    directories.noteStarting(
        0, new dev.assay.process.ProcessIdentity(alive.pid(), alive.started() - 1, alive.boot()));
    var builder = new ProcessBuilder("/bin/sh", "-c", "sleep 1000 & wait");
    builder.environment().put(TrialDirectories.VARIABLE, directories.of(0).toString());
    var survivor = builder.start();
    directories.noteStarting(0, alive);
    assertThat(survivor.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(directories.endSurvivors()).isEmpty();
  }

  private static CommandSettings leasing(CommandSettings s, double gpus) {
    return new CommandSettings(
        s.words(),
        s.directory(),
        s.environment(),
        s.values(),
        s.timeout(),
        s.grace(),
        s.retries(),
        GpuDemand.of(gpus, 0),
        Repeats.NONE);
  }

  @Test
  void trialsSeeTheGpusThatTheyLease() {
    var settings = leasing(shell("echo \"@assay {\\\"loss\\\": $CUDA_VISIBLE_DEVICES}\""), 1);
    try (var study = study("loss").open()) {
      runner(settings, "loss").run(study, Budget.trials(6), 4);
      assertThat(study.trials()).allMatch(t -> t.state() == TrialState.COMPLETE);
      assertThat(study.trials())
          .allMatch(t -> List.of((int) t.value()).equals(t.attributes().get("gpus")));
      assertThat(study.facts().get(CommandRunner.GPUS))
          .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
          .hasSize(2);
    }
  }

  @Test
  void whoRanOutOfMemoryBesideOthersIsTriedOnceMoreAlone() throws IOException {
    var script =
        "echo x >> $ASSAY_TRIAL_DIR/n; [ $(wc -l < $ASSAY_TRIAL_DIR/n) = 2 ] &&"
            + " echo '@assay {\"loss\": 1}' && exit 0; echo 'CUDA out of memory' >&2; exit 1";
    var trial = one(leasing(shell(script), 0.5));
    assertThat(trial.state()).isEqualTo(TrialState.COMPLETE);
    assertThat(trial.attributes()).containsEntry("retried_alone", true);
    // Alone from the start, another try would mend nothing.
    Files.delete(directory.resolve("trials/0/n"));
    assertThat(one(leasing(shell(script), 1)).cause()).isEqualTo(Cause.OUT_OF_MEMORY);
  }

  @Test
  void whatCannotWorkIsRefusedBeforeTheFirstTrial() {
    assertThatThrownBy(
            () -> runner(CommandSettings.of("no-such-program-here"), "loss").check(SPACE))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no-such-program-here");
    assertThatThrownBy(() -> runner(CommandSettings.of("./missing.sh"), "loss").check(SPACE))
        .hasMessageContaining("executable");
    assertThatThrownBy(() -> runner(CommandSettings.of("sh", "{y}"), "loss").check(SPACE))
        .hasMessageContaining("{y}")
        .hasMessageContaining("Known: args");
    var elsewhere =
        new CommandSettings(
            List.of("sh"),
            "nowhere",
            Map.of(),
            Map.of(),
            null,
            Duration.ZERO,
            Retries.NONE,
            GpuDemand.NONE,
            Repeats.NONE);
    assertThatThrownBy(() -> runner(elsewhere, "loss").check(SPACE)).hasMessageContaining("cwd");
    assertThatThrownBy(() ->
            runner(finding(shell("true"), Map.of("los", new ValueSource.InFile("a", null))), "loss")
                .check(SPACE))
        .hasMessageContaining("Did you mean \"loss\"");
  }

  @Test
  void aScriptWithoutItsInterpreterIsRefusedBeforeTheFirstTrial() throws IOException {
    var script = directory.resolve("train.py");
    for (var first :
        List.of("#!/opt/none/python3.99\n", "#!/usr/bin/env python3.99\n", "#!/bin/sh\r\n")) {
      Files.writeString(script, first);
      assertThat(script.toFile().setExecutable(true)).isTrue();
      assertThatThrownBy(() -> runner(CommandSettings.of("./train.py"), "loss").check(SPACE))
          .isInstanceOf(Problem.class)
          .hasMessageContaining(first.contains("99") ? "python3.99" : "/bin/sh\\r");
    }
    Files.writeString(script, "#!/opt/none/python3.99\n");
    assertThat(one(CommandSettings.of("./train.py")).detail()).contains("/opt/none/python3.99");
    Files.writeString(script, "\u007fELF");
    assertThat(one(CommandSettings.of("./train.py")).detail()).contains("built for another");
  }

  /// A program that keeps its step in its own directory, stopped in the middle as Ctrl-C does.
  @Test
  void aTrialThatSavesItsStateLosesNoMoreThanTheStepThatRan() throws IOException {
    var script =
        shell(
            "cd $ASSAY_TRIAL_DIR; i=$(cat step 2>/dev/null || echo 0);"
                + "while [ $i -lt 12 ]; do i=$((i+1)); echo $i >> ran; sleep 0.02;"
                + " echo $i > new; mv new step;"
                + " echo \"@assay {\\\"step\\\": $i, \\\"loss\\\": $i}\"; done");
    var storage = new InMemoryStorage();
    var searching = Thread.currentThread();
    var stopAt4 =
        new StudyListener() {
          @Override
          public void reported(int trial, Report report) {
            if (report.step() == 4) {
              searching.interrupt();
            }
          }
        };
    try (var study = study("loss").storage(storage).listener(stopAt4).open()) {
      var result = runner(script, "loss").run(study, Budget.trials(1), 1);
      assertThat(result.reason()).isEqualTo(StopReason.INTERRUPTED);
      assertThat(study.count(TrialState.WAITING)).isEqualTo(1);
    }
    try (var study = study("loss").storage(storage).openOrCreate()) {
      runner(script, "loss").run(study, Budget.trials(1), 1);
      assertThat(study.trials().getFirst().value()).isEqualTo(12);
      assertThat(study.trials().getFirst().restarts()).isEqualTo(1);
    }
    var ran = Files.readAllLines(directory.resolve("trials/0/ran"));
    assertThat(new LinkedHashSet<>(ran))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 12).mapToObj(String::valueOf).toList());
    assertThat(ran).hasSizeBetween(12, 13); // at most the step that ran is run again
  }
}
