package dev.assay.track;

import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An MLflow tracking server: an experiment of the study's name, a run for each trial. Spoken to by
/// its REST API, <https://mlflow.org/docs/latest/rest-api.html>.
public final class Mlflow implements Tracker {
  /// What one call of `runs/log-batch` may carry.
  private static final int MOST_METRICS = 1000;

  private static final int MOST_PARAMS = 100;

  /// A page of runs with all their parameters and tags has to be an answer of bounded size.
  private static final int RUNS_OF_A_PAGE = 200;

  private static final int LONGEST_PARAM = 500;
  private static final int LONGEST_NAME = 250;
  private static final int LONGEST_TAG = 5000;

  private static final String STUDY = "assay.study";
  private static final String TRIAL = "assay.trial";
  private static final String STATE = "assay.state";

  private final RestCalls server;
  private final String uri;
  private @Nullable TrackedStudy study;
  private String experiment = "";
  private final Map<Integer, String> runs = new HashMap<>();
  private final Map<Integer, Set<Long>> steps = new HashMap<>();

  /// @param uri `http://HOST:PORT`
  public Mlflow(String uri) {
    this(uri, new RestCalls(uri + "/api/2.0/mlflow/", authorization(System.getenv())));
  }

  Mlflow(String uri, RestCalls server) {
    this.uri = uri;
    this.server = server;
  }

  /// As MLflow's own client has it: of a token, or a user's name and password.
  static String authorization(Map<String, String> environment) {
    var token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
    var user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
    if (!token.isBlank()) {
      return "Bearer " + token.strip();
    }
    var pair = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
    return user.isBlank()
        ? ""
        : "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String place() {
    return uri;
  }

  @Override
  public Set<Integer> open(TrackedStudy tracked) throws IOException {
    study = tracked;
    experiment = experiment(name(tracked.name()));
    var logged = new HashSet<Integer>();
    @Nullable String page = null;
    do {
      var query = new LinkedHashMap<String, @Nullable Object>();
      query.put("experiment_ids", List.of(experiment));
      query.put("filter", "tags.`" + STUDY + "` = '" + tracked.id() + "'");
      query.put("max_results", RUNS_OF_A_PAGE);
      if (page != null) {
        query.put("page_token", page);
      }
      var answer = server.post("runs/search", query);
      answer.path("runs").forEach(run -> note(run, logged));
      page = answer.path("next_page_token").asString("");
    } while (!page.isEmpty());
    return logged;
  }

  private void note(JsonNode run, Set<Integer> logged) {
    int trial = -1;
    boolean ended = false;
    for (var tag : run.path("data").path("tags")) {
      var value = tag.path("value").asString("");
      if (tag.path("key").asString("").equals(TRIAL) && value.matches("[0-9]{1,9}")) {
        trial = Integer.parseInt(value);
      }
      ended |= tag.path("key").asString("").equals(STATE);
    }
    if (trial >= 0 && ended) {
      logged.add(trial);
    } else if (trial >= 0) { // begun by a process that died: gone on with
      runs.put(trial, run.path("info").path("run_id").asString(""));
    }
  }

  private String experiment(String name) throws IOException {
    var found = server.getOrNull("experiments/get-by-name", Map.of("experiment_name", name));
    if (found != null) {
      return found.path("experiment").path("experiment_id").asString("");
    }
    return server
        .post("experiments/create", Map.of("name", name))
        .path("experiment_id")
        .asString("");
  }

  @Override
  public void started(TrialRecord trial) throws IOException {
    var id = Objects.requireNonNull(study).id();
    steps.put(trial.number(), new HashSet<>());
    var runId = runs.get(trial.number());
    if (runId == null) {
      runId = create(trial, id);
      runs.put(trial.number(), runId);
    }
    var params = new ArrayList<Map<String, @Nullable Object>>();
    trial
        .configuration()
        .values()
        .forEach((name, value) -> params.add(tag(name(name), clipped(text(value), LONGEST_PARAM))));
    for (int i = 0; i < params.size(); i += MOST_PARAMS) {
      batch(runId, "params", params.subList(i, Math.min(params.size(), i + MOST_PARAMS)));
    }
  }

  private String create(TrialRecord trial, String id) throws IOException {
    var run = new LinkedHashMap<String, @Nullable Object>();
    run.put("experiment_id", experiment);
    run.put("run_name", "trial " + trial.number());
    run.put("start_time", trial.startedMillis());
    run.put("tags", List.of(tag(STUDY, id), tag(TRIAL, Integer.toString(trial.number()))));
    var answer = server.post("runs/create", run);
    var runId = answer.path("run").path("info").path("run_id").asString("");
    if (runId.isEmpty()) {
      throw new IOException("the server created a run without an id: " + answer);
    }
    return runId;
  }

  private static Map<String, @Nullable Object> tag(String key, String value) {
    return Map.of("key", key, "value", value);
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text ? text : JsonMapper.shared().writeValueAsString(value);
  }

  private static String clipped(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 3) + "...";
  }

  /// A name as MLflow allows it: letters, digits and `_-./ :`; others are written in percent's
  /// place with underscores.
  static String name(String name) {
    var allowed = new StringBuilder();
    name.codePoints()
        .forEach(c -> {
          boolean plain =
              c >= 'a' && c <= 'z'
                  || c >= 'A' && c <= 'Z'
                  || c >= '0' && c <= '9'
                  || "_-./ :".indexOf(c) >= 0;
          allowed.append(plain ? Character.toString(c) : "_%x_".formatted(c));
        });
    // A path that is none, or another one when it is made canonical, is refused there.
    var own = allowed.toString().replaceAll("^[/.]+|/+$|//+|\\.\\.", "_");
    return clipped(own.isBlank() ? "_" : own, LONGEST_NAME);
  }

  private void batch(String run, String kind, List<Map<String, @Nullable Object>> entries)
      throws IOException {
    if (!entries.isEmpty()) {
      var _ = server.post("runs/log-batch", Map.of("run_id", run, kind, entries));
    }
  }

  @Override
  public void reported(int trial, Report report) throws IOException {
    var run = runs.get(trial);
    if (run != null) {
      var metrics = new ArrayList<Map<String, @Nullable Object>>();
      add(metrics, trial, report, System.currentTimeMillis());
      batch(run, "metrics", metrics);
      written(trial, List.of(report));
    }
  }

  private void written(int trial, List<Report> reports) {
    var own = steps.computeIfAbsent(trial, _ -> new HashSet<>());
    reports.forEach(report -> own.add(report.step()));
  }

  private void add(
      List<Map<String, @Nullable Object>> metrics, int trial, Report report, long millis) {
    if (!steps.getOrDefault(trial, Set.of()).contains(report.step())) {
      values(metrics, report.values(), report.step(), millis);
    }
  }

  private void values(
      List<Map<String, @Nullable Object>> metrics, List<Double> values, long step, long millis) {
    var objectives = Objects.requireNonNull(study).objectives();
    for (int i = 0; i < values.size() && i < objectives.size(); i++) {
      double value = values.get(i);
      // As JSON writes such numbers of a message.
      Object word =
          Double.isNaN(value)
              ? "NaN"
              : Double.isInfinite(value) ? value > 0 ? "Infinity" : "-Infinity" : (Object) value;
      metrics.add(
          Map.of(
              "key",
              name(objectives.get(i).metric()),
              "value",
              word,
              "timestamp",
              millis,
              "step",
              step));
    }
  }

  @Override
  public void ended(TrialRecord trial) throws IOException {
    if (!runs.containsKey(trial.number())) {
      started(trial);
    }
    var run = Objects.requireNonNull(runs.get(trial.number()));
    long end = trial.startedMillis() + Math.round(1000 * trial.seconds());
    var metrics = new ArrayList<Map<String, @Nullable Object>>();
    long last = 0;
    for (var report : trial.reports()) {
      add(metrics, trial.number(), report, end);
      last = report.step() + 1;
    }
    values(metrics, trial.values(), last, end);
    for (int i = 0; i < metrics.size(); i += MOST_METRICS) {
      batch(run, "metrics", metrics.subList(i, Math.min(metrics.size(), i + MOST_METRICS)));
    }
    written(trial.number(), trial.reports());
    var status =
        switch (trial.state()) {
          case COMPLETE -> "FINISHED";
          case PRUNED -> "KILLED";
          case WAITING, RUNNING, FAILED, DISCARDED -> "FAILED";
        };
    var _ = server.post("runs/update", Map.of("run_id", run, "status", status, "end_time", end));
    tags(run, trial); // last: who goes on takes what has a state for logged
    runs.remove(trial.number());
    steps.remove(trial.number());
  }

  private void tags(String run, TrialRecord trial) throws IOException {
    var tags = new ArrayList<Map<String, @Nullable Object>>();
    trial
        .attributes()
        .forEach((key, value) -> tags.add(tag(name(key), clipped(text(value), LONGEST_TAG))));
    var cause = trial.cause();
    if (cause != null) {
      tags.add(tag("assay.cause", cause.word()));
      tags.add(tag("assay.detail", clipped(trial.detail(), LONGEST_TAG)));
    }
    tags.add(tag(STATE, trial.state().word()));
    for (int i = 0; i < tags.size(); i += MOST_PARAMS) {
      batch(run, "tags", tags.subList(i, Math.min(tags.size(), i + MOST_PARAMS)));
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
