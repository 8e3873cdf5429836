package dev.assay.report;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.internal.words.Written;
import dev.assay.run.control.Standing;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a study is, for a person or a program that asks: its parameters, what searches and what is
/// searched for, where it is, and who runs it.
public final class StudySheet {
  /// What studies are trained in that do not say it.
  private static final String USUAL_PRECISION = "fp32";

  private StudySheet() {}

  /// As text.
  ///
  /// @param place its storage, as a URL
  /// @param state of those who run it; null: nobody does
  /// @param width the terminal's columns
  public static List<String> lines(
      StudyView view, String place, @Nullable String state, int width) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("study", view.name()));
    add(rows, "note", Notes.ofStudy(view.facts()));
    rows.add(List.of("storage", place));
    add(rows, "study file", view.facts().get(StudyView.STUDY_PATH));
    rows.add(List.of("state", state == null ? "not running" : state));
    var objectives =
        view.objectives().stream()
            .map(o -> o.direction().name().toLowerCase(java.util.Locale.ROOT) + " " + o.metric())
            .collect(Collectors.joining(", "));
    rows.add(List.of("goal", objectives));
    add(rows, "precision", precision(view));
    view.definition()
        .content()
        .forEach((key, value) -> {
          if (!key.equals("space") && !key.equals("objectives")) {
            add(rows, key, named(value));
          }
        });
    var lines = new ArrayList<>(lines(rows, "<<", width));
    lines.add("");
    lines.addAll(lines(parameters(view), "<<", width));
    Notes.ofTrials(view.facts())
        .forEach((trial, note) ->
            lines.add(Columns.cut(Columns.oneLine("Trial " + trial + ": " + note), width)));
    return lines;
  }

  /// What built-in models were trained in, as study files have it; null: the study trains none.
  public static @Nullable String precision(StudyView view) {
    if (!(view.definition().content().get("objective") instanceof Map<?, ?> objective)
        || !objective.containsKey("train")) {
      return null;
    }
    return objective.get("precision") instanceof String key ? key : USUAL_PRECISION;
  }

  /// The same for the end of a search, where it is not what studies are unasked.
  public static List<String> trainedIn(StudyView view) {
    var key = precision(view);
    return key == null || key.equals(USUAL_PRECISION)
        ? List.of()
        : List.of("Trained with precision: " + key + ".");
  }

  /// One trial as text: everything that is known of it.
  public static List<String> lines(StudyView view, TrialRecord trial, int width) {
    var rows = new ArrayList<List<String>>();
    TrialsDocument.of(trial, view.objectives())
        .forEach((key, value) -> {
          if (value instanceof Map<?, ?> map) {
            map.forEach((name, one) -> add(rows, key + "." + name, one));
          } else if (key.equals("steps")) {
            add(rows, "reports", trial.reports().isEmpty() ? null : trial.reports().size());
          } else {
            add(rows, key, value);
          }
        });
    add(rows, "note", Notes.ofTrial(view.facts(), trial.number()));
    return lines(rows, "<<", width);
  }

  private static List<List<String>> parameters(StudyView view) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("parameter", "values"));
    if (SpaceDescription.of(view.space()).get("parameters") instanceof Map<?, ?> parameters) {
      parameters.forEach((name, fields) -> add(rows, String.valueOf(name), brief(fields)));
    }
    view.space().constraints().forEach(c -> rows.add(List.of("constraint", c.name())));
    return rows;
  }

  /// Without what says nothing: `log: false`, `step: 0`.
  private static @Nullable Object brief(@Nullable Object fields) {
    if (!(fields instanceof Map<?, ?> map)) {
      return fields;
    }
    var kept = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, value) -> {
      boolean idle =
          Boolean.FALSE.equals(value)
              || "step".equals(key) && value instanceof Number n && n.doubleValue() == 0;
      if (!idle) {
        kept.put(String.valueOf(key), value);
      }
    });
    return kept;
  }

  /// A sampler or a pruner as a study file has it: `gp`, or `gp: {kernel: rbf}`.
  private static @Nullable Object named(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)
        || !(map.get("name") instanceof String name)
        || !(map.get("settings") instanceof Map<?, ?> settings)) {
      return value;
    }
    return settings.isEmpty() ? name : name + ": " + Written.of(settings);
  }

  private static void add(List<List<String>> rows, String key, @Nullable Object value) {
    if (value != null) {
      rows.add(List.of(key, value instanceof String text ? text : Written.of(value)));
    }
  }

  private static List<String> lines(List<List<String>> rows, String alignment, int width) {
    return Columns.text(rows, alignment, width).lines().toList();
  }

  /// As JSON values: every key is always there, null where unknown.
  public static Map<String, @Nullable Object> document(
      StudyView view, String place, List<Standing> standings) {
    var document = new LinkedHashMap<String, @Nullable Object>(ResultDocument.of(view));
    document.put("storage", place);
    document.put("state", Standing.state(standings));
    document.put("workers", standings.stream().map(Standing::document).toList());
    document.put("definition", view.definition().content());
    document.put("study_file", view.facts().get(StudyView.STUDY_PATH));
    document.put("note", Notes.ofStudy(view.facts()));
    document.put("notes", Notes.ofTrials(view.facts()));
    return document;
  }
}
