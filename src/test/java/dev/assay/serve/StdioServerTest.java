package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.TrialState;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class StdioServerTest {
  private final Study<Configuration> study =
      Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
          .minimize("loss")
          .sampler(Samplers.random())
          .open();
  private final AskTellService service = new AskTellService(study, Budget.trials(3));

  private List<String> exchange(String lines) throws IOException {
    var out = new ByteArrayOutputStream();
    try {
      StdioServer.serve(
          service, new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), out);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void aSessionGoesAsTheContractSays() throws IOException {
    var answers =
        exchange(
            """
            {"ask": 2}
            {"report": {"id": 0, "step": 1, "values": {"loss": 0.7}}}
            {"tell": {"id": 0, "values": {"loss": 0.31}}}
            {"tell": {"id": 1, "failed": "out of memory"}}
            {"best": 1}
            {"ask": 5}
            {"ask": 1}
            """);
    assertThat(answers).hasSize(7);
    assertThat(answers.get(0)).startsWith("{\"trials\":[{\"id\":0,\"params\":{\"x\":");
    assertThat(answers.subList(1, 4))
        .containsExactly("{\"prune\":false}", "{\"ok\":true}", "{\"ok\":true}");
    assertThat(answers.get(4)).contains("\"values\":{\"loss\":0.31}");
    assertThat(answers.get(5)).contains("\"id\":2").doesNotContain("\"id\":3");
    assertThat(answers.get(6)).isEqualTo("{\"trials\":[]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "null",
        "{\"ask\": 0}",
        "{\"ask\": 1.5}",
        "{\"ask\": 1e99}",
        "{\"ask\": 1} {\"ask\": 1}",
        "{\"aks\": 1}",
        "{\"ask\": 1, \"best\": 1}",
        "{\"tell\": {\"id\": 7, \"values\": {\"loss\": 1}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": \"NaN\"}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": null}}}",
        "{\"tell\": {\"id\": NaN, \"values\": {\"loss\": 1}}}",
        "{\"ask\": NaN}",
        "{\"ask\": Infinity}",
        "{\"report\": {\"id\": 0, \"step\": NaN, \"values\": {\"loss\": 1}}}",
        "{\"report\": {\"id\": 0, \"step\": 1, \"values\": {\"loss\": \"nan\"}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"other\": 1}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}, \"failed\": \"x\"}}",
        "{\"tell\": {\"id\": 0, \"value\": 1}}",
        "{\"tell\": 3}"
      })
  void aMalformedRequestIsAnErrorAndLeavesTheTrialOpen(String request) throws IOException {
    exchange("{\"ask\": 1}\n");
    var answers = exchange(request + "\n");
    assertThat(answers).hasSize(1);
    assertThat(answers.getFirst()).startsWith("{\"error\":{\"what\":");
    var told = exchange("{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}}}\n".repeat(2));
    assertThat(told.getFirst()).isEqualTo("{\"ok\":true}");
    assertThat(told.getLast()).startsWith("{\"error\"");
  }

  /// As Python's `json.dumps` writes them; a number beyond all doubles is infinite.
  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e999", "-1e999"})
  void aValueThatIsNotFiniteMakesAFailedTrial(String value) throws IOException {
    var answers =
        exchange(
            """
            {"ask": 1}
            {"report": {"id": 0, "step": 1, "values": {"loss": %1$s}}}
            {"report": {"id": 0, "step": 2, "values": {"loss": 0.5}}}
            {"tell": {"id": 0, "values": {"loss": %1$s}}}
            {"tell": {"id": 0, "values": {"loss": 1}}}
            """
                .formatted(value));
    assertThat(answers.subList(1, 4))
        .containsExactly("{\"prune\":false}", "{\"prune\":false}", "{\"ok\":true}");
    assertThat(answers.getLast()).contains("it has ended, failed, not_finite");
    var trial = study.trials().getFirst();
    assertThat(trial.cause()).isEqualTo(Cause.NOT_FINITE);
    assertThat(trial.detail()).startsWith("loss = ");
    assertThat(trial.reports()).hasSize(2);
    assertThat(trial.reports().getFirst().values().getFirst())
        .isNotIn(0.0)
        .satisfies(reported -> assertThat(Double.isFinite(reported)).isFalse());
  }

  @Test
  void aBoundedMetricThatIsNotFiniteMakesAFailedTrial() {
    try (var bounded =
        Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
            .minimize("loss")
            .subjectTo("memory_gb <= 8")
            .sampler(Samplers.random())
            .open()) {
      var asked = new AskTellService(bounded, Budget.UNLIMITED);
      asked.answer("{\"ask\": 1}");
      assertThat(
              asked.answer(
                  "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1, \"memory_gb\": NaN}}}"))
          .isEqualTo("{\"ok\":true}");
      assertThat(bounded.trials().getFirst().cause()).isEqualTo(Cause.NOT_FINITE);
    }
  }

  @Test
  void boundedMetricsAreToldBesideTheObjectives() throws IOException {
    var bounded =
        new AskTellService(
            Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
                .minimize("loss")
                .subjectTo("memory_gb <= 8")
                .sampler(Samplers.random())
                .open(),
            Budget.UNLIMITED);
    bounded.answer("{\"ask\": 3}");
    assertThat(bounded.answer("{\"report\": {\"id\": 0, \"step\": 1, \"values\": {\"loss\": 1}}}"))
        .isEqualTo("{\"prune\":false}");
    assertThat(bounded.answer("{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}}}"))
        .contains("error", "memory_gb");
    for (var told : List.of("0, 0.1, 9", "1, 0.3, 8", "2, 0.2, 8.5")) {
      var part = told.split(", ");
      assertThat(
              bounded.answer(
                  "{\"tell\": {\"id\": %s, \"values\": {\"loss\": %s, \"memory_gb\": %s}}}"
                      .formatted((Object[]) part)))
          .isEqualTo("{\"ok\":true}");
    }
    var ids = new java.util.ArrayList<Integer>();
    JsonMapper.shared()
        .readTree(bounded.answer("{\"best\": 3}"))
        .get("trials")
        .forEach(trial -> ids.add(trial.get("id").asInt()));
    assertThat(ids).containsExactly(1, 2, 0);
  }

  @Test
  void theTrialsOfAnAnswerThatNobodyReadsWaitAgain() {
    var closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    var in = new ByteArrayInputStream("{\"ask\": 2}\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> StdioServer.serve(service, in, closed))
        .isInstanceOf(IOException.class);
    assertThat(study.count(TrialState.WAITING)).isEqualTo(2);
    assertThatThrownBy(() ->
            StdioServer.serve(
                service,
                new ByteArrayInputStream("{\"ask\": 1}\n".getBytes(StandardCharsets.UTF_8)),
                new PrintStream(closed)))
        .isInstanceOf(IOException.class);
    assertThat(study.count(TrialState.WAITING)).isEqualTo(2);
  }

  @Test
  void anInterruptEndsTheSessionThoughTheInputDoesNot() throws Exception {
    try (var input = new PipedInputStream();
        var client = new PipedOutputStream(input);
        var answers = new PipedInputStream();
        var out = new PipedOutputStream(answers)) {
      var ended = new CompletableFuture<Class<?>>();
      var serving =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  StdioServer.serve(service, input, out);
                  ended.complete(Void.class);
                } catch (IOException | InterruptedException e) {
                  ended.complete(e.getClass());
                }
              });
      client.write("{\"ask\": 1}\n".getBytes(StandardCharsets.UTF_8));
      client.flush();
      assertThat(
              new BufferedReader(new InputStreamReader(answers, StandardCharsets.UTF_8)).readLine())
          .contains("\"id\":0");
      serving.interrupt();
      assertThat(ended.get()).isEqualTo(InterruptedException.class);
    }
  }

  @Test
  void tooLongLinesAndDeepNestingAreRefusedAndTheSessionGoesOn() throws IOException {
    var answers = exchange("x".repeat(2 << 20) + "\n" + "[".repeat(100_000) + "\n{\"ask\": 1}\n");
    assertThat(answers).hasSize(3);
    assertThat(answers.get(0)).contains("too long");
    assertThat(answers.get(1)).startsWith("{\"error\"");
    assertThat(answers.get(2)).contains("\"id\":0");
  }

  @Test
  void everyLineOfRubbishIsAnswered() throws IOException {
    var random = new Philox(3, 1);
    var pieces =
        List.of(
            "{",
            "}",
            "[",
            "\"ask\"",
            ":",
            "1",
            "-",
            "\"tell\"",
            "\"id\"",
            ",",
            "null",
            "1e9",
            "\"values\"",
            "\\u0000",
            "\"loss\"",
            "é",
            " ",
            "\"");
    var lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      for (int k = random.nextInt(12); k >= 0; k--) {
        lines.append(pieces.get(random.nextInt(pieces.size())));
      }
      lines.append('\n');
    }
    var answers = exchange(lines.toString());
    assertThat(answers).hasSize(20_000);
    answers.forEach(answer -> assertThat(JsonMapper.shared().readTree(answer).isObject()).isTrue());
    assertThat(exchange("{\"best\": 1}\n").getFirst()).startsWith("{\"trials\"");
  }
}
