package dev.assay.exchange;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import dev.assay.trial.Cause;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Reads runs from one JSON document: exports of Hyperopt's trials, of W&B and of MLflow, and what
/// `assay trials --json` prints. Each is told by its keys.
final class JsonRuns {
  private static final List<String> HYPEROPT_STATES =
      List.of("new", "running", "done", "failed", "killed");

  private final Source source;

  private JsonRuns(Source source) {
    this.source = source;
  }

  /// @param tool what the user says it is; null: its keys say
  static ForeignStudy read(Path file, Source source) throws IOException {
    Object json;
    try {
      json =
          Objects.requireNonNullElse(
              ForeignJson.read(Files.readString(file, StandardCharsets.UTF_8)), List.of());
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new Problem(
          "The file is no JSON.",
          file
              + (at == null ? "" : ", line " + at.getLineNr())
              + ": "
              + Spoken.ofParser(e.getOriginalMessage()),
          "It may have been cut off: write it again.",
          e);
    }
    return new JsonRuns(source).study(json, file);
  }

  private ForeignStudy study(Object json, Path file) {
    var map = Origin.map(json);
    var list =
        json instanceof List<?> own
            ? own
            : map.get("trials") instanceof List<?> trials
                ? trials
                : map.get("runs") instanceof List<?> runs ? runs : List.of();
    var docs = list.stream().map(Origin::map).toList();
    var first = docs.isEmpty() ? Map.<String, @Nullable Object>of() : docs.getFirst();
    var name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
    if (first.containsKey("misc")) {
      source.requireTool("hyperopt", "a list of Hyperopt's trials");
      var choices = Origin.map(map.get("choices"));
      var usual = new Objective("loss", Direction.MINIMIZE);
      return of("hyperopt", name, docs, doc -> hyperopt(doc, choices), usual);
    }
    if (first.containsKey("info") && first.containsKey("data")) {
      source.requireTool("mlflow", "a list of MLflow's runs");
      return of("mlflow", name, docs, JsonRuns::mlflow, null);
    }
    if (first.containsKey("config")) {
      source.requireTool("wandb", "a list of W&B's runs");
      return of("wandb", name, docs, JsonRuns::wandb, null);
    }
    if (first.containsKey("params") && first.containsKey("state")) {
      return of("assay", name, docs, JsonRuns::own, null);
    }
    throw new Problem(
        "The JSON is of no tool that is known.",
        file + (first.isEmpty() ? ": no list of runs" : ", keys " + first.keySet()),
        "docs/import-export.md says how Hyperopt, W&B and MLflow are exported.");
  }

  /// What makes a run of a document.
  private interface Reading {
    @Nullable Run of(Map<String, @Nullable Object> doc);
  }

  private ForeignStudy of(
      String tool,
      String name,
      List<Map<String, @Nullable Object>> docs,
      Reading reading,
      @Nullable Objective usual) {
    var runs = new ArrayList<Run>();
    for (var doc : docs) {
      try {
        var run = reading.of(doc);
        if (run != null) {
          runs.add(run);
        }
      } catch (ClassCastException | IndexOutOfBoundsException | NullPointerException e) {
        throw new Problem(
            "An entry is not what it should be.",
            source + ", entry " + (docs.indexOf(doc) + 1) + ": " + e.getMessage(),
            "docs/import-export.md says what " + tool + "'s entries look like.",
            e);
      }
    }
    return Runs.study(tool, name, runs, source, usual, List.of());
  }

  private static @Nullable Run hyperopt(
      Map<String, @Nullable Object> doc, Map<String, @Nullable Object> choices) {
    var run = new Run();
    Origin.map(Origin.map(doc.get("misc")).get("vals"))
        .forEach((name, values) -> {
          if (values instanceof List<?> list && !list.isEmpty()) {
            run.params.put(name, option(list.getFirst(), choices.get(name)));
          }
        });
    var result = Origin.map(doc.get("result"));
    result.forEach(
        (key, value) -> (value instanceof Number ? run.metrics : run.attributes).put(key, value));
    run.attributes.remove("status");
    int state = doc.get("state") instanceof Number number ? number.intValue() : 2;
    run.state = HYPEROPT_STATES.get(state);
    if (run.state.equals("done") && "fail".equals(result.get("status"))) {
      run.state = "failed";
    }
    if (run.state.equals("new")) {
      return null; // it was never given parameters
    }
    run.startedMicros = micros(doc.get("book_time"));
    run.endedMicros = micros(doc.get("refresh_time"));
    run.attributes.put("tid", doc.get("tid"));
    return run;
  }

  /// Numbers that are whole are integers there too; of `hp.choice` the number is the option's
  /// place.
  private static @Nullable Object option(@Nullable Object value, @Nullable Object options) {
    var number = whole(value);
    return options instanceof List<?> list && number instanceof Long place
        ? list.get((int) (long) place)
        : number;
  }

  private static @Nullable Object whole(@Nullable Object value) {
    return value instanceof Integer integer ? (Object) integer.longValue() : value;
  }

  private static Run mlflow(Map<String, @Nullable Object> doc) {
    var run = new Run();
    var info = Origin.map(doc.get("info"));
    var data = Origin.map(doc.get("data"));
    entries(
        data.get("params"),
        entry -> run.params.put(name(entry), Run.typed(String.valueOf(entry.get("value")))));
    var last = new TreeMap<String, Long>();
    entries(
        data.get("metrics"),
        entry -> {
          long step = Objects.requireNonNullElse(Run.number(entry.get("step")), 0.0).longValue();
          if (last.merge(name(entry), step, Math::max) == step) {
            run.metrics.put(name(entry), entry.get("value"));
          }
          run.history
              .computeIfAbsent(step, _ -> new LinkedHashMap<>())
              .put(name(entry), entry.get("value"));
        });
    if (run.history.size() == 1) { // ends alone
      run.history.clear();
    }
    entries(data.get("tags"), entry -> run.attributes.put(name(entry), entry.get("value")));
    run.state = String.valueOf(info.getOrDefault("status", "finished"));
    run.startedMicros = 1000 * millis(info.get("start_time"));
    run.endedMicros = 1000 * millis(info.get("end_time"));
    run.attributes.put("run_id", info.get("run_id"));
    return run;
  }

  private static long millis(@Nullable Object value) {
    return Objects.requireNonNullElse(Run.number(value), 0.0).longValue();
  }

  private static String name(Map<String, @Nullable Object> entry) {
    return String.valueOf(entry.get("key"));
  }

  /// What is done with an entry of a list of keys and values.
  private interface Entry {
    void read(Map<String, @Nullable Object> entry);
  }

  private static void entries(@Nullable Object list, Entry entry) {
    if (list instanceof List<?> entries) {
      entries.forEach(one -> entry.read(Origin.map(one)));
    }
  }

  private static Run wandb(Map<String, @Nullable Object> doc) {
    var run = new Run();
    var config = new LinkedHashMap<String, @Nullable Object>();
    Origin.map(doc.get("config"))
        .forEach((key, value) -> {
          // Of the raw form {"value": 1, "desc": null}.
          boolean raw =
              value instanceof Map<?, ?> map && map.containsKey("value") && map.size() <= 2;
          config.put(key, raw ? Origin.map(value).get("value") : value);
        });
    config.keySet().removeIf(key -> key.startsWith("_"));
    Run.flatten("", config, run.params);
    var summary = new LinkedHashMap<String, @Nullable Object>();
    Run.flatten("", Origin.map(doc.get("summary")), summary);
    summary.forEach((key, value) -> {
      boolean metric = Run.number(value) != null && !key.startsWith("_");
      (metric ? run.metrics : run.attributes).put(key, value);
    });
    if (doc.get("history") instanceof List<?> history) {
      for (var point : history) {
        var values = Origin.map(point);
        long step = millis(values.remove("_step"));
        values.keySet().removeIf(key -> key.startsWith("_"));
        run.history.put(step, values);
      }
    }
    run.state = String.valueOf(doc.getOrDefault("state", "finished"));
    run.startedMicros = micros(doc.get("created_at"));
    var runtime = Run.number(summary.get("_runtime"));
    if (runtime != null && run.startedMicros != 0) {
      run.endedMicros = run.startedMicros + Math.round(1e6 * runtime);
    }
    doc.forEach((key, value) -> {
      if (!List.of("config", "summary", "history", "state", "created_at").contains(key)) {
        run.attributes.put(key, value);
      }
    });
    return run;
  }

  private static Run own(Map<String, @Nullable Object> doc) {
    var run = new Run();
    run.params.putAll(Origin.map(doc.get("params")));
    run.metrics.putAll(Origin.map(doc.get("values")));
    entries(
        doc.get("steps"),
        step -> run.history.put(millis(step.get("step")), Origin.map(step.get("values"))));
    run.attributes.putAll(Origin.map(doc.get("attributes")));
    run.state = String.valueOf(doc.get("state"));
    run.detail = doc.get("detail") instanceof String text ? text : "";
    run.cause = cause(doc.get("cause"));
    run.startedMicros = micros(doc.get("started"));
    var seconds = Run.number(doc.get("seconds"));
    run.endedMicros = seconds == null ? 0 : run.startedMicros + Math.round(1e6 * seconds);
    return run;
  }

  static @Nullable Cause cause(@Nullable Object word) {
    try {
      return word instanceof String text && !text.isBlank()
          ? Cause.valueOf(text.toUpperCase(Locale.ROOT))
          : null;
    } catch (IllegalArgumentException unknown) {
      return null;
    }
  }

  /// Microseconds since 1970 of a time in words or numbers of any unit; 0 where there is none.
  static long micros(@Nullable Object time) {
    if (time instanceof Number number) {
      double value = number.doubleValue();
      double unit = value > 1e17 ? 1e-3 : value > 1e14 ? 1 : value > 1e11 ? 1e3 : 1e6;
      return Math.round(value * unit);
    }
    if (!(time instanceof String text) || text.isBlank()) {
      return 0;
    }
    var iso =
        text.strip().replaceFirst("^(\\d{4}-\\d\\d-\\d\\d) ", "$1T").replaceFirst("UTC$", "Z");
    try {
      var at =
          iso.matches(".*(?:Z|[+-]\\d\\d:?\\d\\d)")
              ? OffsetDateTime.parse(iso).toInstant()
              : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
      return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    } catch (DateTimeParseException e) {
      return 0; // a time is a courtesy; the trial is worth more
    }
  }
}
