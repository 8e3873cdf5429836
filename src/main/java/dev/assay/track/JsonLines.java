package dev.assay.track;

import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A file of JSON lines, one for each event, added to at its end:
///
/// ```json
/// {"event": "start", "study": "mlp", "run": "6f1c...", "trial": 3, "params": {"lr": 0.1}, "at": "..."}
/// {"event": "report", "study": "mlp", "run": "6f1c...", "trial": 3, "step": 1, "values": {"loss": 0.4}}
/// {"event": "end", "study": "mlp", "run": "6f1c...", "trial": 3, "state": "complete", "values": {"loss": 0.3}, ...}
/// ```
///
/// `run` names the study for good: two of one name have different ones.
public final class JsonLines implements Tracker {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final Path path;
  private @Nullable Writer out;
  private @Nullable TrackedStudy study;

  public JsonLines(Path path) {
    this.path = path;
  }

  @Override
  public String place() {
    return path.toString();
  }

  @Override
  public Set<Integer> open(TrackedStudy tracked) throws IOException {
    study = tracked;
    var parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    boolean torn = false;
    var logged = new HashSet<Integer>();
    if (Files.exists(path)) {
      try (var lines = Files.newBufferedReader(path)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          note(line, tracked.id(), logged);
        }
      }
      torn = !endsWithLine();
    }
    out =
        Files.newBufferedWriter(
            path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    if (torn) { // by a process that died
      out.write('\n');
    }
    return logged;
  }

  private boolean endsWithLine() throws IOException {
    try (var channel = Files.newByteChannel(path)) {
      if (channel.size() == 0) {
        return true;
      }
      var last = java.nio.ByteBuffer.allocate(1);
      channel.position(channel.size() - 1);
      return channel.read(last) == 1 && last.get(0) == '\n';
    }
  }

  private static void note(String line, String run, Set<Integer> logged) {
    if (!line.contains("\"end\"") || !line.contains(run)) {
      return;
    }
    try {
      var json = MAPPER.readTree(line);
      if (json.path("event").asString("").equals("end")
          && json.path("run").asString("").equals(run)
          && json.path("trial").isInt()) {
        logged.add(json.path("trial").asInt());
      }
    } catch (JacksonException torn) {
      // Its trial is logged again.
    }
  }

  private Map<String, @Nullable Object> event(String event, int trial) {
    var own = Objects.requireNonNull(study);
    var line = new LinkedHashMap<String, @Nullable Object>();
    line.put("event", event);
    line.put("study", own.name());
    line.put("run", own.id());
    line.put("trial", trial);
    return line;
  }

  private void write(Map<String, @Nullable Object> event) throws IOException {
    var writer = Objects.requireNonNull(out);
    writer.write(MAPPER.writeValueAsString(event) + "\n");
    writer.flush();
  }

  @Override
  public void started(TrialRecord trial) throws IOException {
    var line = event("start", trial.number());
    line.put("params", trial.configuration().values());
    line.put("at", Instant.ofEpochMilli(trial.startedMillis()).toString());
    write(line);
  }

  @Override
  public void reported(int trial, Report report) throws IOException {
    var line = event("report", trial);
    line.put("step", report.step());
    line.put("values", values(report.values()));
    write(line);
  }

  @Override
  public void ended(TrialRecord trial) throws IOException {
    var line = event("end", trial.number());
    line.put("state", trial.state().word());
    line.put("params", trial.configuration().values());
    line.put("values", trial.values().isEmpty() ? null : values(trial.values()));
    line.put("steps", steps(trial.reports()));
    line.put("cause", trial.cause() == null ? null : trial.cause().word());
    line.put("detail", trial.detail().isEmpty() ? null : trial.detail());
    line.put("started", Instant.ofEpochMilli(trial.startedMillis()).toString());
    line.put("seconds", trial.seconds());
    line.put("attributes", trial.attributes());
    write(line);
  }

  private List<Map<String, @Nullable Object>> steps(List<Report> reports) {
    var steps = new ArrayList<Map<String, @Nullable Object>>();
    for (var report : reports) {
      var step = new LinkedHashMap<String, @Nullable Object>();
      step.put("step", report.step());
      step.put("values", values(report.values()));
      steps.add(step);
    }
    return steps;
  }

  /// By metric; null where not finite.
  private Map<String, @Nullable Double> values(List<Double> values) {
    var map = new LinkedHashMap<String, @Nullable Double>();
    var objectives = Objects.requireNonNull(study).objectives();
    for (int i = 0; i < objectives.size() && i < values.size(); i++) {
      map.put(objectives.get(i).metric(), Double.isFinite(values.get(i)) ? values.get(i) : null);
    }
    return map;
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }
}
