package dev.assay.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.sampler.tpe.TpeSampler;
import dev.assay.problem.Problem;
import dev.assay.serve.LocalServer;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Asked;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Trial;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Report;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Workers and owner in one process, over HTTP.
@Timeout(60)
class RemoteStudyTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String TOKEN = "a long secret text";

  private final InMemoryStorage storage = new InMemoryStorage();

  private static StudyBuilder<Configuration> builder() {
    var space =
        SearchSpace.builder()
            .floatRange("x", 0, 1)
            .intRange("n", 1, 9)
            .choice("c", "a", "b")
            .build();
    return Study.over(space)
        .named("remote")
        .minimize("loss")
        .sampler(new TpeSampler())
        .seed(5)
        .batch(4)
        .describe("objective", Map.of("command", List.of("true")));
  }

  /// A process that owns the study.
  private final class Owner implements AutoCloseable {
    final Study<Configuration> study;
    final AtomicLong ahead = new AtomicLong();
    final Crew crew;
    final LocalServer server;

    Owner(int port, Duration lease) {
      study = builder().storage(storage).openOrCreate();
      crew =
          new Crew(
              study, Budget.trials(20), 3, lease, () -> System.nanoTime() + ahead.get(), false);
      server =
          LocalServer.start(
              InetAddress.getLoopbackAddress(),
              port,
              TOKEN,
              Map.of(CrewHandler.PATH, new CrewHandler(crew)));
    }

    String url() {
      return server.url();
    }

    @Override
    public void close() {
      server.close();
      crew.close();
      study.close();
    }
  }

  private static Study<Configuration> join(String url, Runnable whenStopped) {
    return RemoteStudy.at(Uplink.to(url, TOKEN))
        .join(builder(), Map.of("host", "here"), 2, PATIENCE, whenStopped);
  }

  private static double loss(Configuration x) {
    return Math.abs(x.number("x") - 0.3) + x.number("n") + (x.toString().contains("b") ? 1 : 0);
  }

  @Test
  void workersFindTheTrialsOfOneProcess() throws Exception {
    List<TrialRecord> shared;
    try (var owner = new Owner(0, PATIENCE)) {
      var workers = new ArrayList<Thread>();
      for (int i = 0; i < 3; i++) {
        workers.add(
            Thread.ofPlatform()
                .start(() -> {
                  try (var study = join(owner.url(), () -> {})) {
                    var result =
                        study.run(
                            (x, trial) -> {
                              trial.attribute("seed", trial.seed());
                              return Outcome.complete(loss(x));
                            },
                            Budget.UNLIMITED,
                            Workers.of(2));
                    assertThat(result.reason()).isEqualTo(StopReason.TRIALS);
                  }
                }));
      }
      assertThat(owner.crew.run().reason()).isEqualTo(StopReason.TRIALS);
      for (var worker : workers) {
        worker.join();
      }
      assertThat(owner.crew.size()).isZero();
      shared = owner.study.trials();
    }
    try (var alone = builder().open()) {
      alone.run(
          (x, trial) -> {
            trial.attribute("seed", trial.seed());
            return Outcome.complete(loss(x));
          },
          Budget.trials(20));
      assertThat(shared)
          .extracting(TrialRecord::configuration)
          .isEqualTo(alone.trials().stream().map(TrialRecord::configuration).toList());
      assertThat(shared)
          .extracting(TrialRecord::attributes)
          .isEqualTo(alone.trials().stream().map(TrialRecord::attributes).toList());
      assertThat(shared).allMatch(trial -> trial.state() == TrialState.COMPLETE);
    }
  }

  private static Trial<Configuration> ask(Study<Configuration> study) throws InterruptedException {
    while (true) {
      switch (study.tryAsk(Budget.UNLIMITED)) {
        case Asked.Ready<Configuration>(var trial) -> {
          return trial;
        }
        case Asked.Wait<Configuration>() -> study.awaitChange(Duration.ofSeconds(1));
        case Asked.Finished<Configuration>(var why) -> throw new AssertionError(why);
      }
    }
  }

  @Test
  void aTrialCostsOneMessageWhereThereIsANextOne() throws Exception {
    var messages = new AtomicLong();
    try (var study = builder().open();
        var crew = new Crew(study, Budget.trials(20), 3, PATIENCE, System::nanoTime, false)) {
      var handler = new CrewHandler(crew);
      try (var server =
          LocalServer.start(
              InetAddress.getLoopbackAddress(),
              0,
              TOKEN,
              Map.of(
                  CrewHandler.PATH,
                  exchange -> {
                    var path = exchange.getRequestURI().getPath();
                    if (!path.endsWith("beat")) {
                      messages.incrementAndGet();
                    }
                    handler.handle(exchange);
                  }))) {
        try (var worker = join(server.url(), () -> {})) {
          worker.run((x, _) -> Outcome.complete(loss(x)), Budget.UNLIMITED, Workers.of(1));
        }
      }
      assertThat(study.trials()).hasSize(20);
    }
    // study, join, the first claim, 20 ends, leave
    assertThat(messages).hasValue(24);
  }

  @Test
  void nothingIsLostWhenTheOwnerIsStartedAgain() throws Exception {
    var first = new Owner(0, PATIENCE);
    int port = first.server.port();
    try (var study = join(first.url(), () -> {})) {
      var trial = ask(study);
      var idle = ask(study);
      assertThat(trial.report(1, 0.9).prune()).isFalse();
      first.close();
      assertThat(trial.report(2, 0.8).prune()).isFalse(); // kept in memory
      try (var second = new Owner(port, Duration.ofSeconds(2))) {
        assertThat(trial.report(3, 0.7).prune()).isFalse();
        study.release(idle);
        assertThat(study.tellIfHeld(trial, Outcome.complete(0.6))).isNotNull();
        var stored = java.util.Objects.requireNonNull(second.study.trial(trial.number()));
        assertThat(stored.value()).isEqualTo(0.6);
        assertThat(stored.reports()).extracting(Report::step).containsExactly(1L, 2L, 3L);
        assertThat(stored.restarts()).isEqualTo(1);
        assertThat(second.study.trial(idle.number()))
            .isNotNull()
            .extracting(TrialRecord::restarts)
            .isEqualTo(2); // by the owner's end, and released
        assertThat(ask(study).number()).isEqualTo(idle.number());
      }
    }
  }

  @Test
  void aTrialThatOthersHaveIsLostAndTheWorkerGoesOn() throws Exception {
    try (var owner = new Owner(0, PATIENCE);
        var study = join(owner.url(), () -> {})) {
      var trial = ask(study);
      while (owner.study.count(TrialState.RUNNING) > 0) { // it may give a sign in between
        owner.ahead.addAndGet(PATIENCE.plusNanos(1).toNanos());
        owner.crew.takeBack();
      }
      assertThat(trial.report(1, 0.5).prune()).isTrue();
      assertThat(study.tellIfHeld(trial, Outcome.pruned())).isNull();
      assertThat(ask(study).number()).isEqualTo(trial.number());
    }
  }

  @Test
  void aStoppedStudyStopsItsWorkers() throws Exception {
    var stopped = new CountDownLatch(1);
    try (var owner = new Owner(0, Duration.ofMillis(600))) {
      try (var _ = join(owner.url(), stopped::countDown)) {
        owner.crew.finish(StopReason.INTERRUPTED);
        stopped.await();
      }
      owner.crew.awaitLeaving(PATIENCE);
      assertThat(owner.crew.size()).isZero();
    }
  }

  @Test
  void whoHasNoTokenOrMeansAnotherStudyIsRefused() {
    try (var owner = new Owner(0, PATIENCE)) {
      assertThatThrownBy(() -> RemoteStudy.at(Uplink.to(owner.url(), null)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("token");
      assertThatThrownBy(() -> RemoteStudy.at(Uplink.to(owner.url() + "other", TOKEN)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("Another study");
      var study = RemoteStudy.at(Uplink.to(owner.url() + "remote/", TOKEN));
      assertThat(study.differences(Map.of("command", List.of("true")))).isEmpty();
      assertThat(study.differences(Map.of("command", List.of("false"))))
          .singleElement()
          .asString()
          .contains("true", "false");
    }
  }

  @Test
  void whereNobodyOwnsAStudyThatIsSaid() {
    try (var server =
        LocalServer.start(
            InetAddress.getLoopbackAddress(),
            0,
            null,
            Map.of(
                "/",
                exchange -> {
                  exchange.sendResponseHeaders(404, -1);
                  exchange.close();
                }))) {
      assertThatThrownBy(() -> RemoteStudy.at(Uplink.to(server.url(), null)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("Nobody there owns a study");
    }
    for (var address :
        List.of("http://", "http://me@host:1", "http://host:1/?token=x", "ftp://h")) {
      assertThatThrownBy(() -> Uplink.to(address, null))
          .as(address)
          .isInstanceOf(Problem.class)
          .hasMessageContaining("no address");
    }
  }

  @Test
  void whatIsNoMessageIsRefusedAndChangesNothing() throws Exception {
    try (var owner = new Owner(0, PATIENCE);
        var client = HttpClient.newHttpClient()) {
      for (var body :
          List.of("", "null", "[]", "{", "{}", "{\"worker\":\"x\"}", "{\"worker\":null}")) {
        for (var name : List.of("claim", "report", "end", "release", "nothing")) {
          assertThat(status(client, owner.url() + "work/" + name, body))
              .as(name + body)
              .isEqualTo(400);
        }
      }
      assertThat(status(client, owner.url() + "work/beat", "{\"worker\":\"x\",\"holds\":[]}"))
          .isEqualTo(410);
      assertThat(owner.study.trials()).isEmpty();
    }
  }

  private static int status(HttpClient client, String url, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + TOKEN)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
