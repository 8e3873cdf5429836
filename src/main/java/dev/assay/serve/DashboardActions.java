package dev.assay.serve;

import com.sun.net.httpserver.HttpExchange;
import dev.assay.problem.Problem;
import dev.assay.run.control.ControlCommand;
import dev.assay.run.control.Standing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a dashboard's pages may ask to be done, with the token that only they know.
final class DashboardActions {
  /// The paths; all are POST.
  static final List<String> PATHS = List.of("/control", "/note", "/rename", "/delete");

  private static final JsonMapper JSON = JsonMapper.shared();

  private final boolean readOnly;
  private final String token;

  /// @param readOnly whether everything is refused
  DashboardActions(boolean readOnly) {
    this.readOnly = readOnly;
    var bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    token = HexFormat.of().formatHex(bytes);
  }

  /// What pages are told; null: nothing may be done.
  @Nullable String token() {
    return readOnly ? null : token;
  }

  /// The body of a request that may do something; null where it may not, which has been answered.
  @Nullable String body(HttpExchange exchange) throws IOException {
    if (readOnly) {
      refuse(
          exchange,
          new Problem(
              "The dashboard is for reading only.",
              "--read-only",
              "Start it without that option."));
      return null;
    }
    if (!knowsToken(exchange)) {
      refuse(
          exchange,
          new Problem(
              "The command has no valid token.",
              "X-Assay-Token",
              "Load the page anew: the dashboard was started again."));
      return null;
    }
    return RequestGuard.body(exchange);
  }

  private static void refuse(HttpExchange exchange, Problem problem) throws IOException {
    RequestGuard.refuse(exchange, 403, problem);
  }

  private boolean knowsToken(HttpExchange exchange) {
    var said = exchange.getRequestHeaders().getFirst("X-Assay-Token");
    return said != null
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8), said.getBytes(StandardCharsets.UTF_8));
  }

  /// Does what a body asks for.
  ///
  /// @param path one of [#PATHS]
  static void act(String path, LiveStudy study, String body) {
    switch (path) {
      case "/control" -> control(study, ControlCommand.of(read(body, "{\"command\": \"pause\"}")));
      case "/note" -> note(study, read(body, "{\"trial\": 7, \"text\": \"...\"}"));
      case "/rename" -> {
        var to = read(body, "{\"to\": \"another name\"}").get("to");
        if (!(to instanceof String name)) {
          throw new Problem(
              "A study's name is a text.", "to: " + to, "Send {\"to\": \"another name\"}.");
        }
        keeper(study).rename(name);
      }
      case "/delete" -> {
        var confirmed = read(body, "{\"confirm\": \"the study's name\"}").get("confirm");
        if (!study.study().name().equals(confirmed)) {
          throw new Problem(
              "A study is removed only by whoever says its name.",
              "confirm: " + confirmed,
              "Send {\"confirm\": NAME} with the name of the study.");
        }
        keeper(study).delete();
      }
      default -> throw new IllegalArgumentException(path);
    }
  }

  private static StudyKeeper keeper(LiveStudy study) {
    var keeper = study.study().keeper();
    if (keeper == null) {
      throw new Problem(
          "The study's records cannot be changed from here.",
          study.study().name(),
          "Open the dashboard on the study by its name.");
    }
    return keeper;
  }

  private static void control(LiveStudy study, ControlCommand command) {
    if (command instanceof ControlCommand.Discard(int trial, boolean discarded)) {
      TrialPages.trial(study, Integer.toString(trial));
      keeper(study).discard(trial, discarded); // tells those who run it
      return;
    }
    var mailbox = study.study().mailbox();
    boolean waits = command instanceof ControlCommand.Enqueue; // for whoever runs it next, too
    if (mailbox == null || !waits && Standing.state(study.standings()) == null) {
      throw new Problem(
          "Nobody runs the study now.",
          study.study().name(),
          "Run it: assay tune FILE, or assay serve FILE.");
    }
    if (command instanceof ControlCommand.Enqueue(var params)) {
      study.view().space().configuration(params);
    }
    mailbox.send(command);
  }

  private static void note(LiveStudy study, Map<?, ?> document) {
    var trial = document.get("trial");
    if (!(document.get("text") instanceof String text)
        || !(trial == null || trial instanceof Integer)) {
      throw new Problem(
          "A note is a text on a trial, or on the study.",
          RequestBody.brief(String.valueOf(document)),
          "Send {\"trial\": 7, \"text\": \"...\"}.");
    }
    if (trial != null) {
      TrialPages.trial(study, trial.toString());
    }
    keeper(study).note((Integer) trial, text);
  }

  private static Map<?, ?> read(String body, String example) {
    try {
      var map = JSON.readValue(body, Map.class);
      if (map != null) {
        return map;
      }
    } catch (JacksonException e) {
      throw notAnObject(body, example, e);
    }
    throw notAnObject(body, example, null);
  }

  private static Problem notAnObject(
      String body, String example, @Nullable JacksonException cause) {
    return new Problem(
        "The request is not a JSON object.",
        RequestBody.brief(body),
        "Send " + example + ".",
        cause);
  }
}
