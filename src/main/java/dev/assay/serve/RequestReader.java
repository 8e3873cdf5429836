package dev.assay.serve;

import dev.assay.internal.words.Nearest;
import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import dev.assay.spec.AskedParameters;
import dev.assay.study.Study;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads requests about one study. What is wrong with one is found here, before anything is done.
///
/// JSON as RFC 8259 has it, and beyond that `NaN`, `Infinity` and `-Infinity`, which many writers
/// of JSON make of such numbers.
final class RequestReader {
  /// More at once would only be a mistake.
  static final int MOST = 100_000;

  /// In the order in which they are explained.
  static final List<String> REQUESTS =
      List.of(
          "hello", "study", "ask", "suggest", "report", "tell", "enqueue", "cancel", "best",
          "trials");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private static final List<String> ENDS = List.of("values", "failed", "pruned");

  private final List<String> objectives;
  private final Set<String> bounded = new LinkedHashSet<>();

  RequestReader(Study<?> study) {
    objectives = study.objectives().stream().map(Objective::metric).toList();
    study.constraints().forEach(constraint -> bounded.add(constraint.metric()));
    objectives.forEach(bounded::remove);
  }

  /// What a line or a body holds: a request, or a list of them.
  ///
  /// @throws Problem for whatever is neither
  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new Problem(
          "The request is not valid JSON.",
          RequestBody.brief(text) + ": " + Spoken.ofParser(e.getOriginalMessage()),
          "Send one JSON object a line: {\"ask\": 1}; a value that is no number is written NaN.",
          e);
    }
  }

  /// Whether it is several requests in one.
  static boolean isList(JsonNode node) {
    return node.isArray() && !node.isEmpty() && node.valueStream().allMatch(JsonNode::isObject);
  }

  /// What a request asks for: its key.
  ///
  /// @throws Problem for what is no request
  static String kind(JsonNode node) {
    if (!node.isObject() || node.size() != 1) {
      throw new Problem(
          "A request is an object with one key.",
          RequestBody.brief(node.toString()),
          "Send {\"ask\": 1}.");
    }
    return node.propertyNames().iterator().next();
  }

  /// @throws Problem for whatever is no request about an open study
  AskTellRequest read(JsonNode node) {
    var kind = kind(node);
    var body = node.get(kind);
    return switch (kind) {
      case "hello" -> new AskTellRequest.Hello();
      case "ask" -> ask(body);
      case "best" -> new AskTellRequest.Best(RequestBody.whole(body, kind, 1, MOST));
      case "trials" -> trials(body);
      case "suggest" -> suggest(new RequestBody(body).only(List.of("id", "params")));
      case "report" -> report(new RequestBody(body));
      case "tell" -> tell(new RequestBody(body));
      case "enqueue" ->
          new AskTellRequest.Enqueue(
              required(new RequestBody(body).only(List.of("params")), "params").map("params"));
      case "cancel" -> new AskTellRequest.Cancel(new RequestBody(body).only(List.of("id")).id());
      case "study" ->
          throw new Problem(
              "The study that is served here is settled.",
              RequestBody.brief(body.toString()),
              "Start assay serve without a file to name the study in a request.");
      case String other -> throw unknown(other);
    };
  }

  static Problem unknown(String kind) {
    return new Problem(
        "There is no such request.", RequestBody.brief(kind), Nearest.suggest(kind, REQUESTS));
  }

  private static RequestBody required(RequestBody body, String key) {
    if (!body.has(key)) {
      throw new Problem("A key is missing.", key + " in " + body.brief(), "Send it.");
    }
    return body;
  }

  private static AskTellRequest ask(JsonNode node) {
    if (!node.isObject()) {
      return new AskTellRequest.Ask(RequestBody.whole(node, "ask", 1, MOST), null, Map.of(), false);
    }
    var body = new RequestBody(node).only(List.of("count", "until", "params"));
    var until = body.has("until") ? body.whole("until", 1, Integer.MAX_VALUE, 1) : null;
    return new AskTellRequest.Ask(body.whole("count", 1, MOST, 1), until, body.map("params"), true);
  }

  private static AskTellRequest suggest(RequestBody body) {
    int id = body.id();
    var params = required(body, "params").node().get("params");
    return new AskTellRequest.Suggest(id, AskedParameters.read(params.toString()));
  }

  private static AskTellRequest trials(JsonNode node) {
    var body = new RequestBody(node).only(List.of("since", "count"));
    return new AskTellRequest.Trials(
        body.whole("since", 0, Integer.MAX_VALUE, 0), body.whole("count", 1, MOST, MOST));
  }

  private AskTellRequest report(RequestBody body) {
    body.only(List.of("id", "step", "values", "metrics", "attributes"));
    return new AskTellRequest.Report(
        body.id(), new AskTellRequest.Step(body.step(), values(body)), attributes(body));
  }

  private AskTellRequest tell(RequestBody body) {
    boolean own = body.has("params");
    body.only(
        own
            ? List.of("params", "steps", "values", "failed", "pruned", "metrics", "attributes")
            : List.of("id", "values", "failed", "pruned", "metrics", "attributes"));
    int id = own ? -1 : body.id();
    if (ENDS.stream().filter(body::has).count() != 1) {
      throw new Problem(
          "A trial is told with one of values, failed and pruned.",
          body.brief(),
          "Send {\"tell\": {\"id\": 0, \"values\": {...}}}.");
    }
    var attributes = attributes(body);
    var outcome = outcome(body, attributes);
    if (!own) {
      return new AskTellRequest.Tell(id, outcome, attributes);
    }
    return new AskTellRequest.TellOwn(body.map("params"), steps(body), outcome, attributes);
  }

  private List<AskTellRequest.Step> steps(RequestBody body) {
    var steps = new ArrayList<AskTellRequest.Step>();
    for (var step : body.list("steps")) {
      var read = new AskTellRequest.Step(step.only(List.of("step", "values")).step(), values(step));
      if (!steps.isEmpty() && steps.getLast().step() >= read.step()) {
        throw new Problem(
            "The steps of a trial must ascend.",
            "step " + read.step() + " after step " + steps.getLast().step(),
            "Send each step once, in order.");
      }
      steps.add(read);
    }
    return steps;
  }

  private Outcome outcome(RequestBody body, Map<String, @Nullable Object> attributes) {
    if (body.has("failed")) {
      if (!body.node().get("failed").isString()) {
        throw new Problem("A cause is a text.", body.brief(), "Send \"failed\": \"why\".");
      }
      return Outcome.failed(Cause.REPORTED, body.node().get("failed").asString());
    }
    if (body.has("pruned")) {
      var pruned = body.node().get("pruned");
      if (!pruned.isBoolean() || !pruned.asBoolean()) {
        throw new Problem("pruned is true or absent.", body.brief(), "Send true.");
      }
      return Outcome.pruned();
    }
    var values = values(body);
    for (var metric : bounded) {
      boolean besides = body.node().path("metrics").has(metric);
      if (!besides || body.node().path("values").has(metric)) {
        attributes.put(metric, value(body, metric));
      }
    }
    return Outcome.complete(values);
  }

  /// What is kept with the trial: its attributes, and under a name of their own its metrics.
  private static Map<String, @Nullable Object> attributes(RequestBody body) {
    var attributes = body.map("attributes");
    if (body.has("metrics")) {
      var metrics = new LinkedHashMap<String, @Nullable Object>();
      body.map("metrics")
          .forEach((name, value) -> {
            if (!(value instanceof Number number)) {
              throw new Problem(
                  "A metric is a JSON number.", name + " in " + body.brief(), "Send a number.");
            }
            metrics.put(name, number.doubleValue());
          });
      attributes.put(TrialRecord.METRICS, metrics);
    }
    return attributes;
  }

  /// One value for each objective; those of bounded metrics may stand beside them.
  private double[] values(RequestBody body) {
    var known = new LinkedHashSet<>(objectives);
    known.addAll(bounded);
    var values = body.node().path("values");
    if (!values.isObject()
        || !known.containsAll(values.propertyNames())
        || !values.propertyNames().containsAll(objectives)) {
      throw new Problem(
          "One value for each objective is expected.",
          body.brief(),
          "Send values for " + String.join(", ", known) + "; others beside them in \"metrics\".");
    }
    return objectives.stream().mapToDouble(metric -> value(body, metric)).toArray();
  }

  private static double value(RequestBody body, String metric) {
    var value = body.node().path("values").path(metric);
    if (!value.isNumber()) {
      throw new Problem(
          "A value is a JSON number.",
          body.brief(),
          "Send a number for "
              + metric
              + ", NaN where it diverged; or tell the trial with \"failed\": \"why\".");
    }
    return value.doubleValue();
  }
}
