package dev.assay.report;

import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/// The intermediate values that a page carries: the curves of the best trials and of others evenly
/// spread, each thinned. More would neither be seen nor drawn in time.
final class Curves {
  private static final int MOST_CURVES = 400;
  private static final int MOST_POINTS = 150;

  private final StudyView view;

  Curves(StudyView view) {
    this.view = view;
  }

  /// @param known of whose curves the page has the points already
  void write(JsonGenerator json, Set<TrialRecord> known) {
    var rows = rows();
    json.writeObjectPropertyStart("curves");
    json.writeNumberProperty("total", rows.size());
    json.writeArrayPropertyStart("shown");
    for (int row : chosen(rows)) {
      json.writeStartObject();
      json.writeNumberProperty("row", row);
      if (!known.contains(trial(row))) {
        writePoints(thinned(trial(row).reports()), json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private List<Integer> rows() {
    var rows = new ArrayList<Integer>();
    for (int row = 0; row < view.trials().size(); row++) {
      if (!trial(row).reports().isEmpty()) {
        rows.add(row);
      }
    }
    return rows;
  }

  /// The trials whose curves are shown, by identity.
  Set<TrialRecord> shown() {
    Set<TrialRecord> shown = Collections.newSetFromMap(new IdentityHashMap<>());
    chosen(rows()).forEach(row -> shown.add(trial(row)));
    return shown;
  }

  private void writePoints(List<Report> reports, JsonGenerator json) {
    json.writeArrayPropertyStart("steps");
    reports.forEach(report -> json.writeNumber(report.step()));
    json.writeEndArray();
    json.writeArrayPropertyStart("values");
    for (int k = 0; k < view.objectives().size(); k++) {
      json.writeStartArray();
      for (var report : reports) {
        TrialColumns.writeRounded(
            json, k < report.values().size() ? report.values().get(k).floatValue() : Float.NaN);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /// By row: an eighth of the places for the best, the others spread evenly.
  private List<Integer> chosen(List<Integer> rows) {
    if (rows.size() <= MOST_CURVES) {
      return rows;
    }
    var direction = view.objectives().getFirst().direction();
    var byValue =
        rows.stream()
            .filter(row -> view.trials().get(row).state() == TrialState.COMPLETE)
            .sorted(Comparator.comparingDouble(row -> direction.asLoss(trial(row).value())))
            .limit(MOST_CURVES / 8)
            .toList();
    var chosen = new java.util.TreeSet<>(byValue);
    int others = MOST_CURVES - chosen.size();
    for (int i = 0; i < others; i++) {
      chosen.add(rows.get((int) ((long) i * rows.size() / others)));
    }
    return List.copyOf(chosen);
  }

  private TrialRecord trial(int row) {
    return view.trials().get(row);
  }

  private static List<Report> thinned(List<Report> reports) {
    if (reports.size() <= MOST_POINTS) {
      return reports;
    }
    var thinned = new ArrayList<Report>(MOST_POINTS);
    for (int i = 0; i < MOST_POINTS; i++) {
      thinned.add(reports.get((int) ((long) i * (reports.size() - 1) / (MOST_POINTS - 1))));
    }
    return thinned;
  }
}
