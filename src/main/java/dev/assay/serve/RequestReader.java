package dev.assay.serve;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import dev.assay.study.Cause;
import dev.assay.study.Objective;
import dev.assay.study.Outcome;
import dev.assay.study.Study;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private static final List<String> REQUESTS = List.of("ask", "report", "tell", "best");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private final List<String> objectives;
  private final Set<String> bounded = new LinkedHashSet<>();

  RequestReader(Study<?> study) {
    objectives = study.objectives().stream().map(Objective::metric).toList();
    study.constraints().forEach(constraint -> bounded.add(constraint.metric()));
    objectives.forEach(bounded::remove);
  }

  /// @throws Problem for whatever is no request
  AskTellRequest read(String text) {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new Problem(
          "The request is not valid JSON.",
          brief(text) + ": " + e.getOriginalMessage(),
          "Send one JSON object a line: {\"ask\": 1}.",
          e);
    }
    if (!node.isObject() || node.size() != 1) {
      throw new Problem("A request is an object with one key.", brief(text), "Send {\"ask\": 1}.");
    }
    var kind = node.propertyNames().iterator().next();
    var body = node.get(kind);
    return switch (kind) {
      case "ask" -> new AskTellRequest.Ask(count(body, kind));
      case "best" -> new AskTellRequest.Best(count(body, kind));
      case "report" -> report(body);
      case "tell" -> tell(body);
      default ->
          throw new Problem(
              "There is no such request.", brief(kind), Nearest.suggest(kind, REQUESTS));
    };
  }

  private static int count(JsonNode node, String key) {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < 1
        || node.intValue() > MOST) {
      throw new Problem(
          "A count is a whole number of at least 1.",
          key + ": " + brief(node.toString()),
          "Send one from 1 to " + MOST + ".");
    }
    return node.intValue();
  }

  private AskTellRequest report(JsonNode body) {
    fields(body, List.of("id", "step", "values"));
    int id = id(body);
    var step = body.path("step");
    if (!step.isIntegralNumber() || !step.canConvertToLong()) {
      throw new Problem("A step is a whole number.", brief(body.toString()), "Send \"step\": 1.");
    }
    return new AskTellRequest.Report(id, step.longValue(), values(body));
  }

  private AskTellRequest tell(JsonNode body) {
    fields(body, List.of("id", "values", "failed", "pruned"));
    int id = id(body);
    if (body.size() != 2) {
      throw new Problem(
          "A trial is told with one of values, failed and pruned.",
          brief(body.toString()),
          "Send {\"tell\": {\"id\": 0, \"values\": {...}}}.");
    }
    if (body.has("failed")) {
      if (!body.get("failed").isString()) {
        throw new Problem(
            "A cause is a text.", brief(body.toString()), "Send \"failed\": \"why\".");
      }
      var why = body.get("failed").asString();
      return new AskTellRequest.Tell(id, Outcome.failed(Cause.REPORTED, why), Map.of());
    }
    if (body.has("pruned")) {
      if (!body.get("pruned").isBoolean() || !body.get("pruned").asBoolean()) {
        throw new Problem("pruned is true or absent.", brief(body.toString()), "Send true.");
      }
      return new AskTellRequest.Tell(id, Outcome.pruned(), Map.of());
    }
    var values = values(body);
    var besides = new LinkedHashMap<String, Double>();
    bounded.forEach(metric -> besides.put(metric, value(body, metric)));
    return new AskTellRequest.Tell(id, Outcome.complete(values), besides);
  }

  private static void fields(JsonNode body, List<String> known) {
    if (!body.isObject()) {
      throw new Problem(
          "An object is expected here.", brief(body.toString()), "Send {\"id\": 0, ...}.");
    }
    for (var name : body.propertyNames()) {
      if (!known.contains(name)) {
        throw new Problem(
            "There is no such key.", brief(name), Nearest.suggest(brief(name), known));
      }
    }
  }

  private static int id(JsonNode body) {
    var id = body.path("id");
    if (!id.isIntegralNumber() || !id.canConvertToInt()) {
      throw new Problem(
          "A trial's id is a whole number.", brief(body.toString()), "Send \"id\": 0.");
    }
    return id.intValue();
  }

  /// One value for each objective; those of bounded metrics may stand beside them.
  private double[] values(JsonNode body) {
    var known = new LinkedHashSet<>(objectives);
    known.addAll(bounded);
    var values = body.path("values");
    if (!values.isObject()
        || !known.containsAll(values.propertyNames())
        || !values.propertyNames().containsAll(objectives)) {
      throw new Problem(
          "One value for each objective is expected.",
          brief(body.toString()),
          "Send values for " + String.join(", ", known) + ".");
    }
    return objectives.stream().mapToDouble(metric -> value(body, metric)).toArray();
  }

  private static double value(JsonNode body, String metric) {
    var value = body.path("values").path(metric);
    if (!value.isNumber()) {
      throw new Problem(
          "A value is a JSON number.",
          brief(body.toString()),
          "Send a number for "
              + metric
              + ", NaN where it diverged; or tell the trial with \"failed\": \"why\".");
    }
    return value.doubleValue();
  }

  static String brief(String text) {
    return text.length() <= 200 ? text : text.substring(0, 197) + "...";
  }
}
