package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.report.StudyView;
import dev.assay.run.Machine;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `assay work http://...` against `assay tune --listen`: processes that share nothing.
@Timeout(300)
@DisabledOnOs(
    value = OS.WINDOWS,
    disabledReason = "trials are shell scripts, and there are signals")
class RemoteWorkTest {
  @TempDir Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Path write(int trials, double seconds) throws IOException {
    var home = Files.createDirectories(directory.resolve("begun"));
    Files.writeString(
        home.resolve("train.sh"), "sleep " + seconds + "; echo \"@assay {\\\"loss\\\": $1}\"\n");
    return Files.writeString(
        home.resolve("study.yaml"),
        """
        name: remote
        objective:
          command: [sh, train.sh, '{x}']
          grace: 300ms
        ship: [train.sh]
        minimize: loss
        space: {x: {float: [0.5, 1]}}
        sampler: random
        seed: 4
        budget: {trials: %d}
        """
            .formatted(trials));
  }

  private Process start(String name, String... words) throws IOException {
    var home = Files.createDirectories(directory.resolve(name));
    var command =
        new ArrayList<>(List.of("env", "ASSAY_STUDIES=" + home, "XDG_CACHE_HOME=" + home));
    command.addAll(AssayProcess.command(List.of("-Djava.io.tmpdir=" + home), words));
    var process = AssayProcess.start(directory.resolve(name + ".out"), command);
    started.add(process);
    return process;
  }

  private String said(String name) throws IOException {
    return Files.readString(directory.resolve(name + ".out"));
  }

  /// What a process has printed so far, once it holds a pattern.
  private String awaitSaid(String name, Process process, String pattern) throws Exception {
    while (true) {
      var match = Pattern.compile(pattern).matcher(said(name));
      if (match.find()) {
        return match.group();
      }
      assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).as(said(name)).isFalse();
    }
  }

  private String url() {
    return "sqlite:" + directory.resolve("study.db");
  }

  private List<TrialRecord> trials() {
    try (var storage = Storages.at(url())) {
      return storage.read("remote").map(study -> StudyView.of(study).trials()).orElse(List.of());
    }
  }

  private void assertEnded(String name, Process process, int code) throws Exception {
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(said(name)).isTrue();
    assertThat(process.exitValue()).as(said(name)).isEqualTo(code);
  }

  private static void signal(Process process, String signal) throws Exception {
    var kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private void assertWhole(int count) {
    var trials = trials();
    assertThat(trials).hasSize(count);
    for (int number = 0; number < count; number++) {
      var trial = trials.get(number);
      assertThat(trial.number()).isEqualTo(number);
      assertThat(trial.state()).isEqualTo(TrialState.COMPLETE);
      assertThat(trial.value()).isEqualTo(trial.configuration().number("x"));
      assertThat(trial.attributes().get(Whereabouts.MACHINE))
          .asInstanceOf(InstanceOfAssertFactories.MAP)
          .containsEntry("host", Machine.host())
          .containsKeys("assay", "java");
    }
  }

  @Test
  void theOwnerIsKilledAndStartedAgainAWorkerTooAndNothingIsLost() throws Exception {
    var file = write(8, 0.3).toString();
    var owner =
        start(
            "owner",
            "tune",
            file,
            "--storage",
            url(),
            "--listen",
            "0",
            "--parallel",
            "0",
            "--lease",
            "4s",
            "--quiet");
    var address = awaitSaid("owner", owner, "http://[0-9.:]+/");
    var first = start("first", "work", address, "--parallel", "2", "--quiet");
    var second = start("second", "work", address + "remote", "--parallel", "2", "--quiet");
    while (trials().stream().filter(trial -> trial.state().isFinished()).count() < 2) {
      assertThat(owner.waitFor(50, TimeUnit.MILLISECONDS)).as(said("owner")).isFalse();
    }
    signal(owner, "-KILL");
    signal(first, "-KILL");
    owner.waitFor();
    var port = address.replaceAll(".*:(\\d+)/", "$1");
    var next =
        start(
            "next",
            "tune",
            file,
            "--storage",
            url(),
            "--listen",
            port,
            "--parallel",
            "0",
            "--lease",
            "4s",
            "--quiet");
    assertEnded("next", next, 0);
    assertEnded("second", second, 0);
    assertWhole(8);
    assertThat(said("second")).doesNotContain("Exception");
  }

  @Test
  void whoEndsInOrderGivesItsTrialsBackAtOnce() throws Exception {
    var file = write(3, 600).toString();
    var owner =
        start(
            "owner",
            "tune",
            file,
            "--storage",
            url(),
            "--listen",
            "0",
            "--parallel",
            "0",
            "--lease",
            "10m",
            "--quiet");
    var address = awaitSaid("owner", owner, "http://[0-9.:]+/");
    var worker = start("worker", "work", address, "--parallel", "2", "--quiet");
    while (trials().stream().filter(trial -> trial.state() == TrialState.RUNNING).count() < 2) {
      assertThat(worker.waitFor(50, TimeUnit.MILLISECONDS)).as(said("worker")).isFalse();
    }
    signal(worker, "-TERM");
    assertEnded("worker", worker, ExitCode.INTERRUPTED);
    assertThat(trials()).hasSize(2).allMatch(trial -> trial.state() == TrialState.WAITING);
    // And whoever runs trials of a study that is stopped ends too.
    var other = start("other", "work", address, "--parallel", "2", "--quiet");
    while (trials().stream().filter(trial -> trial.state() == TrialState.RUNNING).count() < 2) {
      assertThat(other.waitFor(50, TimeUnit.MILLISECONDS)).as(said("other")).isFalse();
    }
    signal(owner, "-TERM");
    assertEnded("other", other, ExitCode.INTERRUPTED);
    assertEnded("owner", owner, ExitCode.INTERRUPTED);
    assertThat(trials()).hasSize(2).allMatch(trial -> trial.state() == TrialState.WAITING);
  }

  private String run(String... words) {
    var out = new ByteArrayOutputStream();
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Main.run(new Console(stream, stream), words)).isNotZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatCannotWorkIsSaid() throws IOException {
    var file = write(3, 0).toString();
    assertThat(run("tune", file, "--parallel", "0")).contains("Nobody would run a trial");
    assertThat(run("tune", file, "--storage", url(), "--listen", "here"))
        .contains("nowhere to listen");
    assertThat(run("tune", file, "--storage", url(), "--listen", "0.0.0.0:0"))
        .contains("needs a token");
    assertThat(run("tune", file, "--storage", url(), "--listen", "0", "--lease", "1ms"))
        .contains("signs of life");
    assertThat(run("work", "http://127.0.0.1:1/")).contains("cannot be reached");
    assertThat(run("work", "http://me:pw@host/")).contains("no address").doesNotContain("pw@");
  }
}
