package dev.assay.run.control;

import dev.assay.process.ProcessIdentity;
import dev.assay.run.Machine;
import dev.assay.storage.Runner;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How one of the processes stands that have a study open to run it.
///
/// What a process notes is `{"state": "running", "host": "box", "began": "2026-01-01T00:00:00Z",
/// "since": "2026-01-01T00:05:00Z", "message": null}`, where `began` is when it began to run the
/// study and `since` when its state did; states are `running`, `paused`, `stopping` and `ended`: it
/// writes its report, and obeys no more.
///
/// @param process its identity; null where the storage has none
/// @param alive whether it lives, as far as can be known from here
/// @param noted what it noted last; empty before that
public record Standing(
    @Nullable ProcessIdentity process, boolean alive, Map<?, ? extends @Nullable Object> noted) {
  /// The fact in which versions before these notes kept the standing of one process: with its
  /// `pid`.
  static final String FACT = "control";

  /// Those who have a stored study open to run it, and live.
  ///
  /// @param facts the study's
  public static List<Standing> living(List<Runner> runners, Map<String, @Nullable Object> facts) {
    return runners.stream().map(runner -> of(runner, facts)).filter(Standing::alive).toList();
  }

  static Standing of(Runner runner, Map<String, @Nullable Object> facts) {
    var process = ProcessIdentity.parse(runner.process()).orElse(null);
    Map<?, ? extends @Nullable Object> noted = runner.standing();
    if (noted.isEmpty()
        && process != null
        && facts.get(FACT) instanceof Map<?, ?> fact
        && fact.get("pid") instanceof Number pid
        && pid.longValue() == process.pid()) {
      noted = fact;
    }
    boolean alive =
        process != null && !process.isGone(runner.seenMillis(), System.currentTimeMillis());
    return new Standing(process, alive, noted);
  }

  /// What a process notes about itself.
  static Map<String, @Nullable Object> note(String state, String began, @Nullable String message) {
    var note = new LinkedHashMap<String, @Nullable Object>();
    note.put("state", state);
    note.put("host", Machine.host());
    note.put("began", began);
    note.put("since", Instant.now().toString());
    note.put("message", message);
    return note;
  }

  /// `running`, `paused` or `stopping`; null where it obeys nothing: it has just been started, or
  /// has ended its search.
  public @Nullable String state() {
    return noted.get("state") instanceof String state && !state.equals("ended") ? state : null;
  }

  private @Nullable String text(String key) {
    return noted.get(key) instanceof String text ? text : null;
  }

  /// Whether it obeys what is sent now.
  boolean obeys() {
    return alive && state() != null && !"stopping".equals(state());
  }

  /// For a page: `{"pid": 17, "host": "box", "here": true, "state": "running", "since": ...}`;
  /// `here` says whether it is a process of this machine and name space.
  public Map<String, @Nullable Object> document() {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("pid", process == null ? null : process.pid());
    document.put("host", text("host"));
    document.put("here", process != null && process.isHere());
    document.put("state", state());
    document.put("began", text("began"));
    document.put("since", text("since"));
    return document;
  }

  /// The state of a study that several processes run: `running` where one of them does; null where
  /// nobody obeys.
  public static @Nullable String state(List<Standing> all) {
    var states = all.stream().map(Standing::state).filter(Objects::nonNull).toList();
    return List.of("running", "paused", "stopping").stream()
        .filter(states::contains)
        .findFirst()
        .orElse(null);
  }

  /// The message that was noted last.
  public static @Nullable String message(List<Standing> all) {
    String message = null;
    var latest = "";
    for (var one : all) {
      var since = one.text("since");
      var said = one.text("message");
      if (said != null && since != null && since.compareTo(latest) > 0) {
        latest = since;
        message = said;
      }
    }
    return message;
  }
}
