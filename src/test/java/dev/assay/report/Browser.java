package dev.assay.report;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A headless Chromium for tests, spoken to by the DevTools protocol
/// (<https://chromedevtools.github.io/devtools-protocol/>).
///
/// ```java
/// assumeTrue(Browser.isInstalled(), Browser.MISSING);
/// try (var browser = Browser.start(directory)) {
///   var page = browser.open(file.toUri());
///   page.await("document.querySelector('canvas')");
///   assertThat(page.complaints()).isEmpty();
/// }
/// ```
public final class Browser implements AutoCloseable {
  /// Why a test that needs a browser skips.
  public static final String MISSING = "no chromium on the PATH, so no page is looked at";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<BrowserPage> pages = new CopyOnWriteArrayList<>();
  private @Nullable String shown;

  private Browser(Process process, URI address) throws Exception {
    this.process = process;
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, new Messages())
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  public static boolean isInstalled() {
    return executable().isPresent();
  }

  private static Optional<Path> executable() {
    return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
        .flatMap(folder ->
            Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(Path.of(folder)::resolve))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// @param profile an empty directory of the browser's own
  public static Browser start(Path profile) throws Exception {
    var process =
        new ProcessBuilder(
                executable().orElseThrow().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-renderer-backgrounding", // a page behind another is at work, too
                "--disable-background-timer-throttling",
                "--disable-backgrounding-occluded-windows",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--renderer-process-limit=1", // which a new page finds warm
                "--in-process-gpu",
                "--js-flags=--no-opt,--no-maglev", // no script runs for long
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    try {
      return new Browser(process, address(process));
    } catch (Exception | Error e) {
      process.destroyForcibly().waitFor();
      throw e;
    }
  }

  /// The browser says where it listens, among other things; what it says later is read and dropped,
  /// so that it never waits for a reader.
  private static URI address(Process process) throws IOException {
    var mark = "DevTools listening on ";
    var output = process.inputReader(StandardCharsets.UTF_8);
    var said = new StringBuilder();
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      if (line.startsWith(mark)) {
        Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
        return URI.create(line.substring(mark.length()).strip());
      }
    }
    throw new IOException("chromium ended without listening:\n" + said);
  }

  /// A new page, 1,280 by 1,600 pixels, when all that it loads at once is loaded. The one before is
  /// closed: it would go on to draw and to ask its server for news.
  public BrowserPage open(URI address) {
    var before = shown;
    var target = call(null, "Target.createTarget", Map.of("url", "about:blank"));
    var id = target.get("targetId").asString();
    shown = id;
    if (before != null) {
      call(null, "Target.closeTarget", Map.of("targetId", before));
    }
    var session =
        call(null, "Target.attachToTarget", Map.of("targetId", id, "flatten", true))
            .get("sessionId")
            .asString();
    var page = new BrowserPage(this, session);
    pages.add(page);
    page.load(address);
    return page;
  }

  /// @param session the page's; null for the browser itself
  /// @return what the method answers
  JsonNode call(@Nullable String session, String method, Map<String, ?> parameters) {
    int id = lastId.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    answers.put(id, answer);
    var message = new java.util.HashMap<String, Object>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    if (session != null) {
      message.put("sessionId", session);
    }
    synchronized (socket) {
      socket.sendText(JSON.writeValueAsString(message), true).join();
    }
    var answered = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    if (answered.has("error")) {
      throw new IllegalStateException(method + ": " + answered.get("error"));
    }
    return answered.get("result");
  }

  private void received(JsonNode message) {
    if (message.has("id")) {
      var answer = answers.remove(message.get("id").asInt());
      if (answer != null) {
        answer.complete(message);
      }
      return;
    }
    pages.stream()
        .filter(page -> page.session().equals(message.path("sessionId").asString("")))
        .forEach(page -> page.event(message.get("method").asString(), message.get("params")));
  }

  /// Messages arrive in parts.
  private final class Messages implements WebSocket.Listener {
    private final StringBuilder parts = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      parts.append(part);
      if (last) {
        var message = JSON.readTree(parts.toString());
        parts.setLength(0);
        received(message);
      }
      from.request(1);
      return null;
    }
  }

  /// Asks it to end, so that it removes its files, and ends it if it does not.
  @Override
  public void close() throws InterruptedException {
    var children = process.descendants().toList();
    try {
      call(null, "Browser.close", Map.of());
      process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } finally {
      socket.abort();
      children.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }
}
