package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.internal.storage.sql.PostgresServer;
import dev.assay.report.StudyView;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Processes that share nothing but a database run one study.
@Timeout(300)
@DisabledOnOs(
    value = OS.WINDOWS,
    disabledReason = "trials are shell scripts, and there are no signals")
class ManyMachinesTest {
  private static final String SECRET = "s3cret";

  @TempDir Path directory;

  private Path write(String search, double seconds) throws IOException {
    return Files.writeString(
        directory.resolve("study.yaml"),
        """
        name: shared
        objective:
          command: [sh, -c, 'sleep %s; echo "@assay {\\"loss\\": {x}}"']
          grace: 300ms
        minimize: loss
        space: {x: {float: [0.5, 1]}}
        parallel: 2
        seed: 4
        """
                .formatted(seconds)
            + search);
  }

  private static List<TrialRecord> trials(String url) {
    try (var storage = Storages.at(url)) {
      return storage.read("shared").map(study -> StudyView.of(study).trials()).orElse(List.of());
    }
  }

  private Process start(String name, String... words) throws IOException {
    return AssayProcess.start(
        directory.resolve(name),
        AssayProcess.command(List.of("-Djava.io.tmpdir=" + directory), words));
  }

  private void assertEnded(Process process, String name) throws Exception {
    try {
      assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(() -> name + ": " + said(name)).isEqualTo(0);
    } finally {
      process.destroyForcibly();
    }
  }

  private String said(String name) {
    try {
      return Files.readString(directory.resolve(name));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void assertWhole(List<TrialRecord> trials, int count) {
    assertThat(trials).hasSize(count);
    for (int number = 0; number < count; number++) {
      var trial = trials.get(number);
      assertThat(trial.number()).isEqualTo(number);
      assertThat(trial.state()).isEqualTo(TrialState.COMPLETE);
      assertThat(trial.value()).isEqualTo(trial.configuration().number("x"));
    }
  }

  private void awaitTrials(String url, int ended, Process... processes)
      throws InterruptedException {
    while (trials(url).stream().filter(trial -> trial.state().isFinished()).count() < ended) {
      for (var process : processes) {
        assertThat(process.waitFor(50, TimeUnit.MILLISECONDS))
            .as(() -> said("first") + said("frozen") + said("other"))
            .isFalse();
      }
    }
  }

  private static int run(ByteArrayOutputStream out, String... words) {
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Main.run(new Console(stream, stream), words);
  }

  @Test
  void threeProcessesFindTheTrialsOfOne() throws Exception {
    var search = "sampler: {tpe: {start: 8}}\nschedule: batch\nbatch: 4\nbudget: {trials: 24}\n";
    var file = write(search, 0.1);
    var url =
        PostgresServer.shared().url().replace("assay@", "assay:" + SECRET + "@") + "&lease=60";
    var first = start("first", "tune", file.toString(), "--storage", url, "--quiet");
    try {
      awaitTrials(url, 1, first);
      var second = start("second", "work", url + "#shared", "--quiet");
      var third = start("third", "tune", file.toString(), "--storage", url, "--quiet");
      assertEnded(first, "first");
      assertEnded(second, "second");
      assertEnded(third, "third");
    } finally {
      first.destroyForcibly();
    }
    var shared = trials(url);
    assertWhole(shared, 24);
    var alone = "sqlite:" + directory.resolve("alone.db");
    var out = new ByteArrayOutputStream();
    assertThat(run(out, "tune", file.toString(), "--storage", alone, "--quiet"))
        .as(out::toString)
        .isZero();
    assertThat(shared)
        .extracting(TrialRecord::configuration)
        .isEqualTo(trials(alone).stream().map(TrialRecord::configuration).toList());
    // Anybody reads it from anywhere, and nobody the password.
    var best = new ByteArrayOutputStream();
    assertThat(run(best, "best", url + "#shared")).isZero();
    assertThat(run(best, "show", url + "#shared", "0")).isZero();
    assertThat(run(best, "list", url)).isZero();
    assertThat(best.toString(StandardCharsets.UTF_8)).contains("shared").doesNotContain(SECRET);
    try (var storage = Storages.at(url)) {
      var facts = storage.read("shared").orElseThrow().facts();
      assertThat(facts.toString()).doesNotContain(SECRET);
    }
  }

  @Test
  void whoWasStoppedForTooLongLosesItsTrialsAndGoesOn() throws Exception {
    var file = write("sampler: random\nbudget: {trials: 40}\n", 0.3);
    var url = PostgresServer.shared().url() + "&lease=4";
    var frozen = start("frozen", "tune", file.toString(), "--storage", url, "--quiet");
    var other = start("other", "tune", file.toString(), "--storage", url, "--quiet");
    try {
      awaitTrials(url, 6, frozen, other);
      signal(frozen, "-STOP");
      // The others take it for gone, and run what it had.
      while (trials(url).stream().noneMatch(trial -> trial.restarts() > 0)) {
        assertThat(other.waitFor(50, TimeUnit.MILLISECONDS)).as(() -> said("other")).isFalse();
      }
      signal(frozen, "-CONT");
      assertEnded(other, "other");
      assertEnded(frozen, "frozen");
    } finally {
      frozen.destroyForcibly();
      other.destroyForcibly();
    }
    assertWhole(trials(url), 40);
    assertThat(said("frozen")).contains("took this process for gone").doesNotContain("Exception");
  }

  /// Leases and the order of endings are by the database's clock alone.
  @Test
  @EnabledIfSystemProperty(named = ClusterDrillTest.EVENTS, matches = "\\d+")
  void clocksThatAreHoursApartDoNotMatter() throws Exception {
    boolean found = new ProcessBuilder("sh", "-c", "command -v faketime").start().waitFor() == 0;
    assumeTrue(found, "faketime is not installed");
    var file = write("sampler: random\nbudget: {trials: 16}\n", 0.5);
    var url = PostgresServer.shared().url() + "&lease=10";
    var late = new ArrayList<>(List.of("faketime", "--exclude-monotonic", "-f", "+5h"));
    var early = new ArrayList<>(List.of("faketime", "--exclude-monotonic", "-f", "-7h"));
    var words = List.of("tune", file.toString(), "--storage", url, "--quiet");
    for (var clock : List.of(late, early)) {
      clock.addAll(
          AssayProcess.command(
              List.of("-Djava.io.tmpdir=" + directory), words.toArray(String[]::new)));
    }
    var first = AssayProcess.start(directory.resolve("first"), late);
    var second = AssayProcess.start(directory.resolve("second"), early);
    try {
      awaitTrials(url, 2, first, second);
      var standing = new ByteArrayOutputStream();
      assertThat(run(standing, "show", url + "#shared")).isZero();
      assertThat(standing.toString(StandardCharsets.UTF_8)).containsPattern("state\\s+running");
      assertEnded(first, "first");
      assertEnded(second, "second");
    } finally {
      first.destroyForcibly();
      second.destroyForcibly();
    }
    assertWhole(trials(url), 16);
    assertThat(trials(url)).allMatch(trial -> trial.restarts() == 0);
    assertThat(trials(url).stream().map(trial -> trial.startedMillis() / 7_200_000).distinct())
        .hasSizeGreaterThan(1); // they did have other clocks
    assertThat(said("first") + said("second")).doesNotContain("took this process for gone");
  }

  private static void signal(Process process, String signal) throws Exception {
    var all = new ArrayList<>(List.of("kill", signal, Long.toString(process.pid())));
    assertThat(new ProcessBuilder(all).start().waitFor()).isZero();
  }

  @Test
  void aWorkerIsToldWhatItLacks() {
    var out = new ByteArrayOutputStream();
    var url = PostgresServer.shared().url();
    assertThat(run(out, "work", "shared")).isNotZero();
    assertThat(run(out, "work", url + "#shared")).isNotZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("where the study is kept")
        .contains("no such study");
  }
}
