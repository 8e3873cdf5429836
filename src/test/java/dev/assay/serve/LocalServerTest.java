package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Ask and tell over HTTP, and who may.
class LocalServerTest {
  private final Study<Configuration> study =
      Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
          .minimize("loss")
          .sampler(Samplers.random())
          .open();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
    client.close();
    study.close();
  }

  private LocalServer serve(@Nullable String token) {
    return LocalServer.start(
        InetAddress.getLoopbackAddress(),
        0,
        token,
        Map.of("/", new AskTellHandler(new AskTellService(study, Budget.UNLIMITED))));
  }

  private HttpResponse<String> post(LocalServer server, String body, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(server.url())).POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void bodiesAreThoseOfTheLines() throws Exception {
    try (var server = serve(null)) {
      var asked = post(server, "{\"ask\": 2}");
      assertThat(asked.statusCode()).isEqualTo(200);
      assertThat(asked.body()).contains("\"id\":0").contains("\"id\":1").endsWith("\n");
      assertThat(post(server, "{\"tell\": {\"id\": 1, \"values\": {\"loss\": 2}}}").body())
          .isEqualTo("{\"ok\":true}\n");
      var again = post(server, "{\"tell\": {\"id\": 1, \"values\": {\"loss\": 2}}}");
      assertThat(again.statusCode()).isEqualTo(400);
      assertThat(again.body()).contains("No trial of that id is running.");
      assertThat(post(server, "{\"best\": 1}").body()).contains("\"loss\":2.0");
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(1);
    }
  }

  @Test
  void otherMethodsAndPathsAreRefused() throws Exception {
    try (var server = serve(null)) {
      var get = HttpRequest.newBuilder(URI.create(server.url())).build();
      assertThat(client.send(get, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
      for (var path : List.of("x", "../etc/passwd", "%2e%2e/study.db")) {
        var request =
            HttpRequest.newBuilder(URI.create(server.url() + path))
                .POST(BodyPublishers.ofString("{\"ask\": 1}"));
        assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
            .isEqualTo(404);
      }
      assertThat(study.trials()).isEmpty();
    }
  }

  @Test
  void aBodyOverTheLimitIsRefused() throws Exception {
    try (var server = serve(null)) {
      var limit = RequestGuard.LARGEST_BODY;
      assertThat(post(server, " ".repeat(limit - 10) + "{\"ask\": 1}").statusCode()).isEqualTo(200);
      assertThat(rawStatus(server, "Host: 127.0.0.1", limit + 1)).contains(" 413 ");
      assertThat(post(server, "{\"ask\": 1}").statusCode()).isEqualTo(200);
    }
  }

  /// Sends a body of blanks with headers that HTTP clients do not let one choose.
  private static String rawStatus(LocalServer server, String headers, int length)
      throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      var head = "POST / HTTP/1.1\r\n" + headers + "\r\nContent-Length: " + length + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(" ".repeat(length).getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      var first = new StringBuilder();
      for (int b = socket.getInputStream().read(); b >= 0 && b != '\r'; ) {
        first.append((char) b);
        b = socket.getInputStream().read();
      }
      return first.toString();
    }
  }

  @Test
  void pagesOfOtherHostsCannotCall() throws Exception {
    try (var server = serve(null)) {
      int port = server.port();
      assertThat(rawStatus(server, "Host: evil.example:" + port, 0)).contains(" 403 ");
      assertThat(rawStatus(server, "X-Other: none", 0)).contains(" 40");
      assertThat(rawStatus(server, "Host: localhost:" + port, 0)).contains(" 400 ");
      assertThat(post(server, "{\"ask\": 1}", "Origin", "https://evil.example").statusCode())
          .isEqualTo(403);
      assertThat(post(server, "{\"ask\": 1}", "Origin", "null").statusCode()).isEqualTo(403);
      assertThat(post(server, "{\"ask\": 1}", "Origin", "http://127.0.0.1:" + port).statusCode())
          .isEqualTo(200);
    }
  }

  /// With nginx's default the host is the service's own and the origin the proxy's; with
  /// `proxy_set_header Host $host` the host is the proxy's, without its port.
  @Test
  void aProxyMayBeNamed() throws Exception {
    var handler = new AskTellHandler(new AskTellService(study, Budget.UNLIMITED));
    try (var server =
        LocalServer.start(
            InetAddress.getLoopbackAddress(),
            0,
            null,
            List.of("Assay.example.org", "other.example:8443", "tls.example:443", "[2001:db8::1]"),
            Map.of("/", handler))) {
      var own = "127.0.0.1:" + server.port();
      for (var right :
          List.of(
              "assay.example.org|https://assay.example.org:8080",
              "assay.example.org:8080|",
              own + "|https://ASSAY.example.org",
              own + "|https://other.example:8443",
              own + "|https://tls.example",
              own + "|http://[2001:db8::1]:8080",
              own + "|",
              own + "|http://" + own)) {
        assertThat(rawStatus(server, hostAndOrigin(right), 0)).as(right).contains(" 400 ");
      }
      for (var wrong :
          List.of(
              "evil.example|",
              "evil.assay.example.org|",
              "assay.example.org.evil.example|",
              own + "|https://evil.example",
              "assay.example.org|https://evil.example",
              own + "|https://assay.example.org.evil.example",
              own + "|https://assay.example.org@evil.example",
              own + "|https://other.example",
              own + "|null",
              own + "|http://localhost:1")) {
        assertThat(rawStatus(server, hostAndOrigin(wrong), 0)).as(wrong).contains(" 403 ");
      }
    }
  }

  private static String hostAndOrigin(String both) {
    var parts = both.split("\\|", 2);
    return "Host: " + parts[0] + (parts[1].isEmpty() ? "" : "\r\nOrigin: " + parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "*",
        "https://assay.example.org",
        "a.example/assay",
        "a:",
        "a:99999",
        "a b",
        "-",
        "a@b",
        "[::1"
      })
  void whatIsNoHostCannotBeAllowed(String text) {
    assertThatThrownBy(() ->
            LocalServer.start(InetAddress.getLoopbackAddress(), 0, null, List.of(text), Map.of()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("An allowed host is a name");
  }

  @Test
  void aTokenIsAskedForWhereThereIsOne() throws Exception {
    try (var server = serve("open sesame")) {
      var without = post(server, "{\"ask\": 1}");
      assertThat(without.statusCode()).isEqualTo(401);
      assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      for (var wrong : List.of("Bearer open", "Bearer ", "Basic open sesame", "open sesame")) {
        assertThat(post(server, "{\"ask\": 1}", "Authorization", wrong).statusCode())
            .isEqualTo(401);
      }
      assertThat(post(server, "{\"ask\": 1}", "Authorization", "Bearer open sesame").statusCode())
          .isEqualTo(200);
      assertThat(study.trials()).hasSize(1);
    }
  }

  @Test
  void otherAddressesNeedAToken() throws Exception {
    var everywhere = InetAddress.getByName("0.0.0.0");
    assertThatThrownBy(() -> LocalServer.start(everywhere, 0, null, Map.of()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("needs a token");
    try (var server = LocalServer.start(everywhere, 0, "secret", Map.of())) {
      assertThat(server.port()).isPositive();
    }
  }

  @Test
  void aTakenPortIsAProblem() {
    try (var server = serve(null)) {
      assertThatThrownBy(() ->
              LocalServer.start(InetAddress.getLoopbackAddress(), server.port(), null, Map.of()))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("Choose another");
    }
  }

  @Test
  void manyClientsGetEachTrialOnce() throws Exception {
    try (var server = serve(null);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var clients = new ArrayList<Callable<List<Integer>>>();
      for (int c = 0; c < 16; c++) {
        clients.add(() -> {
          var ids = new ArrayList<Integer>();
          for (int i = 0; i < 20; i++) {
            var trial = JsonMapper.shared().readTree(post(server, "{\"ask\": 1}").body());
            int id = trial.at("/trials/0/id").intValue();
            var tell = "{\"tell\": {\"id\": " + id + ", \"values\": {\"loss\": 1}}}";
            assertThat(post(server, tell).statusCode()).isEqualTo(200);
            ids.add(id);
          }
          return ids;
        });
      }
      var all = new HashSet<Integer>();
      for (var ids : threads.invokeAll(clients)) {
        all.addAll(ids.get());
      }
      assertThat(all).hasSize(320);
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(320);
    }
  }
}
