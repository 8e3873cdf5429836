package dev.assay.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Ask and tell over HTTP about studies that clients name: `POST /` opens one, and its other
/// requests go to `/studies/NAME`. Whoever names it again joins in. Studies are open until the
/// service ends.
public final class StudiesHandler implements HttpHandler, AutoCloseable {
  private static final String PREFIX = "/studies/";

  private final AskTellSession.Opener opener;
  private final Map<String, AskTellSession.Opened> open = new ConcurrentHashMap<>();

  /// @param opener gives studies that are open already again, with another use of them
  public StudiesHandler(AskTellSession.Opener opener) {
    this.opener = opener;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    if (path.startsWith(PREFIX)) {
      var study = open.get(path.substring(PREFIX.length()));
      if (study == null) {
        RequestGuard.refuse(
            exchange,
            404,
            new Problem(
                "No study of that name is open here.",
                RequestBody.brief(path.substring(PREFIX.length())),
                "POST {\"study\": {\"name\": ...}} to / first."));
      } else {
        new AskTellHandler(study.service()).answer(exchange);
      }
    } else if (path.equals("/")) {
      if (AskTellHandler.isPost(exchange)) {
        var body = RequestGuard.body(exchange);
        if (body != null) {
          var reply = reply(body);
          reply.deliver(
              () -> RequestGuard.answer(exchange, reply.error() ? 400 : 200, reply.json()));
        }
      }
    } else {
      RequestGuard.refuse(
          exchange,
          404,
          new Problem("There is nothing here.", "the path", "POST to / or /studies/NAME."));
    }
  }

  private Reply reply(String body) {
    try (var session = new AskTellSession(opener)) {
      var node = RequestReader.parse(body);
      if (RequestReader.isList(node) || !RequestReader.kind(node).equals("study")) {
        try (var request = session.arrive()) {
          return request.reply(body);
        }
      }
      return named(node.get("study").toString());
    } catch (Problem problem) {
      return Reply.refusal(problem);
    }
  }

  private synchronized Reply named(String studyFile) {
    var opened = opener.read(studyFile, Thread.currentThread()).get();
    var study = opened.service().study();
    var before = open.putIfAbsent(study.name(), opened);
    if (before != null) {
      opened.close();
    }
    return Reply.plain(Answers.hello(study));
  }

  @Override
  public synchronized void close() {
    open.values().forEach(AskTellSession.Opened::close);
    open.clear();
  }
}
