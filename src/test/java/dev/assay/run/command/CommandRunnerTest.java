package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.trial.Cause;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A program as an objective: what it is told, what it reports, and how it fails.
class CommandRunnerTest extends CommandRunnerCase {
  @Test
  void theLastReportIsTheResult() throws IOException {
    var trial =
        one(
            shell(
                "echo hello; echo '@assay {\"step\": 1, \"loss\": 3, \"epoch_seconds\": 7}';"
                    + "echo '@assay {\"step\": 2, \"loss\": 2.5}'; echo bye >&2"));
    assertThat(trial.values()).containsExactly(2.5);
    assertThat(trial.reports()).extracting(r -> r.step()).containsExactly(1L, 2L);
    assertThat(trial.attributes()).containsEntry("exit_code", 0);
    assertThat(trial.attributes().get("metrics")).isEqualTo(Map.of("epoch_seconds", 7.0));
    assertThat(log()).contains("hello", "bye");
  }

  @Test
  void aFinalReportIsTheResultWhateverComesAfterIt() {
    var trial =
        one(
            shell(
                "echo '@assay {\"loss\": 1, \"final\": true}'; echo '@assay {\"loss\": 9}'; exit"
                    + " 3"));
    assertThat(trial.state()).isEqualTo(TrialState.COMPLETE);
    assertThat(trial.value()).isEqualTo(1);
  }

  @Test
  void theProgramKnowsItsTrial() throws IOException {
    one(
        shell(
            "echo $ASSAY_TRIAL; echo $ASSAY_PARAMS; echo $ASSAY_SEED; echo $PYTHONUNBUFFERED; pwd;"
                + " echo $ASSAY_TRIAL_DIR; echo '{\"loss\": 4}' >> $ASSAY_REPORT"));
    var lines = log().lines().toList();
    assertThat(lines.get(0)).isEqualTo("0");
    assertThat(lines.get(1)).matches("\\{\"x\":0\\.\\d+}");
    assertThat(lines.get(2)).matches("-?\\d+");
    assertThat(lines.get(3)).isEqualTo("1");
    assertThat(Path.of(lines.get(4)).toRealPath()).isEqualTo(directory.toRealPath());
    assertThat(lines.get(5)).isEqualTo(directory.resolve("trials/0").toAbsolutePath().toString());
  }

  @Test
  void reportsMayComeInAFile() {
    var trial =
        one(
            shell(
                "echo '{\"step\": 1, \"loss\": 4}' >> $ASSAY_REPORT;"
                    + "printf '{\"step\": 2, \"loss\": 3}' >> $ASSAY_REPORT"));
    assertThat(trial.values()).containsExactly(3.0);
    assertThat(trial.reports()).hasSize(2);
  }

  @Test
  void aFailureTellsHowTheProgramEndedAndItsLastWords() {
    var failed =
        one(shell("echo '@assay {\"loss\": 1}'; echo first >&2; echo ValueError: no >&2; exit 3"));
    assertThat(failed.cause()).isEqualTo(Cause.ERROR);
    assertThat(failed.detail()).startsWith("exit code 3: ValueError: no\nfirst\n");
    assertThat(failed.attributes()).containsEntry("exit_code", 3);
  }

  @Test
  void aSignalIsRecorded() {
    var killed = one(shell("kill -9 $$"));
    assertThat(killed.cause()).isEqualTo(Cause.KILLED);
    assertThat(killed.detail()).startsWith("SIGKILL (9)");
    assertThat(killed.attributes()).containsEntry("signal", 9);
  }

  @Test
  void memoryShortageIsACauseOfItsOwn() {
    var failed =
        one(shell("echo 'torch.OutOfMemoryError: CUDA out of memory. Tried to' >&2; exit 1"));
    assertThat(failed.cause()).isEqualTo(Cause.OUT_OF_MEMORY);
  }

  @Test
  void withoutAValueTheTrialFailsAndSaysWhatWasNotUnderstood() {
    assertThat(one(shell("echo nothing")).cause()).isEqualTo(Cause.NO_VALUE);
    var malformed = one(shell("echo '@assay {\"loss\": }'"));
    assertThat(malformed.cause()).isEqualTo(Cause.NO_VALUE);
    assertThat(malformed.detail()).contains("no value for loss").contains("no valid JSON");
    assertThat(one(shell("echo '@assay {\"loss\": NaN}'")).cause()).isEqualTo(Cause.NOT_FINITE);
  }
}
