package dev.assay.cli;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.process.ProcessTree;
import dev.assay.random.Philox;
import dev.assay.report.StudyView;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Kills processes of a study with SIGKILL at random moments and starts others, and looks at what
/// is left after the last resume: [DrillCheck] says what is not as it should be.
///
/// The whole drill: `KillDrill children 100 400`, of a [DrilledStudy], kills and trials.
final class KillDrill {
  /// How long a process may run before it is killed; short lives end while it starts.
  private static final int LONGEST_MILLIS = 1500;

  /// Without a trial that ends.
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final int POLL_MILLIS = 100;

  private final DrilledStudy study;
  private final Path directory;
  private final int kills;
  private final int trials;
  private final double seconds;
  private final Philox random;

  /// How many trials had ended at the last kill.
  private long endedBefore;

  /// @param faults what is wrong, one line each
  /// @param killed how many processes
  record Report(List<TrialRecord> trials, List<String> faults, int killed) {
    long restarted() {
      return trials.stream().filter(trial -> trial.restarts() > 0).count();
    }
  }

  /// @param directory empty
  /// @param seconds that each trial takes: longer ones leave time for more kills
  KillDrill(DrilledStudy study, Path directory, int kills, int trials, double seconds, long seed) {
    this.study = study;
    this.directory = directory;
    this.kills = kills;
    this.trials = trials;
    this.seconds = seconds;
    random = new Philox(seed, 0);
  }

  public static void main(String[] args) throws Exception {
    var directory = Files.createTempDirectory("assay-drill-");
    long start = System.nanoTime();
    var study = DrilledStudy.valueOf(args[0].toUpperCase(Locale.ROOT));
    int kills = Integer.parseInt(args[1]);
    int trials = Integer.parseInt(args[2]);
    var report = new KillDrill(study, directory, kills, trials, 0.4, 1).run();
    System.out.printf(
        "%s, in %s: %d kills in %.0f s, %d trials, %d run again, %d faults%n",
        study,
        directory,
        report.killed(),
        (System.nanoTime() - start) * 1e-9,
        report.trials().size(),
        report.restarted(),
        report.faults().size());
    report.faults().forEach(System.out::println);
  }

  Report run() throws IOException, InterruptedException {
    var drilled = Files.createDirectory(directory.resolve("drilled"));
    int killed = kill(drilled);
    resume(drilled);
    var faults = new ArrayList<String>();
    int survivors =
        ProcessTree.killMarked("ASSAY_TRIAL_DIR", drilled.toRealPath().resolve("trials") + "/");
    if (survivors > 0) {
      faults.add(survivors + " processes of trials live on");
    }
    var check = new DrillCheck(study, drilled, stored(drilled), trials, faults);
    check.run();
    if (study.repeats()) {
      var unkilled = Files.createDirectory(directory.resolve("unkilled"));
      study.write(unkilled, trials, seconds);
      resume(unkilled);
      check.compare(unkilled, stored(unkilled));
    }
    return new Report(stored(drilled), faults, killed);
  }

  private int kill(Path drilled) throws IOException, InterruptedException {
    study.write(drilled, trials, seconds);
    var running = new ArrayList<Process>();
    int killed = 0;
    while (killed < kills && ended(drilled) < trials) {
      while (running.size() < study.processes()) {
        running.add(start(drilled));
      }
      if (killed % 4 != 3) { // else it may be killed while it starts
        awaitProgress(drilled, running);
      }
      Thread.sleep(random.nextInt(LONGEST_MILLIS));
      var victim = running.remove(random.nextInt(running.size()));
      if (victim.isAlive()) {
        victim.destroyForcibly().waitFor();
        killed++;
      } else {
        requireGood(victim, drilled);
      }
    }
    for (var process : running) {
      process.destroyForcibly().waitFor();
      killed++;
    }
    return killed;
  }

  /// A trial whose process is killed again and again is given up: some trial ends between two
  /// kills.
  private void awaitProgress(Path drilled, List<Process> running) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (ended(drilled) <= endedBefore && running.stream().allMatch(Process::isAlive)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("no trial ends");
      }
      Thread.sleep(POLL_MILLIS);
    }
    endedBefore = ended(drilled);
  }

  private void resume(Path where) throws IOException, InterruptedException {
    var process = start(where);
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException("the last resume does not end");
    }
    requireGood(process, where);
  }

  /// Of a process that ended by itself.
  private static void requireGood(Process process, Path where) throws IOException {
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "exit code " + process.exitValue() + ": " + Files.readString(where.resolve("output")));
    }
  }

  private static long ended(Path where) {
    return Files.exists(where.resolve("study.db"))
        ? stored(where).stream().filter(t -> t.state().isFinished()).count()
        : 0;
  }

  private static List<TrialRecord> stored(Path where) {
    try (var storage = new SqliteStorage(where.resolve("study.db"))) {
      return storage.read("drill").map(log -> StudyView.of(log).trials()).orElse(List.of());
    }
  }

  private static Process start(Path where) throws IOException {
    return AssayProcess.start(
        where.resolve("output"),
        AssayProcess.command(
            List.of("-Djava.io.tmpdir=" + where.resolve("temporary")),
            "tune",
            where.resolve("study.yaml").toString(),
            "--storage",
            "sqlite:" + where.resolve("study.db"),
            "--quiet"));
  }
}
