package dev.assay.track;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON calls of an HTTP service. Every call ends, by an answer or a time-out.
final class RestCalls implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final int NOT_FOUND = 404;

  private final String base;
  private final String authorization;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();

  /// @param base ends in a slash
  /// @param authorization the header of that name; empty: none is sent
  RestCalls(String base, String authorization) {
    this.base = base;
    this.authorization = authorization;
  }

  JsonNode post(String path, Map<String, ? extends @Nullable Object> body) throws IOException {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)))
            .build();
    return json(path, send(request));
  }

  /// @return null where there is no such thing
  @Nullable JsonNode getOrNull(String path, Map<String, String> query) throws IOException {
    var text =
        query.entrySet().stream()
            .map(entry ->
                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    var response = send(request(path + "?" + text).GET().build());
    return response.statusCode() == NOT_FOUND ? null : json(path, response);
  }

  private HttpRequest.Builder request(String path) throws IOException {
    try {
      var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER);
      return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    } catch (IllegalArgumentException e) {
      throw new IOException(base + " is no address", e);
    }
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      throw new IOException("there was no answer in time", e);
    } catch (ConnectException e) {
      throw new IOException("nobody answers there", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static JsonNode json(String path, HttpResponse<String> response) throws IOException {
    var body = response.body();
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          path
              + " was answered with "
              + response.statusCode()
              + ": "
              + (body.length() > 300 ? body.substring(0, 300) + "..." : body));
    }
    try {
      return JsonMapper.shared().readTree(body.isBlank() ? "{}" : body);
    } catch (JacksonException e) {
      throw new IOException(path + " was not answered in JSON: it may be another service", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
