package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A session of requests and answers.
abstract class ProtocolCase {
  static final JsonNode SCHEMA = schemaDocument();

  final List<Study<Configuration>> studies = new ArrayList<>();

  final List<String> opened = new ArrayList<>();

  static JsonNode schemaDocument() {
    try (var in =
        Objects.requireNonNull(
            AskTellService.class.getResourceAsStream("ask-and-tell.schema.json"))) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static Schema schema(JsonNode document) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(document);
  }

  static final Schema ANSWER =
      schema(
          JsonMapper.shared()
              .valueToTree(Map.of("$ref", "#/$defs/answer", "$defs", SCHEMA.get("$defs"))));

  Study<Configuration> study() {
    var study =
        Study.over(
                SearchSpace.builder()
                    .add("lr", FloatRange.log(1e-5, 1))
                    .add("layers", new IntRange(1, 6))
                    .build())
            .named("mlp")
            .minimize("loss")
            .sampler(Samplers.random())
            .open();
    studies.add(study);
    return study;
  }

  AskTellSession.Opener opener() {
    return (text, _) -> {
      if (text.contains("refuse me")) {
        throw new Problem("It is wrong.", text, "Send another.");
      }
      return () -> {
        opened.add(text);
        var study = study();
        var service = new AskTellService(study, Budget.UNLIMITED);
        return new AskTellSession.Opened() {
          @Override
          public AskTellService service() {
            return service;
          }

          @Override
          public void close() {
            opened.add("closed");
          }
        };
      };
    };
  }

  @AfterEach
  void close() {
    studies.forEach(Study::close);
  }

  List<JsonNode> exchange(AskTellSession session, List<String> lines) throws IOException {
    var out = new ByteArrayOutputStream();
    var in = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    try {
      StdioServer.serve(session, new ByteArrayInputStream(in), out);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> JsonMapper.shared().readTree(line))
        .toList();
  }

  List<JsonNode> exchange(String... lines) throws IOException {
    var answers =
        exchange(AskTellSession.of(new AskTellService(study(), Budget.trials(50))), List.of(lines));
    assertThat(answers).hasSize(lines.length);
    answers.forEach(answer -> assertThat(ANSWER.validate(answer)).isEmpty());
    return answers;
  }

  static String answer(Study<Configuration> study, String request) {
    return new AskTellService(study, Budget.UNLIMITED).answer(request);
  }
}
