package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.run.gpu.GpuResources;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.StudyListener;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Report;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/// External trials, with shell scripts as the programs.
@Timeout(300)
class CommandRunnerTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  @TempDir Path directory;

  @BeforeAll
  static void posix() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "these programs are shell scripts");
  }

  private CommandSettings shell(String script) {
    return CommandSettings.of("/bin/sh", "-c", script);
  }

  private static CommandSettings with(
      CommandSettings s, @Nullable Duration timeout, Duration grace, Retries retries) {
    return new CommandSettings(
        s.words(),
        s.directory(),
        s.environment(),
        s.values(),
        timeout,
        grace,
        retries,
        s.gpus(),
        Repeats.NONE);
  }

  private static CommandSettings finding(CommandSettings s, Map<String, ValueSource> values) {
    return new CommandSettings(
        s.words(),
        s.directory(),
        s.environment(),
        values,
        s.timeout(),
        s.grace(),
        s.retries(),
        s.gpus(),
        Repeats.NONE);
  }

  private CommandRunner runner(CommandSettings settings, String... metrics) {
    return runner(settings, CommandRunner.Keep.ALL, metrics);
  }

  private CommandRunner runner(
      CommandSettings settings, CommandRunner.Keep keep, String... metrics) {
    return runner(settings, keep, TrialWatcher.NONE, metrics);
  }

  private CommandRunner runner(
      CommandSettings settings, CommandRunner.Keep keep, TrialWatcher watcher, String... metrics) {
    var objectives = java.util.Arrays.stream(metrics).map(Objective::minimize).toList();
    return new CommandRunner(
        settings,
        objectives,
        directory,
        directory.resolve("trials"),
        keep,
        GpuResources.first(2, 0),
        watcher);
  }

  private static StudyBuilder<Configuration> study(String... metrics) {
    var builder = Study.over(SPACE).named("external").sampler(Samplers.random()).seed(1);
    for (var metric : metrics) {
      builder.minimize(metric);
    }
    return builder;
  }

  private TrialRecord one(CommandSettings settings) {
    try (var study = study("loss").open()) {
      runner(settings, "loss").run(study, Budget.trials(1), 1);
      return study.trials().getFirst();
    }
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("trials/0/log"));
  }

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
