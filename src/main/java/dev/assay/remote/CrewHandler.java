package dev.assay.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.serve.RequestGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;

/// What workers say over HTTP: `POST /work/NAME`. 200 with the answer; 400 with a problem; 410
/// where the worker has to join first; 503 where it shall try again.
public final class CrewHandler implements HttpHandler {
  private static final Logger LOG = Log.of(CrewHandler.class);

  /// Where it belongs on a server.
  public static final String PATH = "/work/";

  /// The message that asks for a file's content.
  static final String FILE = "file";

  static final int GONE = 410;
  static final int AGAIN = 503;

  /// Bytes of a message: attributes of a trial may be large.
  private static final int LARGEST = 16 << 20;

  private final Crew crew;
  private final Map<String, Path> files;

  public CrewHandler(Crew crew) {
    this(crew, Map.of());
  }

  /// @param files that travel with the study, by the SHA-256 of their contents
  public CrewHandler(Crew crew, Map<String, Path> files) {
    this.crew = crew;
    this.files = Map.copyOf(files);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      RequestGuard.refuse(
          exchange,
          405,
          new Problem(
              "Workers post.", "the method", "Start one: assay work http://HOST:PORT --token ..."));
      return;
    }
    var body = RequestGuard.body(exchange, LARGEST);
    if (body == null) {
      return;
    }
    var path = exchange.getRequestURI().getPath();
    try {
      if (path.equals(PATH + FILE)) {
        send(exchange, Wire.read(body, Messages.Content.class));
        return;
      }
      // In one piece: a worker that is gone by now says the same again, to be answered as before.
      RequestGuard.answerAtOnce(
          exchange, 200, Wire.write(answer(path.substring(PATH.length()), body)));
    } catch (Crew.Stranger e) {
      RequestGuard.refuse(
          exchange,
          GONE,
          new Problem("The worker is not known here.", "its name", "Let it join first."));
    } catch (Problem e) {
      RequestGuard.refuse(exchange, 400, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      RequestGuard.refuse(
          exchange, AGAIN, new Problem("The owner of the study ends.", path, "Try again later."));
    } catch (RuntimeException e) {
      LOG.error("A worker's {} could not be answered.", path, e);
      RequestGuard.refuse(
          exchange,
          AGAIN,
          new Problem("The owner of the study failed at this.", e.toString(), "See its log."));
    }
  }

  private void send(HttpExchange exchange, Messages.Content wanted) throws IOException {
    var file = files.get(wanted.sha256());
    if (file == null) {
      throw new Problem(
          "No such file travels with the study.",
          wanted.sha256(),
          "Its files were listed anew meanwhile: start the worker again.");
    }
    try (exchange;
        var in = Files.newInputStream(file)) {
      exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
      exchange.sendResponseHeaders(200, 0); // whatever its length is by now
      in.transferTo(exchange.getResponseBody());
    }
  }

  private Object answer(String name, String body) throws InterruptedException {
    return switch (name) {
      case "study" -> crew.study();
      case "join" -> crew.join(Wire.read(body, Messages.Join.class));
      case "claim" -> crew.claim(Wire.read(body, Messages.Claim.class));
      case "report" -> crew.report(Wire.read(body, Messages.Reports.class));
      case "end" -> crew.endAndClaim(Wire.read(body, Messages.End.class));
      case "release" -> crew.release(Wire.read(body, Messages.Release.class));
      case "beat" -> crew.beat(Wire.read(body, Messages.Beat.class));
      case "leave" -> {
        var said = Wire.read(body, Messages.Leave.class);
        crew.leave(said);
        yield said;
      }
      default ->
          throw new Problem(
              "There is no such message.", name, "Let worker and owner be of the same version.");
    };
  }
}
