package dev.assay.exchange;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Reads the directory in which Ray Tune keeps an experiment: one for each trial, with
/// `params.json`, the results so far in `result.json`, a line each, and `error.txt` where it
/// failed.
final class RayResults {
  private static final String RESULTS = "result.json";
  private static final String PARAMS = "params.json";
  private static final int LONGEST_ERROR = 4000;

  private final Source source;
  private final List<String> remarks = new ArrayList<>();

  private RayResults(Source source) {
    this.source = source;
  }

  static ForeignStudy read(Path directory, Source source) throws IOException {
    return new RayResults(source).study(directory);
  }

  private ForeignStudy study(Path directory) throws IOException {
    var trials = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (var entry : entries) {
        if (Files.exists(entry.resolve(RESULTS)) || Files.exists(entry.resolve(PARAMS))) {
          trials.add(entry);
        }
      }
    }
    if (trials.isEmpty()) {
      throw new Problem(
          "There are no trials of Ray Tune in the directory.",
          directory + ": no directory with params.json or result.json in it",
          "Name the experiment's own directory: ~/ray_results/EXPERIMENT.");
    }
    trials.sort(null);
    var runs = new ArrayList<Run>();
    for (var trial : trials) {
      runs.add(run(trial));
    }
    // As they began: the names of the directories need not sort so.
    runs.sort(java.util.Comparator.comparingLong(run -> run.startedMicros));
    var name = directory.toAbsolutePath().normalize().getFileName();
    return Runs.study("ray", String.valueOf(name), runs, source, null, remarks);
  }

  private Run run(Path directory) throws IOException {
    var run = new Run();
    var params = directory.resolve(PARAMS);
    if (Files.exists(params)) {
      Run.flatten("", json(params, Files.readString(params)), run.params);
    }
    var last = results(directory.resolve(RESULTS), run);
    if (run.params.isEmpty()) {
      Run.flatten("", Origin.map(last.get("config")), run.params);
    }
    last.remove("config");
    var flat = new LinkedHashMap<String, @Nullable Object>();
    Run.flatten("", last, flat);
    flat.forEach(
        (key, value) -> (value instanceof Number ? run.metrics : run.attributes).put(key, value));
    var error = directory.resolve("error.txt");
    if (Files.exists(error)) {
      var text = Files.readString(error).strip();
      run.state = "failed";
      run.detail = text.substring(Math.max(0, text.length() - LONGEST_ERROR));
    } else {
      run.state = Boolean.TRUE.equals(last.get("done")) ? "complete" : "running";
    }
    run.attributes.put("directory", String.valueOf(directory.getFileName()));
    return run;
  }

  /// @return the last result
  private Map<String, @Nullable Object> results(Path file, Run run) throws IOException {
    Map<String, @Nullable Object> last = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return last;
    }
    try (var lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long step = 0;
      boolean torn = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isBlank()) {
          continue;
        }
        if (torn) {
          throw unreadable(file, "a line is no JSON", null);
        }
        step++;
        Map<String, @Nullable Object> result;
        try {
          result = Origin.map(ForeignJson.read(line));
        } catch (JacksonException e) {
          torn = true;
          remarks.add(file + ": its last line is cut off.");
          continue;
        }
        var said = Run.number(result.get("training_iteration"));
        step = said == null ? step : said.longValue();
        point(result, step, run);
        last = result;
      }
    }
    return last;
  }

  private static void point(Map<String, @Nullable Object> result, long step, Run run) {
    var point = new LinkedHashMap<String, @Nullable Object>();
    Run.flatten("", result, point);
    point
        .keySet()
        .removeIf(key -> key.startsWith("config/") || !(point.get(key) instanceof Number));
    run.history.put(step, point);
    double at = Objects.requireNonNullElse(Run.number(result.get("timestamp")), 0.0);
    double total = Objects.requireNonNullElse(Run.number(result.get("time_total_s")), 0.0);
    if (at > 0) {
      run.endedMicros = Math.round(1e6 * at);
      run.startedMicros =
          run.startedMicros == 0 ? Math.round(1e6 * (at - total)) : run.startedMicros;
    }
  }

  private static Map<String, @Nullable Object> json(Path file, String text) {
    try {
      return Origin.map(ForeignJson.read(text));
    } catch (JacksonException e) {
      throw unreadable(file, Spoken.ofParser(e.getOriginalMessage()), e);
    }
  }

  private static Problem unreadable(Path file, String why, @Nullable Exception cause) {
    return new Problem(
        "A file of Ray Tune's cannot be read.",
        file + ": " + why,
        "Mend or remove it; the other trials are readable without.",
        cause);
  }
}
