package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.problem.Problem;
import dev.assay.report.ReportData;
import dev.assay.run.control.Mailbox;
import dev.assay.run.control.Standing;
import dev.assay.run.control.StudyControl;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.StudyListener;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The dashboard over HTTP, and what its commands do to a study that runs.
final class DashboardTest {
  private static final String NAME = "a study <b>&";

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final SynchronousQueue<Double> told = new SynchronousQueue<>();
  private final BlockingQueue<TrialRecord> ended = new LinkedBlockingQueue<>();
  private SqliteStorage storage;
  private Study<Configuration> study;
  private Mailbox mailbox;

  @BeforeEach
  void open() {
    var file = directory.resolve("study.db");
    storage = new SqliteStorage(file);
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    study =
        Study.over(space)
            .named(NAME)
            .minimize("loss")
            .storage(storage)
            .sampler(Samplers.random())
            .listener(
                new StudyListener() {
                  @Override
                  public void ended(TrialRecord trial) {
                    ended.add(trial);
                  }
                })
            .openOrCreate();
    mailbox = Mailbox.beside(file, NAME);
  }

  @AfterEach
  void close() {
    study.close();
    storage.close();
  }

  private DashboardStudy watched() {
    var file = directory.resolve("study.db");
    return new DashboardStudy(
        NAME,
        () -> {
          try (var own = new SqliteStorage(file)) {
            return ReportData.Source.of(own.read(NAME).orElseThrow());
          }
        },
        () -> {
          try (var own = new SqliteStorage(file)) {
            return own.read(NAME).orElseThrow().runners();
          }
        },
        System::nanoTime,
        mailbox);
  }

  private static LocalServer serve(Dashboard dashboard) {
    return LocalServer.start(InetAddress.getLoopbackAddress(), 0, null, Map.of("/", dashboard));
  }

  private HttpResponse<String> get(LocalServer server, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(LocalServer server, String token, String body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.url() + "control?name=a%20study%20%3Cb%3E%26"))
            .header("X-Assay-Token", token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String token(LocalServer server) throws Exception {
    var matcher = Pattern.compile("\"token\":\"([0-9a-f]{32})\"").matcher(get(server, "").body());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  @Test
  void showsStudiesAndTheirPages() throws Exception {
    study.run((x, _) -> Outcome.complete(x.code(0)), Budget.trials(5));
    try (var dashboard = new Dashboard(() -> List.of(watched()), false);
        var server = serve(dashboard)) {
      assertThat(get(server, "").body()).contains("<h1 id=\"title\">Studies</h1>");
      assertThat(get(server, "api/studies").body())
          .contains("\"name\":\"a study <b>&\"", "\"completed\":5", "\"state\":null");
      var page = get(server, "study?name=a%20study%20%3Cb%3E%26").body();
      assertThat(page).contains("connect-src 'self'", "live.start()").doesNotContain("study <b>");
      assertThat(get(server, "api/study?name=a%20study%20%3Cb%3E%26").body())
          .startsWith("{\"name\":")
          .contains("\"importances\"");
      assertThat(get(server, "study?name=nope").statusCode()).isEqualTo(400);
      assertThat(get(server, "nope").statusCode()).isEqualTo(404);
    }
  }

  /// Each look at this study finds another version: what is answered is of one of them.
  @Test
  void whatChangedSinceIsAnsweredAndAPageOfAllIsNotCalledASample() throws Exception {
    study.run((x, _) -> Outcome.complete(x.code(0)), Budget.trials(5));
    try (var dashboard = new Dashboard(() -> List.of(watched()), false);
        var server = serve(dashboard)) {
      var path = "api/study?name=a%20study%20%3Cb%3E%26";
      var whole = JsonMapper.shared().readTree(get(server, path).body());
      assertThat(whole.get("whole").isNull()).isTrue();
      study.run((x, _) -> Outcome.complete(x.code(0)), Budget.trials(6));
      var since = path + "&since=" + whole.get("tag").asString();
      var changed = JsonMapper.shared().readTree(get(server, since).body());
      assertThat(changed.get("since")).isEqualTo(whole.get("tag"));
      assertThat(changed.at("/trials/id").toString()).endsWith("5]");
      assertThat(changed.get("whole").isNull()).isTrue();
      var unknown = JsonMapper.shared().readTree(get(server, path + "&since=old").body());
      assertThat(unknown.has("since")).isFalse();
      assertThat(unknown.at("/trials/id")).hasSize(6);
    }
  }

  @Test
  void aStudyThatCannotBeReadHidesNoOther() throws Exception {
    var broken =
        new DashboardStudy(
            "broken",
            () -> {
              throw new Problem("The file is of a newer version.", "broken.db", "Update Assay.");
            },
            List::of,
            () -> 0,
            null);
    try (var dashboard = new Dashboard(() -> List.of(broken, watched()), false);
        var server = serve(dashboard)) {
      assertThat(get(server, "api/studies").body())
          .contains("of a newer version", "\"name\":\"a study <b>&\"");
      assertThat(get(server, "study?name=broken").body()).contains("of a newer version");
    }
  }

  @Test
  void refusesCommandsWithoutTheTokenForReadersAndForNobody() throws Exception {
    try (var dashboard = new Dashboard(() -> List.of(watched()), false);
        var server = serve(dashboard)) {
      assertThat(post(server, "wrong", "{\"command\":\"stop\"}").statusCode()).isEqualTo(403);
      var token = token(server);
      assertThat(post(server, token, "{\"command\":\"stop\"}").body()).contains("Nobody runs");
      try (var _ = StudyControl.start(study, mailbox, new Thread())) {
        assertThat(post(server, token, "{\"command\":\"dance\"}").body())
            .contains("no such command");
        assertThat(post(server, token, "nonsense").body()).contains("not a JSON object");
        assertThat(post(server, token, "[\"pause\"]").body())
            .contains("not a JSON object", "[\\\"pause\\\"]")
            .doesNotContain("java.");
        assertThat(post(server, token, "{\"command\":\"enqueue\",\"params\":{\"y\":1}}").body())
            .contains("no such parameter");
        assertThat(get(server, "control?name=x").statusCode()).isEqualTo(405);
      }
    }
    try (var dashboard = new Dashboard(() -> List.of(watched()), true);
        var server = serve(dashboard)) {
      assertThat(get(server, "").body()).contains("\"token\":null");
      assertThat(post(server, "", "{\"command\":\"stop\"}").statusCode()).isEqualTo(403);
    }
  }

  @Test
  void eventsTellOfChangesUntilTheDashboardEnds() throws Exception {
    try (var dashboard = new Dashboard(() -> List.of(watched()), false);
        var server = serve(dashboard)) {
      var answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(server.url() + "events?name=a%20study%20%3Cb%3E%26"))
                  .build(),
              HttpResponse.BodyHandlers.ofLines());
      var lines = answer.body().iterator();
      assertThat(lines.next()).isEqualTo("event: state");
      assertThat(lines.next()).contains("\"state\":null");
      lines.next();
      assertThat(lines.next()).isEqualTo("event: changed");
    }
  }

  /// The states that a dashboard tells of, as they come.
  private BlockingQueue<String> states(LocalServer server) throws Exception {
    var states = new LinkedBlockingQueue<String>();
    var answer =
        client.send(
            HttpRequest.newBuilder(URI.create(server.url() + "events?name=a%20study%20%3Cb%3E%26"))
                .build(),
            HttpResponse.BodyHandlers.ofLines());
    Thread.ofVirtual()
        .start(() -> {
          try (var lines = answer.body()) {
            lines.filter(line -> line.contains("\"state\":")).forEach(states::add);
          } catch (UncheckedIOException e) {
            states.add("the dashboard ended");
          }
        });
    return states;
  }

  private static void await(BlockingQueue<String> states, String words) throws Exception {
    String state;
    do {
      state = states.poll(30, TimeUnit.SECONDS);
      assertThat(state).as("waited in vain for " + words).isNotNull();
    } while (!state.contains(words));
  }

  private int awaitEnd() throws InterruptedException {
    var trial = ended.poll(30, TimeUnit.SECONDS);
    assertThat(trial).as("no trial ended").isNotNull();
    return java.util.Objects.requireNonNull(trial).number();
  }

  /// Trials end when this test says so.
  @Test
  void pausesEnqueuesResumesAndStops() throws Exception {
    var search =
        Thread.ofPlatform()
            .start(() -> study.run((_, _) -> Outcome.complete(told.take()), Budget.trials(1000)));
    try (var _ = StudyControl.start(study, mailbox, search);
        var dashboard = new Dashboard(() -> List.of(watched()), false);
        var server = serve(dashboard)) {
      var states = states(server);
      var token = token(server);
      told.put(1.0);
      assertThat(awaitEnd()).isZero();
      assertThat(post(server, token, "{\"command\":\"pause\"}").statusCode()).isEqualTo(202);
      await(states, "\"paused\"");
      told.put(2.0); // the trial under way ends, and none begins
      assertThat(awaitEnd()).isEqualTo(1);
      assertThat(told.offer(3.0, 50, TimeUnit.MILLISECONDS)).isFalse();
      post(server, token, "{\"command\":\"enqueue\",\"params\":{\"x\":0.125}}");
      await(states, "Trial 2 waits in line.");
      post(server, token, "{\"command\":\"resume\"}");
      told.put(3.0);
      assertThat(awaitEnd()).isEqualTo(2);
      assertThat(study.trials().get(2).configuration().code(0)).isEqualTo(0.125);
      post(server, token, "{\"command\":\"stop\"}");
      assertThat(search.join(Duration.ofSeconds(30))).isTrue();
    }
    var runners = storage.read(NAME).orElseThrow().runners();
    assertThat(Standing.state(Standing.living(runners, study.facts()))).isNull();
  }

  @Test
  void commandsFromBeforeAreThrownAway() throws Exception {
    mailbox.send(new dev.assay.run.control.ControlCommand.Pause());
    try (var _ = StudyControl.start(study, mailbox, Thread.currentThread());
        var dashboard = new Dashboard(() -> List.of(watched()), false);
        var server = serve(dashboard)) {
      var states = states(server);
      mailbox.send(new dev.assay.run.control.ControlCommand.Enqueue(Map.of("x", 0.5)));
      await(states, "Trial 0 waits in line.");
      assertThat(study.isPaused()).isFalse();
    }
  }

  @Test
  void aPortInUseIsToldInThreeParts() {
    try (var dashboard = new Dashboard(List::of, true);
        var server = serve(dashboard)) {
      assertThatThrownBy(() ->
              LocalServer.start(
                  InetAddress.getLoopbackAddress(), server.port(), null, Map.of("/", dashboard)))
          .isInstanceOfSatisfying(
              Problem.class, problem -> assertThat(problem.value()).contains("" + server.port()));
    }
  }

  /// A proxy may offer the dashboard below any path.
  @Test
  void pagesNameRelativePathsOnly() throws Exception {
    try (var dashboard = new Dashboard(() -> List.of(watched()), false);
        var server = serve(dashboard)) {
      for (var page : List.of("", "study?name=a%20study%20%3Cb%3E%26")) {
        var body = get(server, page).body();
        assertThat(body)
            .contains("(\"events\"")
            .doesNotContainPattern("[\"'`]/(events|api/|study|control|\\?token|[\"'`])");
      }
    }
  }
}
