package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import dev.assay.trial.Budget;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The protocol as docs/ask-and-tell.md and its schema have it.
class ProtocolTest extends ProtocolCase {
  private static final Path DOCS = Path.of("..", "docs", "ask-and-tell.md");

  private static final Schema REQUEST = schema(SCHEMA);

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
}
