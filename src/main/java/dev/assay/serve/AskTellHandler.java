package dev.assay.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.assay.problem.Problem;
import java.io.IOException;

/// Ask and tell over HTTP: `POST /` with the bodies of the stdio lines. 200, or 400 where the
/// answer is an error.
public final class AskTellHandler implements HttpHandler {
  private final AskTellService service;

  public AskTellHandler(AskTellService service) {
    this.service = service;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/")) {
      RequestGuard.refuse(
          exchange, 404, new Problem("There is nothing here.", "the path", "POST to /."));
      return;
    }
    answer(exchange);
  }

  /// Whether it is a POST; if not that is said.
  static boolean isPost(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("POST")) {
      return true;
    }
    exchange.getResponseHeaders().set("Allow", "POST");
    RequestGuard.refuse(
        exchange,
        405,
        new Problem("Requests are posted.", "the method", "POST {\"ask\": 1} to /."));
    return false;
  }

  /// As [#handle], whatever the path is.
  void answer(HttpExchange exchange) throws IOException {
    if (!isPost(exchange)) {
      return;
    }
    try (var request = service.arrive()) {
      var body = RequestGuard.body(exchange);
      if (body != null) {
        var reply = request.reply(body);
        reply.deliver(() -> RequestGuard.answer(exchange, reply.error() ? 400 : 200, reply.json()));
      }
    }
  }
}
