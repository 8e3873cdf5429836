package dev.assay.remote;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A worker's way to the process that owns a study: `http://HOST:PORT`, with a study's name behind
/// it where that is to be checked. Thread-safe; every call ends.
public final class Uplink implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /// Until a file's content begins to arrive.
  private static final Duration TRANSFER = Duration.ofMinutes(5);

  private static final int LONGEST = 64 << 20;

  private final URI base;
  private final @Nullable String token;
  private final @Nullable String study;
  private final HttpClient client;
  private final boolean isShared;

  private Uplink(
      URI base,
      @Nullable String token,
      @Nullable String study,
      HttpClient client,
      boolean isShared) {
    this.base = base;
    this.token = token;
    this.study = study;
    this.client = client;
    this.isShared = isShared;
  }

  /// The same way, for one more worker of this process: closing it leaves it open for the others.
  public Uplink shared() {
    return new Uplink(base, token, study, client, true);
  }

  /// Whether a text is the address of an owner rather than of a storage.
  public static boolean isAddress(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    return lower.startsWith("http://") || lower.startsWith("https://");
  }

  /// @param token what the owner's `--token` was; null: none
  /// @throws Problem for what is no address
  public static Uplink to(String address, @Nullable String token) {
    try {
      var uri = new URI(address);
      if (!isAddress(address)
          || uri.getHost() == null
          || uri.getRawUserInfo() != null
          || uri.getRawQuery() != null) {
        throw new URISyntaxException(address, "only a host, a port and a study's name are wanted");
      }
      var path = uri.getPath() == null ? "" : uri.getPath().replaceAll("^/+|/+$", "");
      var base = new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), "/work/", null, null);
      var client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT)
              .build();
      return new Uplink(base, token, path.isEmpty() ? null : path, client, false);
    } catch (URISyntaxException e) {
      throw new Problem(
          "That is no address of a study's owner.",
          address + ": " + e.getReason(),
          "Write http://HOST:PORT as `assay serve` or `assay tune --listen` printed it; a token"
              + " goes into ASSAY_TOKEN.",
          e);
    }
  }

  /// The name that the study is to have; null: any.
  @Nullable String study() {
    return study;
  }

  /// For people.
  @Override
  public String toString() {
    return base.resolve("/").toString();
  }

  /// The owner says that it has to be tried again later.
  static final class Unready extends IOException {
    private static final long serialVersionUID = 1L;

    Unready(String message) {
      super(message);
    }
  }

  /// Says something and returns the answer, whether the thread is interrupted meanwhile or not.
  ///
  /// @throws IOException where nobody answers as an owner would
  /// @throws Crew.Stranger where the worker has to join first
  /// @throws Problem where the owner refuses
  <T> T say(String name, Object message, Class<T> type) throws IOException {
    boolean interrupted = false;
    var answer = send(name, message, ANSWER);
    long end = System.nanoTime() + ANSWER.toNanos();
    try {
      while (true) {
        try {
          long left = Math.max(0, end - System.nanoTime());
          return read(name, answer.get(left, TimeUnit.NANOSECONDS), type);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException | TimeoutException e) {
          throw failed(answer, e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// As [#say], for what may take its time.
  ///
  /// @param waits how long the owner may wait before it answers
  /// @throws InterruptedException the answer, should there be one, is not known
  <T> T ask(String name, Object message, Class<T> type, Duration waits)
      throws IOException, InterruptedException {
    var most = ANSWER.plus(waits);
    var answer = send(name, message, most);
    try {
      return read(name, answer.get(most.toNanos(), TimeUnit.NANOSECONDS), type);
    } catch (ExecutionException | TimeoutException e) {
      throw failed(answer, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
  }

  /// Writes what the owner answers into a file.
  ///
  /// @throws IOException where it does not send it
  void fetch(String name, Object message, Path file) throws IOException {
    try {
      var body = HttpResponse.BodyHandlers.ofFile(file);
      int status = client.send(request(name, message, TRANSFER).build(), body).statusCode();
      if (status != 200) {
        throw new IOException("the study's owner answered with " + status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private CompletableFuture<HttpResponse<String>> send(String name, Object message, Duration most) {
    var body = HttpResponse.BodyHandlers.ofString();
    return client.sendAsync(
        request(name, message, most).build(), HttpResponse.BodyHandlers.limiting(body, LONGEST));
  }

  private HttpRequest.Builder request(String name, Object message, Duration most) {
    var request =
        HttpRequest.newBuilder(base.resolve(name))
            .timeout(most)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Wire.write(message)));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  private static IOException failed(CompletableFuture<?> answer, Exception e) {
    answer.cancel(true);
    return switch (e instanceof ExecutionException ? e.getCause() : null) {
      case ConnectException nobody -> new IOException("nobody answers there", nobody);
      case null -> new IOException("there was no answer in time", e);
      case HttpTimeoutException late -> new IOException("there was no answer in time", late);
      case Throwable other ->
          new IOException(
              other.getMessage() == null ? other.toString() : Spoken.cut(other.getMessage(), 300),
              other);
    };
  }

  private <T> T read(String name, HttpResponse<String> response, Class<T> type) throws IOException {
    int status = response.statusCode();
    if (status == 200) {
      return Wire.read(response.body(), type);
    }
    if (status == CrewHandler.GONE) {
      throw new Crew.Stranger();
    }
    if (status >= 500) {
      throw new Unready(name + " was answered with " + status);
    }
    throw refusal(name, response);
  }

  private Problem refusal(String name, HttpResponse<String> response) {
    if (response.statusCode() == 401) {
      return new Problem(
          "The owner of the study wants its token.",
          toString(),
          "Set ASSAY_TOKEN to what its --token was, or say --token TEXT.");
    }
    try {
      var error = JsonMapper.shared().readTree(response.body()).path("error");
      if (error.path("what").isString()) {
        return new Problem(
            error.path("what").asString(),
            error.path("value").asString(""),
            error.path("mend").asString(""));
      }
    } catch (JacksonException e) {
      // another service
    }
    return new Problem(
        "Nobody there owns a study that workers can join.",
        base.resolve(name) + " was answered with " + response.statusCode(),
        "Name the address that `assay tune FILE --listen PORT` or `assay serve FILE --port PORT`"
            + " printed.");
  }

  @Override
  public void close() {
    if (!isShared) {
      client.shutdownNow();
    }
  }
}
