package dev.assay.cli;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.random.Philox;
import dev.assay.report.StudyView;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Kills `assay serve` with SIGKILL while clients ask, report and tell, and starts it again:
/// clients try again what was not answered. Every number is to be told once, with the value that
/// its client found.
///
/// The whole drill: `ServingDrill 50 1000`, of kills and trials.
final class ServingDrill {
  private static final int CLIENTS = 4;

  private final Path directory;
  private final Path file;
  private final int kills;
  private final int trials;
  private final int port;
  private final Philox random = new Philox(5, 0);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// A permit for every tell that was answered.
  private final Semaphore tells = new Semaphore(0);

  private final Map<Integer, Double> told = new ConcurrentHashMap<>();
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger twice = new AtomicInteger();
  private final List<String> refused = new ArrayList<>();

  /// @param told by number, what clients know to be kept
  /// @param twice how many numbers were told successfully more than once
  /// @param refused answers that no client should get
  record Report(
      List<TrialRecord> trials,
      Map<Integer, Double> told,
      int twice,
      List<String> refused,
      int killed) {
    /// The trials that are as they should be.
    long right() {
      return trials.stream()
          .filter(trial ->
              trial.state() == TrialState.COMPLETE
                  && trial.value() == trial.configuration().number("x")
                  && trial.values().getFirst().equals(told.get(trial.number())))
          .count();
    }
  }

  ServingDrill(Path directory, int kills, int trials) throws IOException {
    this.directory = directory;
    this.kills = kills;
    this.trials = trials;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    file =
        Files.writeString(
            directory.resolve("study.yaml"),
            """
            name: drill
            minimize: loss
            space: {x: {float: [0, 1]}}
            sampler: random
            budget: {trials: %d}
            seed: 4
            """
                .formatted(trials));
  }

  public static void main(String[] args) throws Exception {
    var directory = Files.createTempDirectory("assay-drill-");
    int trials = Integer.parseInt(args[1]);
    var report = new ServingDrill(directory, Integer.parseInt(args[0]), trials).run();
    long restarted = report.trials().stream().filter(t -> t.restarts() > 0).count();
    System.out.printf(
        "%d kills: %d of %d trials, %d right, %d given out again, %d told twice, refused: %s%n",
        report.killed(),
        report.trials().size(),
        trials,
        report.right(),
        restarted,
        report.twice(),
        report.refused());
  }

  Report run() throws IOException, InterruptedException {
    var clients = new ArrayList<Thread>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Thread.ofPlatform().start(this::work));
    }
    int killed = 0;
    var server = start();
    while (killed < kills) {
      tells.acquire(1 + random.nextInt(Math.max(1, trials / (kills + 1)))); // it is in the middle
      server.destroyForcibly().waitFor();
      killed++;
      server = start();
    }
    for (var client : clients) {
      client.join();
    }
    server.destroy();
    server.waitFor();
    try (var storage = new SqliteStorage(directory.resolve("study.db"))) {
      var stored = StudyView.of(storage.read("drill").orElseThrow()).trials();
      return new Report(stored, told, twice.get(), refused, killed);
    } finally {
      http.close();
    }
  }

  /// One client, until there is nothing left to ask for.
  private void work() {
    while (true) {
      var answer = send("{\"ask\": 1}");
      if (answer.get("trials").isEmpty()) {
        return;
      }
      var trial = answer.at("/trials/0");
      int id = trial.get("id").asInt();
      double x = trial.at("/params/x").asDouble();
      int step = 1;
      var report = "{\"report\": {\"id\": %d, \"step\": %d, \"values\": {\"loss\": %s}}}";
      var tell = "{\"tell\": {\"id\": %d, \"values\": {\"loss\": %s}}}".formatted(id, x);
      // Said where an answer was lost with the service, or where it gave the trial to another
      // client when it was started again.
      var ended = "it has ended, complete";
      check(send(report.formatted(id, step, x)), "prune", "steps of a trial must ascend", ended);
      var kept = send(tell);
      check(kept, "ok", ended);
      if (kept.has("ok") && !acknowledged.add(id)) {
        twice.incrementAndGet();
      }
      told.put(id, x);
      tells.release();
    }
  }

  private void check(JsonNode answer, String key, String... orAgain) {
    if (!answer.has(key) && Stream.of(orAgain).noneMatch(answer.toString()::contains)) {
      synchronized (refused) {
        refused.add(answer.toString());
      }
    }
  }

  /// Until it is answered.
  private JsonNode send(String request) {
    var post =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(request))
            .build();
    while (true) {
      try {
        var answer = http.send(post, HttpResponse.BodyHandlers.ofString());
        return JsonMapper.shared().readTree(answer.body());
      } catch (IOException e) {
        awaitListener();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void awaitListener() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process start() throws IOException {
    return AssayProcess.start(
        directory.resolve("server.log"),
        AssayProcess.command(
            List.of(),
            "serve",
            file.toString(),
            "--port",
            Integer.toString(port),
            "--storage",
            "sqlite:" + directory.resolve("study.db")));
  }
}
