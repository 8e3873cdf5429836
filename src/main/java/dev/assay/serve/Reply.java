package dev.assay.serve;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What a request is answered with.
final class Reply {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final String json;
  private final boolean error;
  private final List<HeldTrials.Held> trials;
  private final @Nullable HeldTrials held;

  /// Takes an answer to its client.
  interface Delivery {
    void send() throws IOException;
  }

  /// @param trials in use until the answer has left
  /// @param held which keeps them; null where there are none
  Reply(String json, boolean error, List<HeldTrials.Held> trials, @Nullable HeldTrials held) {
    this.json = json;
    this.error = error;
    this.trials = trials;
    this.held = held;
  }

  /// An answer that brings no trials.
  static Reply plain(Object answer) {
    return new Reply(JSON.writeValueAsString(answer), false, List.of(), null);
  }

  static Reply refusal(Problem problem) {
    return new Reply(error(problem), true, List.of(), null);
  }

  /// A problem as JSON.
  static String error(Problem problem) {
    var parts = new LinkedHashMap<String, @Nullable Object>();
    parts.put("what", problem.what());
    parts.put("value", problem.value());
    parts.put("mend", problem.mend());
    return JSON.writeValueAsString(Map.of("error", parts));
  }

  /// One line, without its end.
  String json() {
    return json;
  }

  /// Whether the request was refused.
  boolean error() {
    return error;
  }

  List<HeldTrials.Held> trials() {
    return trials;
  }

  /// Sends it. Leases begin when it has left; new trials that it brings wait again where it cannot.
  void deliver(Delivery delivery) throws IOException {
    if (held == null) {
      delivery.send();
      return;
    }
    held.leave(trials, true);
    try {
      delivery.send();
      held.leave(trials, false);
    } catch (IOException | RuntimeException e) {
      held.lose(trials);
      throw e;
    }
  }
}
