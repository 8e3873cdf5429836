package dev.assay.cli;

import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.spec.StudyFile;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A study that is stopped half-way, by Ctrl-C or by force, goes on as if nothing had happened. The
/// process that is stopped is a real one.
class InterruptionTest {
  private static final String STUDY =
      """
      name: flowers
      objective: {train: mlp, data: iris, cv: 3, fixed: {epochs: 15}}
      maximize: accuracy
      space:
        learning_rate: {float: [1e-3, 0.1], log: true}
        hidden: {int: [8, 32], log: true}
        optimizer: {choice: {sgd: {momentum: {float: [0, 0.9]}}, adam: {}}}
      parallel: 2
      batch: 3
      seed: 5
      """;

  /// A budget that nobody waits for.
  private static final String ENDLESS = "1000000";

  /// Runs a command on a terminal of its own.
  private static final Path SCRIPT = Path.of("/usr/bin/script");

  @TempDir Path directory;

  private Path file = Path.of("");
  private Path database = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("study.yaml"), STUDY);
    database = Files.createDirectory(directory.resolve("stopped")).resolve("study.db");
  }

  @Test
  void afterAKillTheSameTrialsFollow() throws Exception {
    var child = start(command());
    try {
      awaitTrials(child, 4);
    } finally {
      child.destroyForcibly().waitFor();
    }
    var left = trials(database);
    goOn(left);
    var running = left.stream().filter(trial -> trial.state() == TrialState.RUNNING).toList();
    var after = trials(database);
    for (var trial : running) {
      assertThat(after.get(trial.number()).restarts()).isEqualTo(1);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signals")
  void ctrlCStopsInOrder() throws Exception {
    assumeInterruptible();
    var child = start(command());
    try {
      awaitTrials(child, 4);
      new ProcessBuilder("kill", "-INT", Long.toString(child.pid())).start().waitFor();
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertStoppedInOrder(child);
  }

  /// There the progress bar is drawn, whose library must not take the signal.
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "script(1) has other options elsewhere")
  void ctrlCOnATerminalStopsInOrder() throws Exception {
    assumeInterruptible();
    assumeTrue(Files.isExecutable(SCRIPT), SCRIPT + " is not there, which makes a terminal");
    var shell = command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    var child = start(List.of(SCRIPT.toString(), "-qec", shell, "/dev/null"));
    try (var keyboard = child.outputWriter()) {
      awaitTrials(child, 4);
      keyboard.write(3); // Ctrl-C
      keyboard.flush();
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertStoppedInOrder(child);
  }

  /// A process in the background of a script is started with SIGINT ignored, and so are all that it
  /// starts.
  private static void assumeInterruptible() throws IOException {
    var status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      var ignored =
          Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
              .findFirst()
              .orElse(0);
      assumeTrue((ignored & 2) == 0, "SIGINT is ignored here, as in the background of a script");
    }
  }

  private void assertStoppedInOrder(Process child) throws IOException {
    var said = Files.readString(directory.resolve("said"));
    assertThat(child.exitValue()).as(said).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(said).contains("Stopping").contains("Best accuracy").contains("same command");
    assertThat(database.resolveSibling("report.html")).isNotEmptyFile();
    var left = trials(database);
    assertThat(left).noneMatch(trial -> trial.state() == TrialState.RUNNING);
    goOn(left);
  }

  /// `assay tune` in a process of its own.
  private List<String> command() {
    return AssayProcess.command(
        List.of(), "tune", file.toString(), "--trials", ENDLESS, "--storage", "sqlite:" + database);
  }

  private Process start(List<String> words) throws IOException {
    return AssayProcess.start(directory.resolve("said"), words);
  }

  /// Waits until so many trials are complete; the storage's files tell when to look.
  private void awaitTrials(Process child, int count) throws Exception {
    try (var watcher = FileSystems.getDefault().newWatchService()) {
      directory.resolve("stopped").register(watcher, ENTRY_MODIFY);
      while (trials(database).stream().filter(t -> t.state().isFinished()).count() < count) {
        assertThat(child.isAlive()).as(Files.readString(directory.resolve("said"))).isTrue();
        var key = watcher.poll(5, TimeUnit.SECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
    }
  }

  /// Every trial, by number.
  private List<TrialRecord> trials(Path from) {
    var space = StudyFile.read(file, List.of()).space();
    var trials = new ArrayList<TrialRecord>();
    try (var storage = new SqliteStorage(from)) {
      storage.read("flowers").ifPresent(study -> study.load(space, trials::add));
    }
    trials.sort(Comparator.comparingInt(TrialRecord::number));
    return trials;
  }

  /// Goes on in this process, with another number of workers, and compares with a study that nobody
  /// stopped.
  private void goOn(List<TrialRecord> left) {
    assertThat(left.stream().filter(trial -> trial.state() == TrialState.COMPLETE))
        .hasSizeGreaterThanOrEqualTo(4);
    int total = left.size() + 4;
    var undisturbed = directory.resolve("undisturbed.db");
    tune(database, total, "1");
    tune(undisturbed, total, "2");
    assertThat(lines(trials(database))).isEqualTo(lines(trials(undisturbed))).hasSize(total);
  }

  private void tune(Path storage, int total, String workers) {
    var said = new ByteArrayOutputStream();
    int code =
        Main.run(
            new Console(new PrintStream(said), new PrintStream(said)),
            "tune",
            file.toString(),
            "--trials",
            Integer.toString(total),
            "--parallel",
            workers,
            "--storage",
            "sqlite:" + storage,
            "--quiet");
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.DONE);
  }

  private static List<String> lines(List<TrialRecord> trials) {
    return trials.stream()
        .map(t -> t.number() + " " + t.state() + " " + t.configuration() + " " + t.values())
        .toList();
  }
}
