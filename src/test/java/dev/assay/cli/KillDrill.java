package dev.assay.cli;

import dev.assay.process.ProcessTree;
import dev.assay.random.Philox;
import dev.assay.report.StudyView;
import dev.assay.storage.SqliteStorage;
import dev.assay.study.TrialRecord;
import dev.assay.study.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Kills processes of a study with SIGKILL at random moments and starts others, several at a time
/// on one storage file, and looks at what is left after the last resume: every trial once, with the
/// right value, and no process that nobody knows of.
///
/// The whole drill: `KillDrill 100 400`, of kills and trials.
final class KillDrill {
  private static final int PROCESSES = 3;

  private final Path directory;
  private final int kills;
  private final int trials;
  private final double seconds;
  private final Philox random;

  /// How many trials had ended at the last kill.
  private long endedBefore;

  /// @param survivors how many processes of trials were left over at the end
  record Report(List<TrialRecord> trials, int survivors, int killed) {}

  /// @param seconds that each trial takes: longer ones leave time for more kills
  KillDrill(Path directory, int kills, int trials, double seconds, long seed) {
    this.seconds = seconds;
    this.directory = directory;
    this.kills = kills;
    this.trials = trials;
    random = new Philox(seed, 0);
  }

  public static void main(String[] args) throws Exception {
    var directory = Files.createTempDirectory("assay-drill-");
    long start = System.nanoTime();
    int trials = Integer.parseInt(args[1]);
    var report = new KillDrill(directory, Integer.parseInt(args[0]), trials, 1, 1).run();
    long right = report.trials().stream().filter(KillDrill::isRight).count();
    long restarted = report.trials().stream().filter(t -> t.restarts() > 0).count();
    System.out.printf(
        "%d kills in %.0f s: %d of %d trials, %d right, %d run again, %d processes left over%n",
        report.killed(),
        (System.nanoTime() - start) * 1e-9,
        report.trials().size(),
        trials,
        right,
        restarted,
        report.survivors());
  }

  /// Whether a trial ended with the value that its program gives.
  static boolean isRight(TrialRecord trial) {
    return trial.state() == TrialState.COMPLETE
        && trial.value() == trial.configuration().number("x");
  }

  Report run() throws IOException, InterruptedException {
    var file =
        Files.writeString(
            directory.resolve("study.yaml"),
            """
            name: drill
            objective:
              command: [sh, -c, "sleep %s; echo '@assay {\\"loss\\": {x}}'"]
              grace: 1s
            minimize: loss
            space: {x: {float: [0, 1]}}
            budget: {trials: %d}
            parallel: 2
            seed: 4
            """
                .formatted(seconds, trials));
    var running = new ArrayList<Process>();
    int killed = 0;
    while (killed < kills && !isDone()) {
      while (running.size() < PROCESSES) {
        running.add(start(file));
      }
      awaitProgress();
      Thread.sleep(Math.floorMod(random.nextLong(), 400));
      var victim = running.remove(Math.floorMod((int) random.nextLong(), running.size()));
      if (victim.isAlive()) {
        victim.destroyForcibly().waitFor();
        killed++;
      }
    }
    for (var process : running) {
      process.destroyForcibly().waitFor();
      killed++;
    }
    if (!start(file).waitFor(10, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the last resume does not end");
    }
    int survivors =
        ProcessTree.killMarked("ASSAY_TRIAL_DIR", directory.toRealPath().resolve("trials") + "/");
    return new Report(stored(), survivors, killed);
  }

  /// A process that is still starting loses nothing: some trial ends between two kills.
  private void awaitProgress() throws InterruptedException {
    while (ended() <= endedBefore && !isDone()) {
      Thread.sleep(20);
    }
    endedBefore = ended();
  }

  private long ended() {
    return Files.exists(directory.resolve("study.db"))
        ? stored().stream().filter(t -> t.state().isFinished()).count()
        : 0;
  }

  private boolean isDone() {
    return ended() >= trials;
  }

  private List<TrialRecord> stored() {
    try (var storage = new SqliteStorage(directory.resolve("study.db"))) {
      return storage.read("drill").map(log -> StudyView.of(log).trials()).orElse(List.of());
    }
  }

  private Process start(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "tune",
            file.toString(),
            "--storage",
            "sqlite:" + directory.resolve("study.db"),
            "--quiet")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("output").toFile()))
        .start();
  }
}
