package dev.assay.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.assay.internal.words.Log;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.report.HtmlReport;
import dev.assay.report.StudiesComparison;
import dev.assay.report.StudiesPage;
import dev.assay.report.StudyThumbnail;
import dev.assay.run.control.Standing;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import tools.jackson.databind.json.JsonMapper;

/// The live dashboard, for a context `/` of a [LocalServer].
///
/// ```
/// GET  /                  all studies, with thumbnails
/// GET  /study?name=N      the report page of one, which keeps itself up to date
/// GET  /api/studies       what the start page shows, JSON
/// GET  /api/study?name=N  the data of a page, JSON
/// GET  /events[?name=N]   server-sent events: `changed` whenever a study (any study) did, `state`
/// GET  /compare?study=N&study=M   two studies or more on one page; /api/compare: its data, JSON
/// GET  /api/trial?name=N&trial=7  one trial: its record with every step, note, files, JSON
/// GET  /file?name=N&trial=7&path=P   a picture that the trial left
/// GET  /text?name=N&trial=7&path=P[&before=B]   the end of a text that it left, its log too, JSON
/// POST /control?name=N    {"command": "pause|resume|stop|enqueue|discard", "params": {...}}
/// POST /note?name=N       {"trial": 7 or null, "text": "..."}
/// POST /rename?name=N     {"to": "..."}
/// POST /delete?name=N     {"confirm": "N"}
/// ```
///
/// A command must carry the token of the page, which only pages of this server know, in the header
/// `X-Assay-Token`. Pages name nothing but relative paths, so that a proxy can offer all of it
/// below any path. Reading goes through connections of its own, and never waits for the writer nor
/// lets it wait.
public final class Dashboard implements HttpHandler, AutoCloseable {
  private static final Logger LOG = Log.of(Dashboard.class);
  private static final JsonMapper JSON = JsonMapper.shared();

  /// How often a stream looks whether something changed.
  private static final long LOOK_MILLIS = 500;

  /// After so many looks without a change a comment keeps the stream open, and finds out who left.
  private static final int KEEP_ALIVE = 30;

  private final Supplier<List<DashboardStudy>> studies;
  private final boolean readOnly;
  private final DashboardActions actions;
  private final Map<String, LiveStudy> live = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param studies those that there are now
  /// @param readOnly whether commands are refused
  public Dashboard(Supplier<List<DashboardStudy>> studies, boolean readOnly) {
    this.studies = studies;
    this.readOnly = readOnly;
    actions = new DashboardActions(readOnly);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      route(exchange);
    } catch (Problem problem) {
      RequestGuard.refuse(exchange, 400, problem);
    } catch (RuntimeException e) {
      LOG.error("unexpected", e);
      RequestGuard.refuse(
          exchange,
          500,
          new Problem("Something went wrong that should not.", e.toString(), "Please report it."));
    } finally {
      exchange.close();
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    boolean posts = exchange.getRequestMethod().equals("POST");
    boolean acts = DashboardActions.PATHS.contains(path);
    if (acts != posts) {
      exchange.getResponseHeaders().set("Allow", acts ? "POST" : "GET");
      RequestGuard.refuse(
          exchange,
          405,
          new Problem(
              "The method is wrong.",
              path,
              "POST to " + String.join(", ", DashboardActions.PATHS) + "; GET others."));
      return;
    }
    if (acts) {
      act(exchange, path);
      return;
    }
    switch (path) {
      case "/" -> html(exchange, HtmlReport.startPage(config(null)));
      case "/study" -> {
        var study = study(exchange);
        html(exchange, HtmlReport.livePage(study.name(), study.document(null), config(study)));
      }
      case "/api/studies" -> RequestGuard.answer(exchange, 200, thumbnails());
      case "/api/study" ->
          RequestGuard.answer(
              exchange, 200, study(exchange).document(parameter(exchange, "since")));
      case "/events" -> events(exchange);
      case "/compare" -> html(exchange, StudiesPage.page(comparison(exchange), config(null)));
      case "/api/compare" -> RequestGuard.answer(exchange, 200, comparison(exchange));
      case "/api/trial" -> {
        var study = study(exchange);
        var trial = TrialPages.trial(study, parameter(exchange, "trial"));
        RequestGuard.answer(exchange, 200, TrialPages.document(study, trial));
      }
      case "/text" -> {
        var study = study(exchange);
        var trial = TrialPages.trial(study, parameter(exchange, "trial"));
        var file = String.valueOf(parameter(exchange, "path"));
        RequestGuard.answer(
            exchange, 200, TrialPages.text(study, trial, file, parameter(exchange, "before")));
      }
      case "/file" -> {
        var study = study(exchange);
        var trial = TrialPages.trial(study, parameter(exchange, "trial"));
        TrialPages.picture(exchange, study, trial, String.valueOf(parameter(exchange, "path")));
      }
      default ->
          RequestGuard.refuse(
              exchange, 404, new Problem("There is nothing here.", path, "Start at /."));
    }
  }

  private String config(@Nullable LiveStudy study) {
    var config = new LinkedHashMap<String, @Nullable Object>();
    config.put("study", study == null ? null : study.study().name());
    config.put("token", actions.token());
    return JSON.writeValueAsString(config);
  }

  private static @Nullable String parameter(HttpExchange exchange, String name) {
    var values = parameters(exchange, name);
    return values.isEmpty() ? null : values.getFirst();
  }

  private static List<String> parameters(HttpExchange exchange, String name) {
    var query = exchange.getRequestURI().getRawQuery();
    var values = new ArrayList<String>();
    for (var part : query == null ? new String[0] : query.split("&", 100)) {
      if (part.startsWith(name + "=")) {
        try {
          var value = part.substring(name.length() + 1);
          values.add(URLDecoder.decode(value, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          throw new Problem(
              "The address is not encoded as addresses are.",
              RequestBody.brief(part),
              "Write %25 for %, as encodeURIComponent does.",
              e);
        }
      }
    }
    return values;
  }

  /// Two studies or more, in the order in which the request names them.
  private String comparison(HttpExchange exchange) {
    var names = parameters(exchange, "study").stream().distinct().toList();
    if (names.size() < 2 || names.size() > StudiesComparison.MOST) {
      throw new Problem(
          "Two studies or more are compared, at most " + StudiesComparison.MOST + ".",
          names.isEmpty() ? "none" : RequestBody.brief(String.join(", ", names)),
          "Name them: compare?study=A&study=B.");
    }
    var sources = names.stream().map(name -> study(name).source()).toList();
    return JSON.writeValueAsString(StudiesComparison.of(sources));
  }

  private LiveStudy study(HttpExchange exchange) {
    return study(String.valueOf(parameter(exchange, "name")));
  }

  private LiveStudy study(String name) {
    var all = studies.get();
    for (var study : all) {
      if (study.name().equals(name)) {
        return live.computeIfAbsent(name, _ -> new LiveStudy(study));
      }
    }
    throw new Problem(
        "There is no such study.",
        name,
        Nearest.suggest(name, all.stream().map(DashboardStudy::name).toList()));
  }

  /// What cannot be read is shown with its error, and hides no other.
  private String thumbnails() {
    var list = studies.get().stream().map(this::thumbnail).toList();
    return JSON.writeValueAsString(list);
  }

  private Map<String, @Nullable Object> thumbnail(DashboardStudy study) {
    try {
      var watched = live.computeIfAbsent(study.name(), _ -> new LiveStudy(study));
      return StudyThumbnail.of(study.name(), watched.source(), Standing.state(watched.standings()));
    } catch (Problem problem) {
      return StudyThumbnail.unreadable(study.name(), problem);
    }
  }

  private static void html(HttpExchange exchange, String page) throws IOException {
    var bytes = page.getBytes(StandardCharsets.UTF_8);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "text/html; charset=utf-8");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /// Tells of changes until the client or the dashboard goes. A client that is slow misses nothing:
  /// it is told that there is something new, not what.
  private void events(HttpExchange exchange) throws IOException {
    var name = parameter(exchange, "name");
    var one = name == null ? null : study(exchange);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Accel-Buffering", "no"); // a proxy passes them on at once
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      long told = Long.MIN_VALUE;
      var state = "";
      int quiet = 0;
      do {
        long version = one == null ? versions() : one.version();
        var now = one == null ? "" : one.state(readOnly);
        boolean changed = version != told;
        if (!now.equals(state)) {
          event(out, "state", now);
        }
        if (changed) {
          event(out, "changed", "{\"time\":\"" + Instant.now() + "\"}");
        }
        quiet = changed ? 0 : quiet + 1;
        if (quiet >= KEEP_ALIVE) {
          out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
          out.flush();
          quiet = 0;
        }
        told = version;
        state = now;
      } while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.debug("A looker left.", e);
    }
  }

  private long versions() {
    long sum = 0;
    for (var study : studies.get()) {
      sum = 31 * sum + study.version().getAsLong() + study.name().hashCode();
    }
    return sum;
  }

  private static void event(OutputStream out, String name, String data) throws IOException {
    out.write(("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void act(HttpExchange exchange, String path) throws IOException {
    var body = actions.body(exchange);
    if (body != null) {
      var study = study(exchange);
      DashboardActions.act(path, study, body);
      if (path.equals("/rename") || path.equals("/delete")) {
        live.remove(study.study().name());
      }
      RequestGuard.answer(exchange, 202, "{\"ok\":true}");
    }
  }

  /// Ends all streams.
  @Override
  public void close() {
    closed.countDown();
  }
}
