package dev.assay.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an MLflow server is sent, held against one that keeps its rules.
class MlflowTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("lr/α", new FloatRange(0, 1)).build();

  private static final TrackedStudy STUDY =
      new TrackedStudy(
          "study: one", "id-1", SPACE, List.of(new Objective("loss@5", Direction.MINIMIZE)));

  /// A run of the server's.
  private static final class Run {
    final Map<String, String> params = new TreeMap<>();
    final Map<String, String> tags = new TreeMap<>();
    final List<String> metrics = new ArrayList<>();
    String status = "RUNNING";
  }

  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final List<String> experiments = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private HttpServer server = newServer();
  private boolean refuses;

  private static HttpServer newServer() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var call = exchange.getRequestURI().getPath().replace("/api/2.0/mlflow/", "");
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    calls.add(call);
    var json = JsonMapper.shared().readTree(body.isEmpty() ? "{}" : body);
    int code = 200;
    String answer;
    try {
      answer = refuses ? "{}" : answer(call, json);
      code = refuses ? 500 : code;
    } catch (IllegalArgumentException e) {
      code = "absent".equals(e.getMessage()) ? 404 : 400;
      answer = "{\"error_code\": \"" + e.getMessage() + "\"}";
    }
    var bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private String answer(String call, JsonNode body) {
    switch (call) {
      case "experiments/get-by-name" -> {
        if (experiments.isEmpty()) {
          throw new IllegalArgumentException("absent");
        }
        return "{\"experiment\": {\"experiment_id\": \"7\"}}";
      }
      case "experiments/create" -> {
        experiments.add(body.path("name").asString(""));
        return "{\"experiment_id\": \"7\"}";
      }
      case "runs/create" -> {
        var id = "run-" + runs.size();
        var run = new Run();
        body.path("tags").forEach(tag -> put(run.tags, tag));
        runs.put(id, run);
        return "{\"run\": {\"info\": {\"run_id\": \"" + id + "\"}}}";
      }
      case "runs/log-batch" -> {
        var run = run(body.path("run_id").asString(""));
        body.path("params").forEach(param -> put(run.params, param));
        body.path("tags").forEach(tag -> put(run.tags, tag));
        body.path("metrics")
            .forEach(metric -> {
              require(metric.path("key").asString(""));
              run.metrics.add(
                  metric.path("step").asLong() + ":" + metric.path("value").asString(""));
            });
        if (body.path("params").size() > 100 || body.path("metrics").size() > 1000) {
          throw new IllegalArgumentException("too many");
        }
        return "{}";
      }
      case "runs/update" -> {
        run(body.path("run_id").asString("")).status = body.path("status").asString("");
        return "{}";
      }
      case "runs/search" -> {
        return found();
      }
      default -> throw new IllegalArgumentException("no such call");
    }
  }

  private Run run(String id) {
    return java.util.Objects.requireNonNull(runs.get(id), id);
  }

  private static void put(Map<String, String> map, JsonNode entry) {
    require(entry.path("key").asString(""));
    map.put(entry.path("key").asString(""), entry.path("value").asString(""));
  }

  private static void require(String name) {
    if (!name.matches("[\\w.\\-/ :]{1,250}")) {
      throw new IllegalArgumentException("INVALID_PARAMETER_VALUE");
    }
  }

  private String found() {
    var found = new ArrayList<Map<String, Object>>();
    runs.forEach((id, run) ->
        found.add(
            Map.of(
                "info",
                Map.of("run_id", id),
                "data",
                Map.of(
                    "tags",
                    run.tags.entrySet().stream()
                        .map(tag -> Map.of("key", tag.getKey(), "value", tag.getValue()))
                        .toList()))));
    return JsonMapper.shared().writeValueAsString(Map.of("runs", found));
  }

  private static TrialRecord trial(int number, int steps, Map<String, Object> attributes) {
    var reports = new ArrayList<Report>();
    for (int i = 0; i < steps; i++) {
      reports.add(new Report(i, List.of(i == 1 ? Double.NaN : 1.0 / (i + 1))));
    }
    return new TrialRecord(
        number,
        TrialState.COMPLETE,
        SPACE.configuration(Map.of("lr/α", 0.25)),
        Map.of(),
        reports,
        List.of(0.5),
        null,
        "",
        new LinkedHashMap<>(attributes),
        1_000_000,
        2.5,
        0);
  }

  @Test
  void aTrialIsARunWithItsParametersCurveAndEnd() throws IOException {
    try (var mlflow = new Mlflow(uri())) {
      assertThat(mlflow.open(STUDY)).isEmpty();
      var trial = trial(3, 3, Map.of("note", "good", "fold scores", List.of(1, 2)));
      mlflow.started(trial);
      mlflow.reported(3, trial.reports().getFirst());
      mlflow.ended(trial);
    }
    assertThat(experiments).containsExactly("study: one");
    var run = run("run-0");
    assertThat(run.params).containsExactly(Map.entry("lr/_3b1_", "0.25"));
    assertThat(run.metrics)
        .as("each step once, then the value")
        .containsExactly("0:1.0", "1:NaN", "2:0.3333333333333333", "3:0.5");
    assertThat(run.tags)
        .containsEntry("note", "good")
        .containsEntry("fold scores", "[1,2]")
        .containsEntry("assay.state", "complete")
        .containsEntry("assay.trial", "3");
    assertThat(run.status).isEqualTo("FINISHED");
  }

  @Test
  void whatIsThereIsKnownAndWhatWasBegunIsGoneOnWith() throws IOException {
    try (var mlflow = new Mlflow(uri())) {
      assertThat(mlflow.open(STUDY)).isEmpty();
      mlflow.ended(trial(0, 1, Map.of()));
      mlflow.started(trial(1, 1, Map.of()));
    }
    try (var again = new Mlflow(uri())) {
      assertThat(again.open(STUDY)).containsExactly(0);
      again.ended(trial(1, 1, Map.of()));
    }
    assertThat(runs).hasSize(2);
    assertThat(experiments).hasSize(1);
    assertThat(run("run-1").status).isEqualTo("FINISHED");
  }

  @Test
  void longCurvesAndTextsKeepTheServersLimits() throws IOException {
    var text = "x".repeat(1_000_000);
    try (var mlflow = new Mlflow(uri())) {
      assertThat(mlflow.open(STUDY)).isEmpty();
      mlflow.ended(trial(0, 2500, Map.of("log", text)));
    }
    assertThat(run("run-0").metrics).hasSize(2501);
    assertThat(run("run-0").tags.get("log")).hasSize(5000);
  }

  @Test
  void refusalsAndOtherServersAreErrors() {
    refuses = true;
    try (var mlflow = new Mlflow(uri())) {
      assertThatThrownBy(() -> mlflow.open(STUDY))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("answered with 500");
    }
    server.stop(0);
    try (var mlflow = new Mlflow(uri())) {
      assertThatThrownBy(() -> mlflow.open(STUDY)).isInstanceOf(IOException.class);
    }
    server = newServer();
  }

  @Test
  void itSaysWhoItIsAsMlflowsOwnClientDoes() {
    assertThat(Mlflow.authorization(Map.of())).isEmpty();
    assertThat(Mlflow.authorization(Map.of("MLFLOW_TRACKING_TOKEN", "t"))).isEqualTo("Bearer t");
    assertThat(
            Mlflow.authorization(
                Map.of("MLFLOW_TRACKING_USERNAME", "ann", "MLFLOW_TRACKING_PASSWORD", "p")))
        .isEqualTo("Basic YW5uOnA=");
  }

  @ParameterizedTest
  @CsvSource({
    "loss, loss",
    "val/loss, val/loss",
    "/a//b, _a_b",
    "'', _",
    "a:b c-d.e, a:b c-d.e",
    "..x, _x"
  })
  void namesAreThoseThatTheServerTakes(String name, String expected) {
    assertThat(Mlflow.name(name)).isEqualTo(expected);
  }
}
