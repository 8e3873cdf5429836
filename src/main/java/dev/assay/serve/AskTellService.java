package dev.assay.serve;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import dev.assay.report.ResultDocument;
import dev.assay.space.Configuration;
import dev.assay.study.Asked;
import dev.assay.study.Budget;
import dev.assay.study.Cause;
import dev.assay.study.Objective;
import dev.assay.study.Outcome;
import dev.assay.study.ParetoFront;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.study.TrialState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers requests about one study. Thread-safe; knows nothing of how requests arrive.
///
/// Whatever is wrong with a request is answered with an error, and changes nothing.
public final class AskTellService {
  private static final List<String> REQUESTS = List.of("ask", "report", "tell", "best");

  /// More at once would only be a mistake.
  private static final int MOST = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(AskTellService.class);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Study<Configuration> study;
  private final Budget budget;

  /// Whoever came first is served first, so that none of many clients starves.
  private final ReentrantLock turns = new ReentrantLock(true);

  private final HeldTrials held;

  /// A service whose clients may take as long as they like.
  public AskTellService(Study<Configuration> study, Budget budget) {
    this(study, budget, null);
  }

  /// @param lease how long a client may be silent about a trial, since it asked for it or reported
  ///   last, before somebody else gets the trial; null: for ever
  public AskTellService(Study<Configuration> study, Budget budget, @Nullable Duration lease) {
    this(study, budget, lease, System::nanoTime);
  }

  AskTellService(
      Study<Configuration> study, Budget budget, @Nullable Duration lease, LongSupplier nanoTime) {
    this.study = study;
    this.budget = budget;
    held = new HeldTrials(study, lease, nanoTime);
  }

  /// @param json one line, without its end
  /// @param error whether the request was refused
  public record Reply(String json, boolean error) {}

  /// The answer to one request: one line of JSON, without its end.
  public String answer(String request) {
    return reply(request).json();
  }

  /// The answer to one request, whatever it holds.
  public Reply reply(String request) {
    try {
      var parsed = parse(request);
      Object answer;
      turns.lock();
      try {
        held.endLeases();
        answer = dispatch(parsed);
      } finally {
        turns.unlock();
      }
      return new Reply(JSON.writeValueAsString(answer), false);
    } catch (Problem problem) {
      return new Reply(error(problem), true);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("A request could not be answered: {}", brief(request), e);
      return new Reply(
          error(
              new Problem(
                  "The service failed at this request.",
                  e.toString(),
                  "It goes on; its log says more.")),
          true);
    }
  }

  static String error(Problem problem) {
    var parts = new LinkedHashMap<String, @Nullable Object>();
    parts.put("what", problem.what());
    parts.put("value", problem.value());
    parts.put("mend", problem.mend());
    return JSON.writeValueAsString(Map.of("error", parts));
  }

  private static JsonNode parse(String request) {
    JsonNode node;
    try {
      node = JSON.readTree(request);
    } catch (JacksonException e) {
      throw new Problem(
          "The request is not valid JSON.",
          brief(request) + ": " + e.getOriginalMessage(),
          "Send one JSON object a line: {\"ask\": 1}.",
          e);
    }
    if (!node.isObject() || node.size() != 1) {
      throw new Problem(
          "A request is an object with one key.", brief(request), "Send {\"ask\": 1}.");
    }
    return node;
  }

  private Object dispatch(JsonNode request) {
    var kind = request.propertyNames().iterator().next();
    var body = request.get(kind);
    return switch (kind) {
      case "ask" -> ask(count(body, "ask"));
      case "report" -> report(body);
      case "tell" -> tell(body);
      case "best" -> best(count(body, "best"));
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

  private Object ask(int count) {
    var trials = new ArrayList<Map<String, @Nullable Object>>();
    while (trials.size() < count
        && study.tryAsk(budget) instanceof Asked.Ready<Configuration>(var trial)) {
      held.add(trial);
      var entry = new LinkedHashMap<String, @Nullable Object>();
      entry.put("id", trial.number());
      entry.put("params", trial.parameters().values());
      trials.add(entry);
    }
    return Map.of("trials", trials);
  }

  private Object report(JsonNode body) {
    fields(body, List.of("id", "step", "values"));
    var trial = trial(body);
    var step = body.path("step");
    if (!step.isIntegralNumber() || !step.canConvertToLong()) {
      throw new Problem("A step is a whole number.", brief(body.toString()), "Send \"step\": 1.");
    }
    return Map.of("prune", trial.report(step.longValue(), values(body)).prune());
  }

  private Object tell(JsonNode body) {
    fields(body, List.of("id", "values", "failed", "pruned"));
    var trial = trial(body);
    if (body.size() != 2) {
      throw new Problem(
          "A trial is told with one of values, failed and pruned.",
          brief(body.toString()),
          "Send {\"tell\": {\"id\": 0, \"values\": {...}}}.");
    }
    study.tell(trial, outcome(trial, body));
    held.remove(trial);
    return Map.of("ok", true);
  }

  private Outcome outcome(Trial<Configuration> trial, JsonNode body) {
    if (body.has("failed")) {
      if (!body.get("failed").isString()) {
        throw new Problem(
            "A cause is a text.", brief(body.toString()), "Send \"failed\": \"why\".");
      }
      return Outcome.failed(Cause.REPORTED, body.get("failed").asString());
    }
    if (body.has("pruned")) {
      if (!body.get("pruned").isBoolean() || !body.get("pruned").asBoolean()) {
        throw new Problem("pruned is true or absent.", brief(body.toString()), "Send true.");
      }
      return Outcome.pruned();
    }
    var values = values(body);
    var bounded = new LinkedHashMap<String, Double>();
    for (var metric : bounded()) {
      bounded.put(metric, value(body, metric));
    }
    bounded.forEach(trial::attribute);
    return Outcome.complete(values);
  }

  /// The metrics that outcome constraints bound and that are no objectives.
  private Set<String> bounded() {
    var bounded = new LinkedHashSet<String>();
    study.constraints().forEach(constraint -> bounded.add(constraint.metric()));
    study.objectives().forEach(objective -> bounded.remove(objective.metric()));
    return bounded;
  }

  private Object best(int count) {
    var objectives = study.objectives();
    var best = study.best();
    if (objectives.size() == 1) {
      best =
          study.trials().stream()
              .filter(trial -> trial.state() == TrialState.COMPLETE)
              .sorted(ParetoFront.bestFirst(objectives.getFirst()))
              .toList();
    }
    return Map.of("trials", ResultDocument.trials(best.stream().limit(count).toList(), objectives));
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

  private Trial<Configuration> trial(JsonNode body) {
    var id = body.path("id");
    if (!id.isIntegralNumber() || !id.canConvertToInt()) {
      throw new Problem(
          "A trial's id is a whole number.", brief(body.toString()), "Send \"id\": 0.");
    }
    var trial = held.find(id.intValue());
    if (trial == null) {
      throw new Problem(
          "No trial of that id is running.",
          "id " + id.intValue(),
          "Tell each trial once; ask for a new one.");
    }
    return trial;
  }

  /// One value for each objective; those of bounded metrics may stand beside them.
  private double[] values(JsonNode body) {
    var metrics = study.objectives().stream().map(Objective::metric).toList();
    var known = new LinkedHashSet<>(metrics);
    known.addAll(bounded());
    var values = body.path("values");
    if (!values.isObject()
        || !known.containsAll(values.propertyNames())
        || !values.propertyNames().containsAll(metrics)) {
      throw new Problem(
          "One value for each objective is expected.",
          brief(body.toString()),
          "Send values for " + String.join(", ", known) + ".");
    }
    return metrics.stream().mapToDouble(metric -> value(body, metric)).toArray();
  }

  private static double value(JsonNode body, String metric) {
    var value = body.path("values").path(metric);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw new Problem(
          "A value is a finite JSON number.",
          brief(body.toString()),
          "Send a number for " + metric + "; tell a trial without one as failed.");
    }
    return value.doubleValue();
  }

  private static String brief(String text) {
    return text.length() <= 200 ? text : text.substring(0, 197) + "...";
  }
}
