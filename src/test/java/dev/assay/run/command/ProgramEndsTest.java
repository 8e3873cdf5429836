package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.pruner.Pruners;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// How programs end: in time or not, with what they started, interrupted and tried again.
class ProgramEndsTest extends CommandRunnerCase {
  @Test
  void floodsGoToTheLogAndNotIntoMemory() throws IOException {
    var trial =
        one(
            shell(
                "head -c 30000000 /dev/zero | tr '\\0' '\\377'; printf '\\n@assay {\"loss\":"
                    + " 1}\\n';yes 'a line' | head -c 30000000; printf '\\n@assay {\"loss\": 2}'"));
    assertThat(trial.state()).isEqualTo(TrialState.COMPLETE);
    assertThat(trial.value()).isEqualTo(2);
    assertThat(Files.size(directory.resolve("trials/0/log"))).isGreaterThan(60_000_000);
  }

  @Test
  void aTimeoutEndsTheWholeGroup() throws Exception {
    var settings =
        with(
            shell("sleep 1000 & echo $! > $ASSAY_TRIAL_DIR/pid; sleep 1000"),
            Duration.ofMillis(300),
            Duration.ofMillis(500),
            Retries.NONE);
    assertThat(one(settings).cause()).isEqualTo(Cause.TIMEOUT);
    assertThat(isAlive("pid")).isFalse();
  }

  private boolean isAlive(String file) throws IOException {
    var text = Files.readString(directory.resolve("trials/0").resolve(file)).strip();
    var pid = Long.parseLong(text);
    // A zombie that nobody has fetched yet is dead.
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
        && !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
  }

  @Test
  void nothingThatATrialStartedSurvivesItsEnd() throws IOException {
    var trial =
        one(
            shell(
                "(setsid sh -c 'echo $$ > $ASSAY_TRIAL_DIR/daemon; exec sleep 1000' >/dev/null 2>&1"
                    + " &);sleep 1000 & echo $! > $ASSAY_TRIAL_DIR/child;while [ ! -s"
                    + " $ASSAY_TRIAL_DIR/daemon ]; do sleep 0.01; done;echo '@assay {\"loss\":"
                    + " 1}'"));
    assertThat(trial.state()).isEqualTo(TrialState.COMPLETE);
    assertThat(isAlive("child")).isFalse();
    assertThat(isAlive("daemon")).isFalse();
  }

  @Test
  void whoeverKeepsThePipeOpenDelaysNobody() throws IOException {
    // Out of the session, without the marker, its parent gone: nobody can know whose it is.
    var trial =
        one(
            shell(
                "(setsid env -i sh -c 'echo $$ > escaped; exec sleep 1000' &);"
                    + "while [ ! -s escaped ]; do sleep 0.01; done; echo '@assay {\"loss\": 1}'"));
    var escaped = Long.parseLong(Files.readString(directory.resolve("escaped")).strip());
    ProcessHandle.of(escaped).ifPresent(ProcessHandle::destroyForcibly);
    assertThat(trial.state()).isEqualTo(TrialState.COMPLETE);
    assertThat(trial.seconds()).isLessThan(30);
  }

  @Test
  void whoIgnoresTermIsKilledAfterTheGrace() {
    var settings =
        with(
            shell("trap '' TERM; while :; do sleep 0.05; done"),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Retries.NONE);
    assertThat(one(settings).cause()).isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void aPrunedProgramIsAskedToEnd() throws IOException {
    var script =
        "trap 'echo saved > $ASSAY_TRIAL_DIR/checkpoint; exit 0' TERM;"
            + "i=1; while :; do echo \"@assay {\\\"step\\\": $i, \\\"loss\\\": 5}\";"
            + "i=$((i+1)); sleep 0.02; done";
    var pruner = Pruners.create("threshold", Map.of("upper", 1.0));
    try (var study = study("loss").pruner(pruner).open()) {
      runner(shell(script), "loss").run(study, Budget.trials(1), 1);
      assertThat(study.trials().getFirst().state()).isEqualTo(TrialState.PRUNED);
    }
    assertThat(directory.resolve("trials/0/checkpoint")).exists();
  }

  @Test
  void anInterruptionLetsProgramsSaveAndPutsTheirTrialsBack() throws Exception {
    var script =
        "if [ -e $ASSAY_TRIAL_DIR/saved ]; then echo '@assay {\"loss\": 1}'; exit; fi;"
            + "trap 'echo > $ASSAY_TRIAL_DIR/saved; exit 0' TERM;"
            + "echo > $ASSAY_TRIAL_DIR/ready; while :; do sleep 0.02; done";
    try (var study = study("loss").open()) {
      var started = new CompletableFuture<Thread>();
      var result =
          CompletableFuture.supplyAsync(() -> {
            started.complete(Thread.currentThread());
            return runner(shell(script), "loss").run(study, Budget.trials(2), 2);
          });
      for (int i = 0; i < 2; i++) {
        while (!Files.exists(directory.resolve("trials/" + i + "/ready"))) {
          Thread.onSpinWait();
        }
      }
      started.get().interrupt();
      assertThat(result.get(20, TimeUnit.SECONDS).reason()).isEqualTo(StopReason.INTERRUPTED);
      assertThat(study.count(TrialState.WAITING)).isEqualTo(2);
      runner(shell(script), "loss").run(study, Budget.trials(2), 2);
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(2);
      assertThat(study.trials()).allMatch(trial -> trial.restarts() == 1);
    }
  }

  @Test
  void whoIsInterruptedWhileAProgramStartsPutsItsTrialBack() {
    var interrupting =
        new TrialWatcher() {
          @Override
          public void starting(String command, Path startedIn, Path own) {
            Thread.currentThread().interrupt();
          }
        };
    try (var study = study("loss").open()) {
      var settings = shell("echo '@assay {\"loss\": 1}'");
      var runner = runner(settings, CommandRunner.Keep.ALL, interrupting, "loss");
      var result = runner.run(study, Budget.trials(1), 1);
      assertThat(result.reason()).isEqualTo(StopReason.INTERRUPTED);
      assertThat(study.count(TrialState.FAILED)).isZero();
      assertThat(study.count(TrialState.WAITING)).isEqualTo(1);
    }
  }

  @Test
  void whatAnotherTryCanMendIsTriedAgain() {
    var script =
        "n=$(cat $ASSAY_TRIAL_DIR/n 2>/dev/null || echo 0); echo $((n+1)) > $ASSAY_TRIAL_DIR/n;"
            + "[ $n -lt 2 ] && exit 75; echo \"@assay {\\\"loss\\\": $n}\"";
    var patient = new Retries(3, Duration.ofMillis(1), Retries.UNSAID);
    var mended = one(with(shell(script), null, CommandSettings.GRACE, patient));
    assertThat(mended.values()).containsExactly(2.0);
    assertThat(mended.attributes()).containsEntry("retries", 2);
  }

  @Test
  void anErrorIsTriedAgainOnlyWhereThatWasAskedFor() throws IOException {
    var script = "echo x >> $ASSAY_TRIAL_DIR/n; exit 1";
    var patient = new Retries(2, Duration.ofMillis(1), Retries.UNSAID);
    one(with(shell(script), null, CommandSettings.GRACE, patient));
    assertThat(Files.readAllLines(directory.resolve("trials/0/n"))).hasSize(1);
    var willing = new Retries(2, Duration.ofMillis(1), java.util.Set.of(Cause.ERROR));
    Files.delete(directory.resolve("trials/0/n"));
    one(with(shell(script), null, CommandSettings.GRACE, willing));
    assertThat(Files.readAllLines(directory.resolve("trials/0/n"))).hasSize(3);
  }
}
