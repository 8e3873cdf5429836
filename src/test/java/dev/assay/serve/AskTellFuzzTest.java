package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every malformed request is answered, and the service serves on. A thousand here; all of the
/// issue's with `-Dassay.fuzz=100000`.
class AskTellFuzzTest {
  private static final int REQUESTS = Integer.getInteger("assay.fuzz", 1000);
  private static final Set<String> KINDS = Set.of("trials", "prune", "ok", "error", "id", "assay");

  private static Study<Configuration> study() {
    return Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
        .minimize("loss")
        .sampler(Samplers.random())
        .open();
  }

  private static JsonNode checked(String answer) {
    var node = JsonMapper.shared().readTree(answer);
    assertThat(node.isObject()).isTrue();
    var kind = node.propertyNames().iterator().next();
    assertThat(KINDS).contains(kind);
    if (kind.equals("error")) {
      assertThat(node.get("error").propertyNames()).containsExactly("what", "value", "mend");
      assertThat(node.at("/error/what").asString())
          .isNotEqualTo("The service failed at this request.");
    }
    return node;
  }

  @Test
  void everyLineIsAnsweredWithALine() throws Exception {
    var input = new ByteArrayOutputStream();
    for (int i = 0; i < REQUESTS; i++) {
      input.write(MalformedRequests.request(i));
      input.write('\n');
    }
    input.write("{\"ask\": 1}\n".getBytes(StandardCharsets.UTF_8));
    var output = new ByteArrayOutputStream();
    try (var study = study()) {
      StdioServer.serve(
          new AskTellService(study, Budget.UNLIMITED),
          new ByteArrayInputStream(input.toByteArray()),
          output);
    }
    var lines = output.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(REQUESTS + 1);
    int errors = 0;
    for (var line : lines) {
      errors += checked(line).has("error") ? 1 : 0;
    }
    // Nearly all are malformed; were all refused, the right ones among them would be too.
    assertThat(errors).isBetween(REQUESTS / 2, REQUESTS - 1);
    assertThat(checked(lines.getLast()).at("/trials/0/params/x").isNumber()).isTrue();
  }

  @Test
  void everyBodyIsAnswered() throws Exception {
    try (var study = study();
        var server =
            LocalServer.start(
                InetAddress.getLoopbackAddress(),
                0,
                null,
                Map.of("/", new AskTellHandler(new AskTellService(study, Budget.UNLIMITED))));
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var to = HttpRequest.newBuilder(URI.create(server.url()));
      for (int i = 0; i < REQUESTS; i++) {
        var body = HttpRequest.BodyPublishers.ofByteArray(MalformedRequests.request(i));
        var response = client.send(to.POST(body).build(), BodyHandlers.ofString());
        boolean error = checked(response.body()).has("error");
        assertThat(response.statusCode()).isEqualTo(error ? 400 : 200);
      }
      var ask = HttpRequest.BodyPublishers.ofString("{\"ask\": 1}");
      var response = client.send(to.POST(ask).build(), BodyHandlers.ofString());
      assertThat(checked(response.body()).at("/trials/0/id").isNumber()).isTrue();
    }
  }
}
