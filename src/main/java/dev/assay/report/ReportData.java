package dev.assay.report;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Constraint;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import dev.assay.storage.StoredStudy;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Direction;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// The one JSON document from which the page draws everything. The page's scripts read it in
/// `study.js`, which is the other half of this contract.
///
/// Trials are stored in columns, one array for each parameter and objective, because ten thousand
/// objects with twenty names each would be mostly names.
public final class ReportData {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private ReportData() {}

  /// What a page is made of.
  ///
  /// @param whole the study, of which importances and the like are calculated; one that is too
  ///   large for memory has counts of all trials and a sample of them
  /// @param page the trials that the page carries
  /// @param spent what all trials cost, plain JSON values
  public record Source(StudyView whole, StudyView page, Map<String, @Nullable Object> spent) {
    Source(StudyView whole, StudyView page) {
      this(whole, page, Spending.of(whole));
    }

    /// Of a study that is in memory.
    public static Source of(StudyView whole) {
      return new Source(whole, PageSample.of(whole));
    }

    /// Reads a stored study: of more than 50,000 trials never more than that at once.
    public static Source of(StoredStudy study) {
      return LargeStudy.of(study).source();
    }

    /// Whether what is calculated is of a sample.
    public boolean isSample() {
      return whole.trials().size() < whole.size();
    }
  }

  /// The document as text.
  ///
  /// @param written the moment that the page shows as its own
  public static String of(StudyView view, Instant written) {
    return of(Source.of(view), written);
  }

  static String of(Source source, Instant written) {
    // Side by side: neither needs the other.
    var insights = CompletableFuture.supplyAsync(() -> insights(source));
    var rest = rest(source, written);
    return joined(rest, insights.join());
  }

  /// The document with insights that may be older than the rest.
  ///
  /// @param insights what [#insights] made of the study, now or earlier
  public static String of(Source source, Instant written, String insights) {
    return joined(rest(source, written), insights);
  }

  /// What a page lacks that has an earlier document: the document without the trials that are as
  /// they were (the same objects). `trials.dropped` has the numbers of those that it no longer
  /// carries; rows in `trials` are of the trials that are here, all others of the page as it then
  /// is; a curve without points is as it was.
  ///
  /// @param before the page that it has
  /// @param insights as for [#of]; null where it has these
  public static String since(
      StudyView before, Source now, Instant written, @Nullable String insights) {
    var rest = rest(now, written, json -> writeChanges(before, now.page, json));
    return insights == null ? rest : joined(rest, insights);
  }

  private static void writeTrials(StudyView page, JsonGenerator json) {
    json.writeObjectPropertyStart("trials");
    new TrialColumns(page, page.trials(), json).write();
    json.writeEndObject();
    new Curves(page).write(json, Set.of());
  }

  private static void writeChanges(StudyView before, StudyView page, JsonGenerator json) {
    var changed =
        page.trials().stream().filter(trial -> !trial.equals(at(before, trial.number()))).toList();
    json.writeObjectPropertyStart("trials");
    json.writeArrayPropertyStart("dropped");
    for (var trial : before.trials()) {
      if (page.row(trial.number()) < 0) {
        json.writeNumber(trial.number());
      }
    }
    json.writeEndArray();
    new TrialColumns(page, changed, json).write();
    json.writeEndObject();
    new Curves(page).write(json, new Curves(before).shown());
  }

  private static @Nullable TrialRecord at(StudyView view, int number) {
    int row = view.row(number);
    return row < 0 ? null : view.trials().get(row);
  }

  /// The insights are members of an object: they are put in before the document's end.
  private static String joined(String rest, String insights) {
    return rest.substring(0, rest.length() - 1) + "," + insights.substring(1);
  }

  /// What takes longer to calculate than to write: importances and surfaces, a JSON object.
  public static String insights(Source source) {
    var out = new StringWriter();
    try (var json = MAPPER.createGenerator(out)) {
      json.writeStartObject();
      new Insights(source.whole, source.page, json).write();
      json.writeEndObject();
    }
    return out.toString();
  }

  private static String rest(Source source, Instant written) {
    return rest(source, written, json -> writeTrials(source.page, json));
  }

  /// Of a study that is too large for a page some trials, how many there are in all, and of how
  /// many importances are.
  private static String rest(Source source, Instant written, Consumer<JsonGenerator> trials) {
    var whole = source.whole;
    var view = source.page;
    var out = new StringWriter();
    try (var json = MAPPER.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringProperty("name", view.name());
      json.writeStringProperty("written", written.toString());
      json.writeName("objectives");
      json.writePOJO(
          view.objectives().stream()
              .map(o ->
                  Map.of("metric", o.metric(), "maximize", o.direction() == Direction.MAXIMIZE))
              .toList());
      writeParameters(view.space().parameters(), json);
      json.writeName("constraints");
      json.writePOJO(view.space().constraints().stream().map(Constraint::name).toList());
      json.writeName("bounds");
      json.writePOJO(view.bounds().stream().map(OutcomeConstraint::toString).toList());
      json.writeName("whole");
      json.writePOJO(view == whole ? null : counts(whole));
      trials.accept(json);
      writeResult(view, json);
      writeDecisions(whole, view, json);
      json.writeName("spent");
      json.writePOJO(source.spent);
      writeDefinition(view, json);
      json.writeEndObject();
    }
    return out.toString();
  }

  private static Map<String, Object> counts(StudyView whole) {
    var counts = new LinkedHashMap<String, Object>();
    for (var state : TrialState.values()) {
      counts.put(state.word(), whole.count(state));
    }
    long confirming =
        whole.trials().stream()
            .filter(trial -> trial.state() == TrialState.COMPLETE && Confirmation.is(trial))
            .count();
    return Map.of(
        "trials",
        whole.size(),
        "read",
        whole.trials().size(),
        "counts",
        counts,
        "completed",
        whole.count(TrialState.COMPLETE) - confirming);
  }

  private static void writeResult(StudyView view, JsonGenerator json) {
    var best = view.best();
    json.writeName("best");
    json.writePOJO(best.stream().map(trial -> view.row(trial.number())).toList());
    var chosen = view.chosen();
    json.writeName("bestParams");
    json.writePOJO(chosen.isEmpty() ? null : chosen.getFirst().configuration().values());
    json.writeArrayPropertyStart("confirmed");
    for (var confirmed : view.confirmed()) {
      json.writeStartObject();
      json.writeNumberProperty("row", view.row(confirmed.trial().number()));
      TrialColumns.writeFinite(json, "mean", confirmed.mean());
      TrialColumns.writeFinite(json, "low", confirmed.low());
      TrialColumns.writeFinite(json, "high", confirmed.high());
      json.writeName("runs");
      json.writePOJO(confirmed.runs().stream().map(run -> view.row(run.number())).toList());
      json.writeNumberProperty("failed", confirmed.failed());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeName("seconds");
    json.writePOJO(ResultDocument.seconds(view.overhead()));
    json.writeStringProperty("verdict", Figures.verdict(view.overhead()));
  }

  /// What is best for each value of what is given, of all trials.
  private static void writeDecisions(StudyView whole, StudyView view, JsonGenerator json) {
    json.writeName("given");
    json.writePOJO(whole.given());
    json.writeArrayPropertyStart("decisions");
    for (var trial : whole.decisions()) {
      var texts = new LinkedHashMap<String, String>();
      trial
          .configuration()
          .values()
          .forEach((name, value) -> texts.put(name, JsonValues.text(value)));
      json.writeStartObject();
      json.writeNumberProperty("trial", trial.number());
      json.writeName("row");
      int row = view.row(trial.number());
      json.writePOJO(row < 0 ? null : row);
      TrialColumns.writeFinite(json, "value", trial.value());
      json.writeName("params");
      json.writePOJO(texts);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeDefinition(StudyView view, JsonGenerator json) {
    var definition = new LinkedHashMap<>(view.definition().content());
    definition.remove("space");
    definition.remove("objectives");
    definition.computeIfPresent("objective", (_, objective) -> withoutSecrets(objective));
    json.writeName("definition");
    json.writePOJO(JsonValues.finite(definition));
    var facts = new LinkedHashMap<>(view.facts());
    facts.remove(StudyView.STUDY_FILE);
    facts.remove(StudyFacts.EARLIER);
    facts.remove(StudyFacts.SPACE);
    // A page is sent to others: whose directories those were is not their business.
    facts.computeIfPresent(StudyView.STUDY_PATH, (_, path) -> name(String.valueOf(path)));
    json.writeName("facts");
    json.writePOJO(JsonValues.finite(facts));
    json.writeName("studyFile");
    json.writePOJO(view.studyFile());
  }

  /// Older versions stored the values of environment variables.
  private static Object withoutSecrets(Object objective) {
    if (!(objective instanceof Map<?, ?> map && map.get("env") instanceof Map<?, ?> variables)) {
      return objective;
    }
    var names = new LinkedHashMap<Object, @Nullable Object>(variables);
    names.replaceAll((_, value) -> isPlain(value) ? "..." : value);
    var shown = new LinkedHashMap<Object, @Nullable Object>(map);
    shown.put("env", names);
    return shown;
  }

  private static boolean isPlain(@Nullable Object value) {
    return value instanceof String text && !text.matches("sha256:[0-9a-f:]+|(?:\\{[^{}]+\\})+");
  }

  private static String name(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  private static void writeParameters(List<Parameter> parameters, JsonGenerator json) {
    json.writeArrayPropertyStart("parameters");
    for (var parameter : parameters) {
      json.writeStartObject();
      json.writeStringProperty("name", parameter.name());
      switch (parameter.distribution()) {
        case FloatRange(double low, double high, boolean log, double _) ->
            writeRange(json, "float", low, high, log);
        case IntRange(long low, long high, boolean log, long _) ->
            writeRange(json, "int", low, high, log);
        case Choice(List<@Nullable Object> options, boolean ordered) -> {
          json.writeStringProperty("kind", "choice");
          json.writeName("options");
          json.writePOJO(options.stream().map(JsonValues::text).toList());
          json.writeBooleanProperty("ordered", ordered);
        }
      }
      if (!parameter.condition().isAlways()) {
        json.writeStringProperty("when", words(parameter.condition()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeRange(
      JsonGenerator json, String kind, double low, double high, boolean log) {
    json.writeStringProperty("kind", kind);
    json.writeNumberProperty("low", low);
    json.writeNumberProperty("high", high);
    json.writeBooleanProperty("log", log);
  }

  /// A condition as people say it: `optimizer is sgd or adam`.
  private static String words(Condition condition) {
    return switch (condition) {
      case Condition.In(var parent, var values) ->
          parent
              + " is "
              + values.stream().map(JsonValues::text).collect(Collectors.joining(" or "));
      case Condition.All(var parts) ->
          parts.stream().map(ReportData::words).collect(Collectors.joining(" and "));
      case Condition.Any(var parts) ->
          parts.stream().map(ReportData::words).collect(Collectors.joining(", or "));
    };
  }
}
