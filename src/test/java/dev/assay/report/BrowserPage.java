package dev.assay.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// One page in a [Browser], and what happened on it.
public final class BrowserPage {
  /// How long a page may take for whatever a test waits for.
  private static final int PATIENCE_SECONDS = 30;

  private final Browser browser;
  private final String session;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Boolean> loaded = new CompletableFuture<>();

  BrowserPage(Browser browser, String session) {
    this.browser = browser;
    this.session = session;
  }

  String session() {
    return session;
  }

  void load(URI address) {
    for (var domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
    show(1280, false);
    call("Page.navigate", Map.of("url", address.toString()));
    loaded.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  JsonNode call(String method, Map<String, ?> parameters) {
    return browser.call(session, method, parameters);
  }

  void event(String method, JsonNode event) {
    switch (method) {
      case "Page.loadEventFired" -> loaded.complete(true);
      case "Network.requestWillBeSent" -> requests.add(event.at("/request/url").asString());
      case "Runtime.exceptionThrown" ->
          complaints.add(event.at("/exceptionDetails/exception/description").asString("exception"));
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(event.get("type").asString())) {
          complaints.add("console: " + event.get("args"));
        }
      }
      // Among others what the content security policy refused.
      case "Log.entryAdded" -> complaints.add(event.at("/entry/text").asString());
      case String _ -> {}
    }
  }

  /// Exceptions, errors and warnings so far, the browser's own ones included.
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /// The addresses that were asked for so far; the page's own is the first.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /// The value of a JavaScript expression; a promise's when it is kept.
  public JsonNode evaluate(String expression) {
    var answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.get("result").path("value");
  }

  /// Waits until an expression is true, looked at once a frame.
  public void await(String expression) {
    var frame =
        """
        new Promise((kept, broken) => {
          const end = performance.now() + %d;
          const look = () => {
            if (%s) { kept(true); }
            else if (performance.now() > end) { broken(new Error("waited in vain")); }
            else { setTimeout(look, 16); }
          };
          look();
        })\
        """;
    evaluate(frame.formatted(PATIENCE_SECONDS * 1000, expression));
  }

  /// For each canvas the number of different colours on it: an empty one has one.
  public List<Integer> coloursOfCanvases() {
    var counts =
        evaluate(
            """
            [...document.querySelectorAll("canvas")].map(canvas => {
              const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
              return new Set(new Uint32Array(data.buffer)).size;
            })\
            """);
    return counts.valueStream().map(JsonNode::asInt).toList();
  }

  /// In a window of a width in pixels, to somebody who prefers dark or light.
  public void show(int width, boolean dark) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 1600, "deviceScaleFactor", 1, "mobile", false));
    var scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
  }

  /// What keeps people from using the page as it stands, serious or worse, by the rules of axe
  /// (<https://github.com/dequelabs/axe-core>): rule and element.
  public List<String> barriers() {
    if (!evaluate("!!window.axe").asBoolean()) {
      evaluate(axe() + ";0");
    }
    var found =
        evaluate(
            """
            axe.run({resultTypes: ["violations"]}).then(result => result.violations
              .filter(v => v.impact === "serious" || v.impact === "critical")
              .map(v => v.id + ": " + v.nodes[0].html))\
            """);
    return found.valueStream().map(JsonNode::asString).toList();
  }

  private static String axe() {
    try {
      var properties = new Properties();
      try (var pom = resource("/META-INF/maven/org.webjars.npm/axe-core/pom.properties")) {
        properties.load(pom);
      }
      var version = properties.getProperty("version");
      try (var script =
          resource("/META-INF/resources/webjars/axe-core/" + version + "/axe.min.js")) {
        return new String(script.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream resource(String path) {
    return Objects.requireNonNull(BrowserPage.class.getResourceAsStream(path), path);
  }

  /// Writes the whole page as a PNG picture.
  public void screenshot(Path file) throws IOException {
    var answer = call("Page.captureScreenshot", Map.of("captureBeyondViewport", true));
    Files.write(file, Base64.getDecoder().decode(answer.get("data").asString()));
  }
}
