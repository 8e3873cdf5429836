package dev.assay.run.control;

import dev.assay.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a person may ask of a study that runs in another process.
public sealed interface ControlCommand {
  /// Trials under way end, and no new one begins.
  record Pause() implements ControlCommand {}

  /// New trials begin again.
  record Resume() implements ControlCommand {}

  /// The search ends in order, as on Ctrl-C; the same command goes on later.
  record Stop() implements ControlCommand {}

  /// A configuration is tried before anything else is proposed.
  ///
  /// @param params parameters and values; those left out take their default
  record Enqueue(Map<String, @Nullable Object> params) implements ControlCommand {}

  /// A trial that has ended was discarded, or taken back: the storage says so already.
  record Discard(int trial, boolean discarded) implements ControlCommand {}

  /// The names of the commands.
  List<String> NAMES = List.of("pause", "resume", "stop", "enqueue", "discard");

  /// As a JSON value: `{"command": "enqueue", "params": {...}}`.
  default Map<String, @Nullable Object> document() {
    var document = new LinkedHashMap<String, @Nullable Object>();
    switch (this) {
      case Pause() -> document.put("command", "pause");
      case Resume() -> document.put("command", "resume");
      case Stop() -> document.put("command", "stop");
      case Enqueue(var params) -> {
        document.put("command", "enqueue");
        document.put("params", params);
      }
      case Discard(int trial, boolean discarded) -> {
        document.put("command", "discard");
        document.put("trial", trial);
        document.put("discarded", discarded);
      }
    }
    return document;
  }

  /// The command of a document.
  ///
  /// @throws Problem when there is no such command, or `enqueue` has no parameters
  static ControlCommand of(Map<?, ?> document) {
    return switch (String.valueOf(document.get("command"))) {
      case "pause" -> new Pause();
      case "resume" -> new Resume();
      case "stop" -> new Stop();
      case "enqueue" -> new Enqueue(params(document.get("params")));
      case "discard" -> discard(document);
      case String other ->
          throw new Problem(
              "There is no such command.", other, "Send one of " + String.join(", ", NAMES) + ".");
    };
  }

  private static Discard discard(Map<?, ?> document) {
    if (document.get("trial") instanceof Integer trial
        && document.get("discarded") instanceof Boolean discarded) {
      return new Discard(trial, discarded);
    }
    throw new Problem(
        "A trial is discarded by its number.",
        String.valueOf(document.get("trial")),
        "Send {\"command\": \"discard\", \"trial\": 7, \"discarded\": true}.");
  }

  private static Map<String, @Nullable Object> params(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new Problem(
          "A configuration is an object of parameters and values.",
          String.valueOf(value),
          "Send {\"command\": \"enqueue\", \"params\": {\"hidden\": 64}}.");
    }
    var params = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((name, element) -> params.put(String.valueOf(name), element));
    return params;
  }
}
