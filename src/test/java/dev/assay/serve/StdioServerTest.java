package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Budget;
import dev.assay.study.Study;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class StdioServerTest {
  private final AskTellService service =
      new AskTellService(
          Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
              .minimize("loss")
              .sampler(Samplers.random())
              .open(),
          Budget.trials(3));

  private List<String> exchange(String lines) throws IOException {
    var out = new ByteArrayOutputStream();
    StdioServer.serve(
        service, new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), out);
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
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": NaN}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1e999}}}",
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
