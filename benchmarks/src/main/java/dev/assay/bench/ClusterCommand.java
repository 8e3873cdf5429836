package dev.assay.bench;

import dev.assay.problem.Problem;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Storage;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `assay bench cluster`: how many trials of no length a database begins and ends in a second for
/// as many processes as there are (each a storage with its two connections, here in one process),
/// how soon one hears of what another did, and who wins where all want the same numbers. Then
/// simulated workers of one process that owns the study, over HTTP, and Optuna's processes on the
/// same server.
@Command(name = "cluster", description = "Many workers at one study in a database.")
final class ClusterCommand implements Callable<Integer> {
  static final String STUDY = "bench cluster";
  private static final Duration PEER_LIMIT = Duration.ofMinutes(10);
  private static final int PEER_PROCESSES = 8;
  private static final int WARM_WORKERS = 8;
  private static final int NOTES = 100;
  private static final int JOINS = 7;
  private static final int BETWEEN_NOTES_MILLIS = 60;
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  @Option(names = "--storage", required = true, description = "postgresql://USER@HOST/DB")
  private String url = "";

  @Option(names = "--workers", split = ",", description = "at once, one run each (1,8,32)")
  private List<Integer> workers = List.of(1, 8, 32);

  @Option(names = "--trials", description = "of each run, after as many to warm up (4000)")
  private int trials = 4000;

  @Option(
      names = "--hosted",
      split = ",",
      description = "workers at once of one owner, over HTTP, one run each (8,1000); 0: none")
  private List<Integer> hosted = List.of(8, 1000);

  @Option(names = "--hosted-trials", description = "of each of these runs; ${DEFAULT-VALUE}")
  private int hostedTrials = 20_000;

  @Option(
      names = "--peer",
      description =
          "also 8 processes of Optuna (ASSAY_PYTHON, with psycopg2) in the database of this URL of"
              + " SQLAlchemy")
  private @Nullable String peer;

  @Option(names = "--peer-trials", description = "of Optuna; ${DEFAULT-VALUE}")
  private int peerTrials = 1000;

  @Mixin private Destination destination = new Destination();

  @Override
  public Integer call() throws Exception {
    Limits.atLeast(1, "--trials", trials);
    Limits.atLeast(1, "--hosted-trials", hostedTrials);
    Limits.atLeast(1, "--peer-trials", peerTrials);
    var all = new ArrayList<Measurement>();
    for (int count : workers) {
      Limits.atLeast(1, "--workers", count);
      try (var storage = Storages.at(url)) {
        if (storage.names().contains(STUDY)) {
          storage.delete(STUDY);
        }
        storage.create(new StudyDefinition(STUDY, Map.of())).close();
        measure(count, all);
        storage.delete(STUDY);
      }
    }
    var counts = hosted.stream().filter(count -> count > 0).toList();
    if (!counts.isEmpty()) {
      var _ = HostedWorkers.run(new InMemoryStorage(), WARM_WORKERS, hostedTrials); // warms up
    }
    for (int count : counts) {
      hosted(count, all);
    }
    if (peer != null) {
      studies(all);
      peer(peer, all);
    }
    destination.write("cluster", all);
    return 0;
  }

  private void hosted(int count, List<Measurement> all) throws Exception {
    try (var storage = Storages.at(url)) {
      if (storage.names().contains(STUDY)) {
        storage.delete(STUDY);
      }
      var seen = HostedWorkers.run(storage, count, hostedTrials);
      say(all, "hosted.join", count, 1e3 * seen.joinSeconds(), "ms/op");
      say(all, "hosted.trials", count, hostedTrials / seen.runSeconds(), "ops/s");
      say(all, "hosted.processor", count, 1e6 * seen.processorSeconds() / hostedTrials, "us/op");
      storage.delete(STUDY);
    }
    thin(count, all);
  }

  /// The owner's part of that: workers that are no more than sockets.
  private static void thin(int count, List<Measurement> all) throws Exception {
    var joined = new double[JOINS];
    var processor = new double[JOINS];
    for (int i = -1; i < JOINS; i++) { // the first one warms up
      var seen = ThinWorkers.join(new InMemoryStorage(), count);
      if (i >= 0) {
        joined[i] = 1e3 * seen.seconds();
        processor[i] = 1e6 * seen.processorSeconds() / count;
      }
    }
    say(all, "hosted.join.owner", count, joined, "ms/op");
    say(all, "hosted.join.owner.processor", count, processor, "us/op");
  }

  private static void say(
      List<Measurement> all, String name, int workers, double[] repeats, String unit) {
    var measured = Measurement.ofRepeats("cluster." + name, workers(workers), unit, repeats, null);
    System.out.printf(
        Locale.ROOT, "%d workers, %s: %.1f %s%n", workers, name, measured.p50(), unit);
    all.add(measured);
  }

  /// As many processes as Optuna has go on with one study.
  private void studies(List<Measurement> all) throws IOException, InterruptedException {
    try (var storage = Storages.at(url)) {
      if (storage.names().contains(STUDY)) {
        storage.delete(STUDY);
      }
      HostedWorkers.study(storage).open().close();
      var seen = SearchProcesses.run(url, PEER_PROCESSES, peerTrials);
      int stored;
      try (var study = HostedWorkers.study(storage).openOrCreate()) {
        stored = study.trials().size();
      }
      if (stored != peerTrials || seen.ran() != peerTrials) {
        throw new Problem(
            "The budget was not kept.",
            stored + " trials stored, " + seen.ran() + " run, of " + peerTrials,
            "Say so: it is a bug.");
      }
      say(all, "study.trials", PEER_PROCESSES, peerTrials / seen.seconds(), "ops/s");
      storage.delete(STUDY);
    }
  }

  /// Optuna's trials a second as the peer of Assay's at as many workers, and what became of its
  /// budget.
  private void peer(String address, List<Measurement> all) throws InterruptedException {
    var python = System.getenv("ASSAY_PYTHON");
    var home = System.getenv("ASSAY_HOME");
    var script = Path.of(home == null ? "" : home, "benchmarks", "peers", "cluster.py");
    var answer =
        PeerProcess.run(
            List.of(
                python == null ? "python3" : python,
                script.toString(),
                "--storage",
                address,
                "--processes",
                Integer.toString(PEER_PROCESSES),
                "--trials",
                Integer.toString(peerTrials)),
            PEER_LIMIT);
    var document = answer.document();
    if (document == null) {
      System.out.println("Optuna " + answer.failure());
      return;
    }
    double rate = 1 / document.path("seconds").asDouble();
    int ran = document.path("trials").asInt();
    System.out.printf(
        Locale.ROOT,
        "Optuna %s, %d processes: %.1f ops/s, %d trials of a budget of %d%n",
        document.path("version").asString(),
        PEER_PROCESSES,
        rate,
        ran,
        peerTrials);
    var other = new Measurement.Peer("optuna", document.path("version").asString(), rate);
    all.replaceAll(measurement ->
        measurement.benchmark().equals("cluster.study.trials")
                && measurement.parameters().equals(workers(PEER_PROCESSES))
            ? measurement.beside(other)
            : measurement);
    all.add(
        Measurement.single(
            "cluster.optuna.overshoot", workers(PEER_PROCESSES), ran - peerTrials, "1/op"));
  }

  private static Map<String, String> workers(int count) {
    return Map.of("workers", Integer.toString(count));
  }

  private void measure(int count, List<Measurement> all) throws Exception {
    var storages = new ArrayList<Storage>();
    var logs = new ArrayList<StudyLog>();
    try {
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        storages.add(Storages.at(url));
        logs.add(storages.get(i).open(STUDY).orElseThrow());
      }
      say(all, "join", count, 1e3 * seconds(start) / count, "ms/op");
      int each = Math.max(1, trials / count);
      for (int round = 0; round < 2; round++) { // the first one warms up
        int first = round * each * count;
        long began = System.nanoTime();
        run(count, worker -> runAll(logs.get(worker), first + worker * each, each));
        double rate = each * count / seconds(began);
        if (round > 0) {
          say(all, "trials", count, rate, "ops/s");
        }
      }
      if (count > 1) {
        notes(logs.get(0), logs.get(1), 2 * each * count, count, all);
        race(logs, 2 * each * count + NOTES, each, all);
      }
    } finally {
      logs.forEach(StudyLog::close);
      storages.forEach(Storage::close);
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }

  private static void say(
      List<Measurement> all, String name, int workers, double value, String unit) {
    System.out.printf(Locale.ROOT, "%d workers, %s: %.1f %s%n", workers, name, value, unit);
    all.add(Measurement.single("cluster." + name, workers(workers), value, unit));
  }

  /// Does the work of every worker at once.
  ///
  /// @return the sum of what they give
  private static long run(int count, IntFunction<Long> work)
      throws InterruptedException, ExecutionException {
    long sum = 0;
    try (var pool = Executors.newFixedThreadPool(count)) {
      var futures = new ArrayList<Future<Long>>();
      for (int i = 0; i < count; i++) {
        int worker = i;
        futures.add(pool.submit(() -> work.apply(worker)));
      }
      for (var future : futures) {
        sum += future.get();
      }
    }
    return sum;
  }

  private static long runAll(StudyLog log, int first, int count) {
    for (int number = first; number < first + count; number++) {
      var trial = running(number);
      var ended =
          new TrialRecord(
              number,
              TrialState.COMPLETE,
              trial.configuration(),
              Map.of(),
              List.of(),
              List.of(0.5),
              null,
              "",
              Map.of(),
              trial.startedMillis(),
              1e-3,
              0);
      if (!log.begin(trial) || !log.end(ended)) {
        throw new Problem("A trial was lost.", "trial " + number, "Use a database of your own.");
      }
    }
    return count;
  }

  private static TrialRecord running(int number) {
    return new TrialRecord(
        number,
        TrialState.RUNNING,
        SPACE.configuration(Map.of("x", 0.5)),
        Map.of(),
        List.of(),
        List.of(),
        null,
        "",
        Map.of(),
        System.currentTimeMillis(),
        0,
        0);
  }

  /// How long after a trial began another worker knows of it, as often as it may be told.
  private static void notes(
      StudyLog one, StudyLog other, int first, int workers, List<Measurement> all)
      throws InterruptedException {
    var milliseconds = new double[NOTES];
    for (int i = 0; i < NOTES; i++) {
      int number = first + i;
      while (other.changed()) {
        other.follow(SPACE, List.of(), number, _ -> {});
        Thread.sleep(BETWEEN_NOTES_MILLIS);
      }
      long start = System.nanoTime();
      if (!one.begin(running(number))) {
        throw new Problem("A trial was lost.", "trial " + number, "Use a database of your own.");
      }
      while (!other.changed()) {
        LockSupport.parkNanos(100_000);
      }
      milliseconds[i] = 1e3 * seconds(start);
    }
    Arrays.sort(milliseconds);
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("workers", Integer.toString(workers));
    parameters.put("max", String.format(Locale.ROOT, "%.1f", milliseconds[NOTES - 1]));
    double p50 = milliseconds[NOTES / 2];
    double p99 = milliseconds[NOTES - 2];
    System.out.printf(Locale.ROOT, "a begin is heard of: p50 %.1f ms, p99 %.1f ms%n", p50, p99);
    all.add(
        new Measurement(
            "cluster.note",
            parameters,
            Arrays.stream(milliseconds).average().orElse(0),
            null,
            "ms/op",
            p50,
            p99,
            null,
            null));
  }

  /// All want the same numbers: each is to be given out once.
  private static void race(List<StudyLog> logs, int first, int count, List<Measurement> all)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    long won =
        run(
            logs.size(),
            worker -> {
              long own = 0;
              for (int number = first; number < first + count; number++) {
                own += logs.get(worker).begin(running(number)) ? 1 : 0;
              }
              return own;
            });
    double rate = (double) count * logs.size() / seconds(start);
    if (won != count) {
      throw new Problem(
          "A number was given out twice, or never.", won + " of " + count, "Say so: it is a bug.");
    }
    say(all, "race", logs.size(), rate, "ops/s");
  }
}
