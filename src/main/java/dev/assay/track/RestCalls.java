package dev.assay.track;

import dev.assay.internal.words.Spoken;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON calls of an HTTP service. Every call ends, by an answer of bounded size or a time-out.
final class RestCalls implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final int LONGEST = 16 << 20;
  private static final int LONGEST_SHOWN = 300;
  private static final int NOT_FOUND = 404;

  private final String base;
  private final String authorization;
  private final Duration patience;
  private final int longest;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();

  /// @param base ends in a slash
  /// @param authorization the header of that name; empty: none is sent
  RestCalls(String base, String authorization) {
    this(base, authorization, ANSWER, LONGEST);
  }

  /// @param patience how long a whole answer may take
  /// @param longest bytes of an answer
  RestCalls(String base, String authorization, Duration patience, int longest) {
    this.base = base;
    this.authorization = authorization;
    this.patience = patience;
    this.longest = longest;
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
      var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(patience);
      return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    } catch (IllegalArgumentException e) {
      throw new IOException(base + " is no address", e);
    }
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    // A request's own time-out ends with the answer's head, and its body has no end to wait for.
    var body = HttpResponse.BodyHandlers.ofString();
    var answer = client.sendAsync(request, HttpResponse.BodyHandlers.limiting(body, longest));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("there was no answer in time", e);
    } catch (ExecutionException e) {
      throw failed(e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static IOException failed(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpTimeoutException late -> new IOException("there was no answer in time", late);
      case ConnectException nobody -> new IOException("nobody answers there", nobody);
      case null, default ->
          new IOException(
              "what was answered cannot be used: "
                  + (cause == null || cause.getMessage() == null
                      ? String.valueOf(cause)
                      : shown(cause.getMessage())),
              cause);
    };
  }

  /// What a stranger sent, as a terminal may show it.
  private static String shown(String text) {
    return Spoken.cut(text.replaceAll("\\p{Cntrl}+", " ").strip(), LONGEST_SHOWN);
  }

  private static JsonNode json(String path, HttpResponse<String> response) throws IOException {
    var body = response.body();
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          path + " was answered with " + response.statusCode() + ": " + shown(body));
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
