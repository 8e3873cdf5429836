package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.run.Repeats;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/// Where the values of a program are found: in what it prints, and in files that it writes.
class ProgramValuesTest extends CommandRunnerCase {
  @Test
  void valuesAreFoundInWhatAnyProgramPrints() {
    var match =
        new ValueSource.Match(Pattern.compile("epoch (?<step>\\d+) val_loss=(?<value>[0-9.]+)"));
    var trial =
        one(
            finding(
                shell("echo epoch 1 val_loss=0.5; echo epoch 2 val_loss=0.25"),
                Map.of(CommandSettings.ONLY, match)));
    assertThat(trial.value()).isEqualTo(0.25);
    assertThat(trial.reports()).hasSize(2);
  }

  @Test
  void aRegexThatMatchesNoLineIsNamed() {
    var match = new ValueSource.Match(Pattern.compile("val_loss=([0-9.]+)"));
    var trial = one(finding(shell("echo loss: 0.5"), Map.of(CommandSettings.ONLY, match)));
    assertThat(trial.cause()).isEqualTo(Cause.NO_VALUE);
    assertThat(trial.detail())
        .startsWith("no value for loss; no line matches this regex of loss: val_loss=([0-9.]+)");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {"0,3125", "1.234,56", "0,312", "1.5d", "0x1p3", "--1"})
  void whatIsNoNumberIsNotGuessed(String text) {
    var match = new ValueSource.Match(Pattern.compile("loss=(\\S+)"));
    var found = one(finding(shell("echo loss=" + text), Map.of(CommandSettings.ONLY, match)));
    assertThat(found.cause()).isEqualTo(Cause.NO_VALUE);
    assertThat(found.detail()).contains("\"" + text + "\" is no number");
    var file = new ValueSource.InFile("{dir}/loss", null);
    var read =
        one(
            finding(
                shell("echo " + text + " > $ASSAY_TRIAL_DIR/loss"),
                Map.of(CommandSettings.ONLY, file)));
    assertThat(read.cause()).isEqualTo(Cause.NO_VALUE);
    assertThat(read.detail()).contains("\"" + text + "\" is no number");
  }

  @Test
  void aValueThatCannotBeReadTakesThePlaceOfTheOneBefore() {
    var named =
        Map.<String, ValueSource>of(CommandSettings.ONLY, new ValueSource.Named("loss", null));
    var stale = one(finding(shell("echo loss=0.5; echo loss=0,31"), named));
    assertThat(stale.cause()).isEqualTo(Cause.NO_VALUE);
    assertThat(stale.detail()).contains("loss=0,31", "\"0,31\" is no number");
    assertThat(one(finding(shell("echo loss=0,31; echo loss=0.25"), named)).value())
        .isEqualTo(0.25);
    assertThat(one(finding(shell("echo loss=0.5; echo loss=-nan"), named)).cause())
        .isEqualTo(Cause.NOT_FINITE);
    var report = one(shell("echo '@assay {\"loss\": 1}'; echo '@assay {\"loss\": 0,31}'"));
    assertThat(report.cause()).isEqualTo(Cause.NO_VALUE);
    assertThat(report.detail()).contains("\"0,31\" is no number");
  }

  @Test
  void namedNumbersMayHaveSteps() {
    var trial =
        one(
            finding(
                shell("echo Epoch 1/2; echo loss: 0.5; echo Epoch 2/2 >&2; echo loss: 0.25"),
                Map.of("loss", new ValueSource.Named("loss", "Epoch"))));
    assertThat(trial.value()).isEqualTo(0.25);
    assertThat(trial.reports()).extracting(r -> r.step()).contains(1L);
  }

  @Test
  void reportsAreFoundBehindAnythingAndOnStderr() {
    assertThat(one(shell("printf '\\r100%%|##|'; echo '@assay {\"loss\": 2}'")).value())
        .isEqualTo(2);
    assertThat(one(shell("printf '\\033[32m@assay {\"loss\": 3}\\033[0m\\n'")).value())
        .isEqualTo(3);
    assertThat(one(shell("echo 'INFO:root:@assay {\"loss\": 4}' >&2")).value()).isEqualTo(4);
    assertThat(one(shell("printf '\\357\\273\\277@assay {\"loss\": 5}'")).value()).isEqualTo(5);
  }

  @Test
  void linesThatAreCutSaySo() {
    var far = "head -c 70000 /dev/zero | tr '\\0' x; ";
    var printed =
        one(
            finding(
                shell(far + "echo loss=0.5"), Map.of("loss", new ValueSource.Named("loss", null))));
    assertThat(printed.cause()).isEqualTo(Cause.NO_VALUE);
    assertThat(printed.detail()).contains("a line is longer than 64 KiB");
    var report =
        one(shell("(printf '{\"a\": \"'; " + far + "echo '\", \"loss\": 1}') > $ASSAY_REPORT"));
    assertThat(report.detail()).startsWith("no value for loss; the line is longer than 64 KiB");
  }

  @Test
  void aReportFileWrittenAnewIsReadAlsoByARetry() {
    var script =
        "if [ -e $ASSAY_TRIAL_DIR/again ]; then echo '{\"loss\": 2}' > $ASSAY_REPORT; exit; fi;"
            + "for x in 9.0 8.0 7.0; do echo \"{\\\"loss\\\": $x}\" > $ASSAY_REPORT; done;"
            + "touch $ASSAY_TRIAL_DIR/again; exit 75";
    var patient = new Retries(1, Duration.ofMillis(1), Retries.UNSAID);
    var trial = one(with(shell(script), null, CommandSettings.GRACE, patient));
    assertThat(trial.values()).containsExactly(2.0);
  }

  @Test
  void timeoutsPassThroughHopelessRegexes() {
    var script = "head -c 60000 /dev/zero | tr '\\0' a; echo; echo loss=1; sleep 1000";
    var match = new ValueSource.Match(Pattern.compile("(a|a)*(a|a)*b(\\d)"));
    var settings =
        with(
            finding(shell(script), Map.of("loss", match)),
            Duration.ofMillis(300),
            Duration.ofMillis(100),
            Retries.NONE);
    var late = one(settings);
    assertThat(late.cause()).isEqualTo(Cause.TIMEOUT);
    assertThat(late.detail()).startsWith("longer than 0.3 s");
    assertThat(late.detail().lines().findFirst().orElse("")).hasSizeLessThan(400);
    var overflowing = new ValueSource.Match(Pattern.compile("(?:a|b|ab)*loss=(\\d)"));
    assertThat(
            one(finding(
                    shell("head -c 60000 /dev/zero | tr '\\0' a; echo; echo loss=1"),
                    Map.of("loss", overflowing)))
                .value())
        .isEqualTo(1);
  }

  @Test
  void valuesAreFoundInFiles() {
    var file = new ValueSource.InFile("{dir}/metrics.json", "best.val.1");
    var trial =
        one(
            finding(
                shell("echo '{\"best\": {\"val\": [1, 0.125]}}' > $ASSAY_TRIAL_DIR/metrics.json"),
                Map.of(CommandSettings.ONLY, file)));
    assertThat(trial.value()).isEqualTo(0.125);
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {
        "{\"best\": {\"loss\": 0.125}}",
        "{\"best\": {\"loss\": \"0.125\"}}",
        "{'best': {'loss': .125, 'x': nan}}",
        "\357\273\277{\"best\": {\"loss\": 1.25e-1}}",
      })
  void metricsAreReadAsProgramsWriteThem(String json) {
    var file = new ValueSource.InFile("{dir}/m", "best.loss");
    var script = "printf '%b' \"$TEXT\" > $ASSAY_TRIAL_DIR/m";
    var settings =
        new CommandSettings(
            List.of("/bin/sh", "-c", script),
            null,
            Map.of(
                "TEXT",
                new EnvironmentValue.Written(
                    json.replace("\357", "\\0357")
                        .replace("\273", "\\0273")
                        .replace("\277", "\\0277"))),
            Map.of("loss", file),
            null,
            CommandSettings.GRACE,
            Retries.NONE,
            GpuDemand.NONE,
            Repeats.NONE);
    assertThat(one(settings).values()).containsExactly(0.125);
  }

  @Test
  void aFileThatDivergedIsNotFinite() {
    var file = new ValueSource.InFile("{dir}/m", "loss");
    assertThat(
            one(finding(shell("echo '{\"loss\": NaN}' > $ASSAY_TRIAL_DIR/m"), Map.of("loss", file)))
                .cause())
        .isEqualTo(Cause.NOT_FINITE);
  }

  @Test
  void aFileOfAnEarlierTrialIsNoResult() throws IOException {
    var old = Files.writeString(directory.resolve("metrics.txt"), "0.5");
    Files.setLastModifiedTime(old, java.nio.file.attribute.FileTime.fromMillis(1_000_000));
    var trial =
        one(finding(shell("true"), Map.of("loss", new ValueSource.InFile("metrics.txt", null))));
    assertThat(trial.cause()).isEqualTo(Cause.NO_VALUE);
    assertThat(trial.detail()).contains("older than the trial");
  }

  @Test
  void valuesOfSeveralObjectivesOfAStepBelongTogether() {
    try (var study = study("loss", "seconds").open()) {
      runner(
              shell(
                  "echo '@assay {\"step\": 1, \"loss\": 4}'; echo '@assay {\"step\": 1,"
                      + " \"seconds\": 2}';echo '@assay {\"step\": 2, \"loss\": 3}'; echo '@assay"
                      + " {\"seconds\": 5}'"),
              "loss",
              "seconds")
          .run(study, Budget.trials(1), 1);
      var trial = study.trials().getFirst();
      assertThat(trial.values()).containsExactly(3.0, 5.0);
      assertThat(trial.reports().getFirst().values()).containsExactly(4.0, 2.0);
      assertThat(trial.reports().get(1).values()).containsExactly(3.0, Double.NaN);
    }
  }
}
