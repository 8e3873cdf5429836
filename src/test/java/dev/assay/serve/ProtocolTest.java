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
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.TrialState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The protocol as docs/ask-and-tell.md and its schema have it.
class ProtocolTest {
  private static final Path DOCS = Path.of("..", "docs", "ask-and-tell.md");
  private static final JsonNode SCHEMA = schemaDocument();

  private final List<Study<Configuration>> studies = new ArrayList<>();
  private final List<String> opened = new ArrayList<>();

  private static JsonNode schemaDocument() {
    try (var in =
        Objects.requireNonNull(
            AskTellService.class.getResourceAsStream("ask-and-tell.schema.json"))) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Schema schema(JsonNode document) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(document);
  }

  private static final Schema REQUEST = schema(SCHEMA);
  private static final Schema ANSWER =
      schema(
          JsonMapper.shared()
              .valueToTree(Map.of("$ref", "#/$defs/answer", "$defs", SCHEMA.get("$defs"))));

  private Study<Configuration> study() {
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

  private AskTellSession.Opener opener() {
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

  private List<JsonNode> exchange(AskTellSession session, List<String> lines) throws IOException {
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

  private List<JsonNode> exchange(String... lines) throws IOException {
    var answers =
        exchange(AskTellSession.of(new AskTellService(study(), Budget.trials(50))), List.of(lines));
    assertThat(answers).hasSize(lines.length);
    answers.forEach(answer -> assertThat(ANSWER.validate(answer)).isEmpty());
    return answers;
  }

  /// The conversation in the documentation is one that happens.
  @Test
  void theDocumentedConversationTakesPlace() throws IOException {
    var requests = new ArrayList<String>();
    var answers = new ArrayList<String>();
    for (var line : Files.readAllLines(DOCS)) {
      if (line.startsWith("{\"") || line.startsWith("[{\"")) {
        requests.add(line);
      } else if (line.startsWith("    -> ")) {
        answers.add(line.substring(7));
      }
    }
    assertThat(requests).hasSizeGreaterThan(10).hasSameSizeAs(answers);
    var given = exchange(new AskTellSession(opener()), requests);
    assertThat(given).hasSameSizeAs(answers);
    for (int i = 0; i < given.size(); i++) {
      assertThat(REQUEST.validate(JsonMapper.shared().readTree(requests.get(i))))
          .as(requests.get(i))
          .isEmpty();
      assertThat(ANSWER.validate(given.get(i))).as(given.get(i).toString()).isEmpty();
      assertThat(shape(given.get(i).toString()))
          .as(requests.get(i))
          .startsWith(shape(answers.get(i)));
    }
    for (var kind : RequestReader.REQUESTS) {
      assertThat(String.join("\n", Files.readAllLines(DOCS))).contains("`{\"" + kind + "\": ");
    }
  }

  /// What an answer holds up to the first thing that the documentation leaves out.
  private static String shape(String answer) {
    int end = answer.indexOf("...");
    var known = (end < 0 ? answer : answer.substring(0, end)).replaceAll("\\s", "");
    int numbers = known.indexOf("\"lr\":");
    int version = known.startsWith("{\"assay\"") ? 9 : known.length();
    return known.substring(0, Math.min(version, numbers < 0 ? known.length() : numbers));
  }

  /// What the service takes the schema allows.
  @Test
  void theSchemaAllowsWhateverIsTaken() {
    var service = new AskTellService(study(), Budget.UNLIMITED);
    int taken = 0;
    for (int i = 0; i < 3000; i++) {
      String text;
      try {
        text =
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(java.nio.ByteBuffer.wrap(MalformedRequests.request(i)))
                .toString()
                .replace("\"x\"", "\"lr\"");
      } catch (CharacterCodingException e) {
        continue;
      }
      var answer = JsonMapper.shared().readTree(service.answer(text));
      assertThat(ANSWER.validate(answer)).as("%s: %s", text, answer).isEmpty();
      if (!answer.toString().contains("\"error\":")
          && !text.contains("NaN")
          && !text.contains("Infinity")) {
        taken++;
        assertThat(REQUEST.validate(RequestReader.parse(text))).as(text).isEmpty();
      }
    }
    assertThat(taken).isGreaterThan(30);
  }

  /// What the schema forbids the service refuses.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ask\": {\"count\": 0}}",
        "{\"ask\": {\"until\": 0}}",
        "{\"ask\": {\"params\": 3}}",
        "{\"ask\": {\"parms\": {}}}",
        "{\"tell\": {\"id\": 0, \"params\": {\"lr\": 1}, \"values\": {\"loss\": 1}}}",
        "{\"tell\": {\"params\": {\"lr\": 0.1}}}",
        "{\"tell\": {\"params\": {\"lr\": 0.1}, \"values\": {\"loss\": 1}, \"pruned\": true}}",
        "{\"tell\": {\"params\": {\"lr\": 0.1}, \"values\": {\"loss\": 1}, \"steps\": {}}}",
        "{\"tell\": {\"params\": {\"lr\": 0.1}, \"values\": {\"loss\": 1}, \"steps\": [{}]}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}, \"metrics\": {\"a\": \"b\"}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}, \"metrics\": 3}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}, \"attributes\": [3]}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}, \"steps\": []}}",
        "{\"enqueue\": {}}",
        "{\"enqueue\": {\"lr\": 0.1}}",
        "{\"cancel\": 0}",
        "{\"cancel\": {}}",
        "{\"trials\": 3}",
        "{\"trials\": {\"since\": -1}}",
        "[{\"ask\": 1}, {\"ask\": 0}]",
        "[1, 2]"
      })
  void whatTheSchemaForbidsIsRefused(String request) throws IOException {
    assertThat(REQUEST.validate(JsonMapper.shared().readTree(request))).isNotEmpty();
    var answers = exchange("{\"ask\": 1}", request, "{\"tell\": {\"id\": 0, \"pruned\": true}}");
    assertThat(answers.get(1).toString()).contains("{\"error\":{\"what\":");
    assertThat(answers.get(2).toString()).isEqualTo("{\"ok\":true}");
  }

  /// A client's author knows neither this service's parser nor its settings.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": nan}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": +NaN}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": +0.5}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": .5}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 5.}}}",
        "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 0,5}}}",
        "{'ask': 1}",
        "{\"ask\": 1",
        "{\"ask\": 1} {\"ask\": 1}",
        "// one\t{\"ask\": 1}"
      })
  void whatIsNoJsonIsToldInWords(String request) throws IOException {
    var error = exchange(request).getFirst().get("error");
    assertThat(error.get("value").stringValue())
        .startsWith(request.substring(0, 6))
        .doesNotContain("`", "Feature", "JsonToken", "Source:");
    assertThat(error.get("mend").stringValue()).contains("NaN");
  }

  /// And what only the space or the trials forbid, too; nothing has changed then.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ask\": {\"params\": {\"lr\": 7}}}",
        "{\"ask\": {\"params\": {\"lrr\": 0.1}}}",
        "{\"tell\": {\"params\": {\"lr\": \"x\"}, \"values\": {\"loss\": 1}}}",
        "{\"tell\": {\"params\": {\"lr\": 0.1}, \"values\": {\"loss\": 1}, \"steps\": [{\"step\":"
            + " 2, \"values\": {\"loss\": 1}}, {\"step\": 2, \"values\": {\"loss\": 1}}]}}",
        "{\"enqueue\": {\"params\": {\"layers\": 1.5}}}",
        "{\"cancel\": {\"id\": 5}}",
        "{\"study\": {\"name\": \"other\"}}"
      })
  void whatDoesNotFitIsRefused(String request) throws IOException {
    var answers = exchange(request, "{\"hello\": {}}", "{\"ask\": 1}");
    assertThat(answers.getFirst().has("error")).isTrue();
    assertThat(answers.get(1).at("/study/trials").valueStream().mapToInt(JsonNode::intValue).sum())
        .isZero();
    assertThat(answers.get(2).at("/trials/0/id").intValue()).isZero();
  }

  @Test
  void anExternalResultIsATrialOfItsOwn() throws IOException {
    var answers =
        exchange(
            "{\"ask\": 1}",
            "{\"tell\": {\"params\": {\"lr\": 0.25}, \"values\": {\"loss\": 0.5}, \"metrics\":"
                + " {\"f1\": 1}, \"steps\": [{\"step\": 1, \"values\": {\"loss\": 2}}],"
                + " \"attributes\": {\"a\": [1, null]}}}",
            "{\"tell\": {\"params\": {\"lr\": 0.5}, \"failed\": \"no memory\"}}",
            "{\"tell\": {\"params\": {\"lr\": 0.5}, \"values\": {\"loss\": NaN}}}",
            "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}}}",
            "{\"best\": 5}",
            "{\"trials\": {\"since\": 1}}");
    assertThat(answers.get(1).get("id").intValue()).isEqualTo(1);
    assertThat(answers.get(5).get("trials")).hasSize(2);
    assertThat(answers.get(5).at("/trials/0/params/lr").doubleValue()).isEqualTo(0.25);
    var own = answers.get(6).at("/trials/0");
    assertThat(own.get("state").asString()).isEqualTo("complete");
    assertThat(own.get("steps").toString()).isEqualTo("[{\"step\":1,\"values\":{\"loss\":2.0}}]");
    assertThat(own.get("attributes").toString())
        .isEqualTo("{\"a\":[1,null],\"metrics\":{\"f1\":1.0}}");
    assertThat(answers.get(6).at("/trials/1/detail").asString()).isEqualTo("no memory");
    assertThat(answers.get(6).at("/trials/2/cause").asString()).isEqualTo("not_finite");
  }

  @Test
  void anAskMayHaveALimitAndValuesOfItsOwn() throws IOException {
    var answers =
        exchange(
            "{\"enqueue\": {\"params\": {\"lr\": 0.01}}}",
            "{\"ask\": {\"params\": {\"layers\": 6}}}",
            "{\"ask\": {\"count\": 9, \"until\": 4}}",
            "{\"ask\": {\"count\": 9, \"until\": 4}}",
            "{\"cancel\": {\"id\": 2}}",
            "{\"ask\": {\"until\": 4}}");
    assertThat(answers.get(1).at("/trials/0/id").intValue()).isEqualTo(1);
    assertThat(answers.get(1).at("/trials/0/params/layers").intValue()).isEqualTo(6);
    assertThat(answers.get(2).get("trials").valueStream().map(trial -> trial.get("id").intValue()))
        .containsExactly(0, 2, 3);
    assertThat(answers.get(2).at("/trials/0/params/lr").doubleValue()).isEqualTo(0.01);
    assertThat(answers.get(3).get("trials")).isEmpty();
    assertThat(answers.get(3).get("finished").isString()).isTrue();
    assertThat(answers.get(5).at("/trials/0/id").intValue()).isEqualTo(2);
    assertThat(answers.get(5).at("/trials/0/restarts").intValue()).isEqualTo(1);
  }

  /// As they are proposed without: what is given changes nothing but itself.
  @Test
  void whatIsGivenLeavesTheRestAsItIsProposed() {
    try (var free = study();
        var given = study()) {
      for (int i = 0; i < 5; i++) {
        var asked = JsonMapper.shared().readTree(answer(free, "{\"ask\": 1}"));
        var fixed =
            JsonMapper.shared().readTree(answer(given, "{\"ask\": {\"params\": {\"layers\": 2}}}"));
        assertThat(fixed.at("/trials/0/params/lr")).isEqualTo(asked.at("/trials/0/params/lr"));
        assertThat(fixed.at("/trials/0/params/layers").intValue()).isEqualTo(2);
      }
    }
    studies.clear();
  }

  private static String answer(Study<Configuration> study, String request) {
    return new AskTellService(study, Budget.UNLIMITED).answer(request);
  }

  @Test
  void aConstraintHoldsWithWhatIsGiven() {
    try (var study =
        Study.over(
                SearchSpace.builder()
                    .add("a", new IntRange(1, 100))
                    .add("b", new IntRange(1, 100))
                    .where("a + b <= 20")
                    .build())
            .minimize("loss")
            .sampler(Samplers.random())
            .open()) {
      for (int i = 0; i < 20; i++) {
        var trial =
            JsonMapper.shared()
                .readTree(answer(study, "{\"ask\": {\"params\": {\"a\": 18}}}"))
                .at("/trials/0/params");
        assertThat(trial.get("a").intValue()).isEqualTo(18);
        assertThat(trial.get("b").intValue()).isBetween(1, 2);
      }
      assertThat(answer(study, "{\"ask\": {\"params\": {\"a\": 30}}}")).startsWith("{\"error\"");
      assertThat(study.count(TrialState.RUNNING)).isEqualTo(20);
    }
  }

  /// Whether a client calls what is bounded a value or a metric.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"values\": {\"loss\": 1, \"memory\": 9}",
        "\"values\": {\"loss\": 1}, \"metrics\": {\"memory\": 9}"
      })
  void aBoundIsJudged(String told) {
    try (var study =
        Study.over(SearchSpace.builder().add("x", new IntRange(1, 9)).build())
            .minimize("loss")
            .subjectTo(OutcomeConstraint.parse("memory <= 8"))
            .sampler(Samplers.random())
            .open()) {
      assertThat(answer(study, "{\"tell\": {\"params\": {\"x\": 3}, " + told + "}}"))
          .isEqualTo("{\"ok\":true,\"id\":0}");
      assertThat(study.trials().getFirst().isFeasible()).isFalse();
      assertThat(answer(study, "{\"tell\": {\"params\": {\"x\": 3}, \"values\": {\"loss\": 1}}}"))
          .startsWith("{\"error\"");
      assertThat(study.trials()).hasSize(1);
    }
  }

  @Test
  void aClientNamesItsStudyAndAnotherOne() throws IOException {
    var answers =
        exchange(
            new AskTellSession(opener()),
            List.of(
                "{\"hello\": {}}",
                "{\"ask\": 1}",
                "[{\"ask\": 1}]",
                "{\"aks\": 1}",
                "{\"study\": {\"name\": \"refuse me\"}}",
                "{\"study\": {\"name\": \"a\"}}",
                "{\"ask\": 1}",
                "{\"study\": {\"name\": \"refuse me\"}}",
                "{\"ask\": 1}",
                "{\"study\": {\"name\": \"b\"}}",
                "{\"ask\": 1}"));
    assertThat(answers.getFirst().get("study").isNull()).isTrue();
    assertThat(answers.subList(1, 5)).allMatch(answer -> answer.has("error"));
    assertThat(answers.get(5).at("/study/name").asString()).isEqualTo("mlp");
    assertThat(answers.get(6).at("/trials/0/id").intValue()).isZero();
    assertThat(answers.get(7).has("error")).isTrue();
    assertThat(answers.get(8).at("/trials/0/id").intValue()).isEqualTo(1);
    assertThat(answers.get(10).at("/trials/0/id").intValue()).isZero();
    assertThat(opened).containsExactly("{\"name\":\"a\"}", "closed", "{\"name\":\"b\"}");
  }

  @Test
  void everyRequestOfTheSchemaIsOneOfTheService() {
    assertThat(SCHEMA.at("/$defs/request/properties").propertyNames())
        .containsExactlyInAnyOrderElementsOf(RequestReader.REQUESTS);
    assertThat(Stream.of(TrialState.values()).map(TrialState::word))
        .containsExactlyInAnyOrderElementsOf(
            SCHEMA
                .at("/$defs/hello/properties/study/properties/trials/properties")
                .propertyNames());
  }
}
