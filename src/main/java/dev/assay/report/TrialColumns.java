package dev.assay.report;

import dev.assay.internal.trial.FailureWords;
import dev.assay.space.FloatRange;
import dev.assay.trial.Confirmation;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// The part of the page's data that grows with the study: trials in columns, and their curves.
final class TrialColumns {
  /// Characters of failure details and of attributes that a page carries, each.
  private static final int TEXT_BUDGET = 1_200_000;

  /// The longest text that is shown whole, and what is left of one once the budget is used.
  private static final int LONGEST_TEXT = 20_000;

  private static final int SHORT_TEXT = 160;

  private final StudyView view;
  private final List<TrialRecord> trials;
  private final JsonGenerator json;

  /// @param trials the rows to write: all of the view's, or some of them
  TrialColumns(StudyView view, List<TrialRecord> trials, JsonGenerator json) {
    this.view = view;
    this.trials = trials;
    this.json = json;
  }

  /// Members of an object that has begun.
  void write() {
    json.writeArrayPropertyStart("id");
    trials.forEach(trial -> json.writeNumber(trial.number()));
    json.writeEndArray();
    writeStates();
    writeConfirmed();
    writeInfeasible();
    writeParams();
    writeValues();
    writeDeviations();
    writeTimes();
    writeFailures();
    writeAttributes();
  }

  /// One letter for each trial: w(aiting), r(unning), c(omplete), p(runed), f(ailed).
  private void writeStates() {
    var states = new StringBuilder(trials.size());
    trials.forEach(trial -> states.append(trial.state().word().charAt(0)));
    json.writeStringProperty("state", states.toString());
  }

  /// The rows of trials that confirm finalists, and the numbers of those; two empty arrays where
  /// there are none.
  private void writeConfirmed() {
    var rows =
        IntStream.range(0, trials.size())
            .filter(row -> Confirmation.is(trials.get(row)))
            .boxed()
            .toList();
    json.writeName("confirming");
    json.writePOJO(rows);
    json.writeName("confirms");
    json.writePOJO(rows.stream().map(row -> Confirmation.confirmed(trials.get(row))).toList());
  }

  /// The rows of complete trials that break bounds on outcomes, which are no best however good
  /// their values; and which of the bounds each breaks.
  private void writeInfeasible() {
    var rows =
        IntStream.range(0, trials.size())
            .filter(row -> trials.get(row).state() == TrialState.COMPLETE)
            .filter(row -> !trials.get(row).isFeasible())
            .toArray();
    json.writeName("infeasible");
    json.writePOJO(rows);
    json.writeName("breaks");
    json.writePOJO(IntStream.of(rows).mapToObj(row -> broken(trials.get(row))).toList());
  }

  private static int[] broken(TrialRecord trial) {
    var excesses = trial.constraints();
    return IntStream.range(0, excesses.size()).filter(i -> !(excesses.get(i) <= 0)).toArray();
  }

  /// Codes; null where inactive. Floats are rounded to single precision, which no eye can tell.
  private void writeParams() {
    json.writeArrayPropertyStart("params");
    var parameters = view.space().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      boolean real = parameters.get(i).distribution() instanceof FloatRange;
      json.writeStartArray();
      for (var trial : trials) {
        writeCode(trial.configuration().code(i), real);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void writeCode(double code, boolean real) {
    float rounded = (float) code;
    boolean fits = Float.isFinite(rounded) && (rounded != 0 || code == 0);
    if (Double.isNaN(code)) {
      json.writeNull();
    } else if (!real) {
      json.writeNumber((long) code);
    } else if (fits) {
      json.writeNumber(rounded);
    } else {
      json.writeNumber(code);
    }
  }

  private void writeValues() {
    json.writeArrayPropertyStart("values");
    for (int k = 0; k < view.objectives().size(); k++) {
      json.writeStartArray();
      for (var trial : trials) {
        boolean complete = trial.state() == TrialState.COMPLETE && k < trial.values().size();
        writeFinite(json, complete ? trial.values().get(k) : Double.NaN);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /// For each objective the deviations of repeats; an empty array where no trial has one.
  private void writeDeviations() {
    json.writeArrayPropertyStart("deviations");
    boolean only = view.objectives().size() == 1;
    for (var objective : view.objectives()) {
      var metric = objective.metric();
      json.writeStartArray();
      if (view.trials().stream()
          .anyMatch(trial -> Double.isFinite(Deviations.of(trial, metric, only)))) {
        trials.forEach(trial -> writeRounded(json, (float) Deviations.of(trial, metric, only)));
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void writeTimes() {
    json.writeArrayPropertyStart("seconds");
    for (var trial : trials) {
      writeRounded(json, trial.state().isFinished() ? (float) trial.seconds() : Float.NaN);
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("started");
    trials.forEach(trial -> json.writeNumber(trial.startedMillis()));
    json.writeEndArray();
    json.writeName("restarts");
    json.writePOJO(trials.stream().map(TrialRecord::restarts).toList());
  }

  static void writeFinite(JsonGenerator json, String name, double value) {
    json.writeName(name);
    writeFinite(json, value);
  }

  private static void writeFinite(JsonGenerator json, double value) {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  static void writeRounded(JsonGenerator json, float value) {
    if (Float.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  private void writeFailures() {
    json.writeArrayPropertyStart("failures");
    int left = TEXT_BUDGET;
    for (int row = 0; row < trials.size(); row++) {
      var trial = trials.get(row);
      if (trial.state() == TrialState.FAILED) {
        var first = trial.detail().lines().findFirst().orElse("");
        var detail = end(trial.detail(), left > 0 ? LONGEST_TEXT : SHORT_TEXT);
        left -= detail.length();
        json.writeStartObject();
        json.writeNumberProperty("row", row);
        json.writeStringProperty("cause", String.valueOf(TrialsDocument.word(trial.cause())));
        json.writeNumberProperty("kind", FailureWords.alike(first).hashCode());
        json.writeStringProperty("detail", detail);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  /// The last lines say why.
  private static String end(String text, int longest) {
    return text.length() <= longest ? text : "… " + text.substring(text.length() - longest);
  }

  /// Null where a trial has none, or where the budget of text is used up.
  private void writeAttributes() {
    json.writeArrayPropertyStart("attributes");
    int left = TEXT_BUDGET;
    for (var trial : trials) {
      var attributes = trial.attributes();
      var text = attributes.isEmpty() ? "" : JsonValues.text(shortened(attributes));
      left -= text.length();
      if (text.isEmpty() || left < 0) {
        json.writeNull();
      } else {
        json.writeRawValue(text);
      }
    }
    json.writeEndArray();
    json.writeBooleanProperty("attributesCut", left < 0);
  }

  private static @Nullable Object shortened(@Nullable Object value) {
    return switch (value) {
      case String text -> end(text, LONGEST_TEXT);
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>();
        list.forEach(element -> copy.add(shortened(element)));
        yield copy;
      }
      case Map<?, ?> map -> {
        var copy = new java.util.LinkedHashMap<Object, @Nullable Object>();
        map.forEach((key, element) -> copy.put(key, shortened(element)));
        yield copy;
      }
      case null, default -> value;
    };
  }
}
