package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.internal.storage.sql.PostgresServer;
import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.run.TestResults;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Whatever happens to machines, each number is there once, with the value of its program.
///
/// By hand, as root, some minutes: `-Dassay.cluster.events=100` (CONTRIBUTING.md).
@EnabledIfSystemProperty(named = ClusterDrillTest.EVENTS, matches = "\\d+")
class ClusterDrillTest {
  static final String EVENTS = "assay.cluster.events";

  private static final int MACHINES = 4;
  private static final int LEASE_SECONDS = 5;

  private static final int ATTEMPTS = 10;

  /// So long the next event waits for trials to end.
  private static final int PATIENCE_SECONDS = 20;

  /// What happens to a machine, or to the database.
  private enum Event {
    WORKER_KILLED,
    WORKER_FROZEN,
    CABLE_CUT,
    DATABASE_KILLED
  }

  @TempDir Path directory;

  private final int events = Integer.getInteger(EVENTS, 0);
  private final int trials = Math.max(8, 4 * events);
  private final Process[] workers = new Process[MACHINES];

  /// Until when something is done to a machine, in nanoseconds of this process.
  private final long[] busyUntil = new long[MACHINES];

  private final @Nullable Runnable[] mends = new @Nullable Runnable[MACHINES];
  private final Map<Event, Integer> happened = new EnumMap<>(Event.class);

  /// The longest time that a cable was cut.
  private long longest;

  private Path write(String search, String seconds) throws IOException {
    return Files.writeString(
        directory.resolve("study.yaml"),
        """
        name: drill
        objective:
          command: [sh, -c, 'echo run >>%s/runs; sleep %s; echo "@assay {\\"loss\\": {x}}"']
          grace: 300ms
        minimize: loss
        space: {x: {float: [0.5, 1]}}
        seed: 4
        %s
        """
            .formatted(directory, seconds, search));
  }

  /// What is stored. A server that just begins, or is very busy, is asked again.
  private static List<TrialRecord> trials(String url) {
    for (int attempt = 1; ; attempt++) {
      try (var storage = Storages.at(url)) {
        return storage.read("drill").map(study -> StudyView.of(study).trials()).orElse(List.of());
      } catch (Problem e) {
        if (attempt == ATTEMPTS || !e.what().contains("cannot be reached")) {
          throw e;
        }
      }
    }
  }

  private static long ended(List<TrialRecord> trials) {
    return trials.stream().filter(trial -> trial.state().isFinished()).count();
  }

  private Process start(ClusterDrill cluster, int machine, int parallel, String... words)
      throws IOException {
    var home = directory.resolve("machine" + machine);
    Files.createDirectories(home);
    var command =
        new ArrayList<>(List.of("env", "ASSAY_STUDIES=" + home, "XDG_CACHE_HOME=" + home));
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--parallel", Integer.toString(parallel), "--quiet"));
    command.addAll(
        AssayProcess.command(
            List.of("-Xmx200m", "-Djava.io.tmpdir=" + home), all.toArray(String[]::new)));
    return AssayProcess.start(
        directory.resolve("machine" + machine + ".out"), cluster.on(machine, command));
  }

  private static String url(ClusterDrill cluster, int machine, String schema) {
    return "postgresql://assay@%s/postgres?schema=%s&lease=%d"
        .formatted(cluster.service(machine), schema, LEASE_SECONDS);
  }

  private String said(int machine) {
    try {
      return Files.readString(directory.resolve("machine" + machine + ".out"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void signal(Process process, String name) throws IOException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void everyNumberIsThereOnce() throws Exception {
    assumeTrue(ClusterDrill.isPossible(), "no network name spaces can be made here");
    var random = new Random(7);
    try (var server = PostgresServer.start();
        var cluster = new ClusterDrill(MACHINES, server.port())) {
      var file = write("sampler: random\nbudget: {trials: " + trials + "}", "6");
      var local = server.url("drill") + "&lease=" + LEASE_SECONDS;
      workers[0] =
          start(cluster, 0, 6, "tune", file.toString(), "--storage", url(cluster, 0, "drill"));
      while (ended(trials(local)) == 0) {
        assertThat(workers[0].waitFor(200, TimeUnit.MILLISECONDS)).as(() -> said(0)).isFalse();
      }
      for (int i = 1; i < MACHINES; i++) {
        workers[i] = work(cluster, i);
      }
      long begun = System.nanoTime();
      long last = begun;
      for (int done = 0; done < events || !isOver(local); ) {
        Thread.sleep(500 + random.nextInt(1000));
        mend(cluster);
        // Spread over the trials, however slow the machine; what does not move is not waited for.
        boolean isDue =
            ended(trials(local)) * events >= (long) done * trials
                || System.nanoTime() - last >= TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        if (done < events && isDue && happens(cluster, server, random)) {
          done++;
          last = System.nanoTime();
          if (done % 10 == 0) { // for whoever waits
            System.out.printf("%d events, %d trials ended%n", done, ended(trials(local)));
          }
        }
      }
      report(local, begun);
    } finally {
      Stream.of(workers).filter(Objects::nonNull).forEach(Process::destroyForcibly);
    }
  }

  private Process work(ClusterDrill cluster, int machine) throws IOException {
    return start(
        cluster,
        machine,
        6,
        "work",
        url(cluster, machine, "drill") + "#drill",
        "--directory",
        directory.toString());
  }

  /// What was done to machines ends when its time has come; who is gone is started again.
  private void mend(ClusterDrill cluster) throws IOException {
    for (int i = 0; i < MACHINES; i++) {
      if (System.nanoTime() < busyUntil[i]) {
        continue;
      }
      var mend = mends[i];
      if (mend != null) {
        mends[i] = null;
        mend.run();
      }
      if (!workers[i].isAlive() && workers[i].exitValue() != 0) {
        workers[i] = work(cluster, i);
      }
    }
  }

  private boolean happens(ClusterDrill cluster, PostgresServer server, Random random)
      throws Exception {
    var event = Event.values()[random.nextInt(Event.values().length)];
    int machine = random.nextInt(MACHINES);
    if (event == Event.DATABASE_KILLED) {
      server.kill();
      Thread.sleep(random.nextInt(3000));
      server.begin();
    } else {
      if (mends[machine] != null || !workers[machine].isAlive()) {
        return false;
      }
      var worker = workers[machine];
      switch (event) {
        case WORKER_KILLED -> worker.destroyForcibly().waitFor();
        case WORKER_FROZEN -> {
          signal(worker, "STOP");
          mends[machine] = () -> mended(() -> signal(worker, "CONT"));
        }
        case CABLE_CUT -> {
          cluster.cut(machine, true);
          mends[machine] = () -> mended(() -> cluster.cut(machine, false));
        }
        case DATABASE_KILLED -> throw new AssertionError(event);
      }
      busyUntil[machine] = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds(event, random));
    }
    happened.merge(event, 1, Integer::sum);
    return true;
  }

  /// How long it lasts. One cable in twelve is cut for far longer than a lease, and its machine
  /// finds that all it had went to others.
  private long seconds(Event event, Random random) {
    boolean isLong =
        event == Event.CABLE_CUT && happened.getOrDefault(Event.CABLE_CUT, 0) % 12 == 1;
    long seconds =
        event == Event.WORKER_KILLED
            ? 0
            : isLong ? 100 + random.nextInt(21) : 2 + random.nextInt(3 * LEASE_SECONDS);
    longest = Math.max(longest, event == Event.CABLE_CUT ? seconds : 0);
    return seconds;
  }

  private interface Mend {
    void run() throws Exception;
  }

  private static void mended(Mend mend) {
    try {
      mend.run();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private boolean isOver(String url) {
    return ended(trials(url)) == trials
        && Stream.of(workers).noneMatch(Process::isAlive)
        && Stream.of(workers).allMatch(worker -> worker.exitValue() == 0);
  }

  private void report(String url, long begun) throws IOException {
    var all = trials(url);
    var numbers = new HashSet<Integer>();
    all.forEach(trial -> numbers.add(trial.number()));
    long restarts = all.stream().mapToInt(TrialRecord::restarts).sum();
    long complete = all.stream().filter(trial -> trial.state() == TrialState.COMPLETE).count();
    long programs = Files.readAllLines(directory.resolve("runs")).size();
    double seconds = (System.nanoTime() - begun) * 1e-9;
    long lost = 0;
    for (int i = 0; i < MACHINES; i++) {
      lost +=
          Files.readString(directory.resolve("machine" + i + ".out"))
              .lines()
              .filter(line -> line.contains("took this process for gone"))
              .count();
    }
    System.out.printf(
        "%d events %s, %d trials, %d numbers, %d complete, %d begun again, %d programs run, %d"
            + " times told lost, a cable cut for %d s at most, %.0f s%n",
        happened.values().stream().mapToInt(Integer::intValue).sum(),
        happened,
        all.size(),
        numbers.size(),
        complete,
        restarts,
        programs,
        lost,
        longest,
        seconds);
    assertThat(all).hasSize(trials);
    assertThat(numbers).hasSize(trials);
    assertThat(all)
        .allSatisfy(trial -> {
          assertThat(trial.state()).isEqualTo(TrialState.COMPLETE);
          assertThat(trial.value()).isEqualTo(trial.configuration().number("x"));
        });
    if (System.getProperty("assay.results") instanceof String results) {
      var measured = new ArrayList<Map<String, @Nullable Object>>();
      happened.forEach((event, count) -> measured.add(measured(event.name(), count, "1/op")));
      measured.add(measured("trials", all.size(), "1/op"));
      measured.add(measured("numbers", numbers.size(), "1/op"));
      measured.add(measured("complete", complete, "1/op"));
      measured.add(measured("begun again", restarts, "1/op"));
      measured.add(measured("programs", programs, "1/op"));
      measured.add(measured("told lost", lost, "1/op"));
      measured.add(measured("longest cut", longest, "s/op"));
      measured.add(measured("all", seconds, "s/op"));
      TestResults.write(
          Path.of(results),
          "machines",
          measured,
          "./mvnw -pl src test -Dtest=ClusterDrillTest -Dassay.cluster.events="
              + events
              + " -Dassay.results=../results");
    }
  }

  private Map<String, @Nullable Object> measured(String what, double score, String unit) {
    return TestResults.measurement(
        "machines." + what.toLowerCase(Locale.ROOT).replaceAll("[_ ]", "."),
        Map.of("machines", Integer.toString(MACHINES), "events", Integer.toString(events)),
        score,
        unit);
  }

  @Test
  void machinesFindTheTrialsOfOneProcess() throws Exception {
    assumeTrue(ClusterDrill.isPossible(), "no network name spaces can be made here");
    try (var server = PostgresServer.start();
        var cluster = new ClusterDrill(MACHINES, server.port())) {
      var search = "sampler: {tpe: {start: 8}}\nschedule: batch\nbatch: 4\nbudget: {trials: 24}";
      var file = write(search, "0.3").toString();
      for (int i = 0; i < MACHINES; i++) {
        workers[i] = start(cluster, i, 1, "tune", file, "--storage", url(cluster, i, "same"));
      }
      for (int i = 0; i < MACHINES; i++) {
        int machine = i;
        assertThat(workers[i].waitFor(4, TimeUnit.MINUTES)).as(() -> said(machine)).isTrue();
        assertThat(workers[i].exitValue()).as(() -> said(machine)).isZero();
      }
      var alone =
          start(
              cluster, 0, 1, "tune", file, "--storage", "sqlite:" + directory.resolve("alone.db"));
      assertThat(alone.waitFor()).isZero();
      assertThat(trials(server.url("same")))
          .hasSize(24)
          .extracting(TrialRecord::configuration)
          .isEqualTo(
              trials("sqlite:" + directory.resolve("alone.db")).stream()
                  .map(TrialRecord::configuration)
                  .toList());
    } finally {
      Stream.of(workers).filter(Objects::nonNull).forEach(Process::destroyForcibly);
    }
  }
}
