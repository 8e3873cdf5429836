package dev.assay.report;

import dev.assay.trial.Confirmation;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The trials as comma-separated values (RFC 4180, but with bare line feeds), one line each, which
/// pandas' `read_csv` and R's `read.csv` load as they are.
///
/// Columns: `id, state, value_METRIC..., param_NAME..., cause, detail, started, seconds, restarts,
/// steps, attribute_KEY...`, and `confirms` where trials confirm others. An empty cell: there is no
/// value (an inactive parameter, a trial that did not complete). Lists and maps stand in one cell
/// as JSON.
public final class CsvExport {
  private CsvExport() {}

  public static void write(StudyView view, Appendable out) throws IOException {
    var attributes = new LinkedHashSet<String>();
    view.trials().forEach(trial -> attributes.addAll(trial.attributes().keySet()));
    boolean confirms = view.trials().stream().anyMatch(Confirmation::is);
    var header = header(view, attributes);
    if (confirms) {
      header.add("confirms");
    }
    line(header, out);
    for (var trial : view.trials()) {
      var cells = cells(view, trial, attributes);
      if (confirms) {
        cells.add(Confirmation.is(trial) ? cell(Confirmation.confirmed(trial)) : "");
      }
      line(cells, out);
    }
  }

  private static List<String> header(StudyView view, LinkedHashSet<String> attributes) {
    var header = new ArrayList<>(List.of("id", "state"));
    view.objectives().forEach(objective -> header.add("value_" + objective.metric()));
    view.space().parameters().forEach(parameter -> header.add("param_" + parameter.name()));
    header.addAll(List.of("cause", "detail", "started", "seconds", "restarts", "steps"));
    attributes.forEach(key -> header.add("attribute_" + key));
    return header;
  }

  private static List<String> cells(
      StudyView view, TrialRecord trial, LinkedHashSet<String> attributes) {
    boolean complete = trial.state() == TrialState.COMPLETE;
    var cells = new ArrayList<String>();
    cells.add(Integer.toString(trial.number()));
    cells.add(trial.state().word());
    for (int i = 0; i < view.objectives().size(); i++) {
      cells.add(complete ? cell(trial.values().get(i)) : "");
    }
    var parameters = view.space().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      double code = trial.configuration().code(i);
      cells.add(Double.isNaN(code) ? "" : cell(parameters.get(i).distribution().value(code)));
    }
    cells.add(Objects.requireNonNullElse(TrialsDocument.word(trial.cause()), ""));
    cells.add(trial.detail());
    cells.add(Objects.requireNonNullElse(TrialsDocument.started(trial), ""));
    cells.add(trial.state().isFinished() ? cell(trial.seconds()) : "");
    cells.add(Integer.toString(trial.restarts()));
    cells.add(Integer.toString(trial.reports().size()));
    for (var key : attributes) {
      cells.add(trial.attributes().containsKey(key) ? cell(trial.attributes().get(key)) : "");
    }
    return cells;
  }

  /// Infinities are spelled as pandas and R read them.
  private static String cell(@Nullable Object value) {
    if (value instanceof Double d && !Double.isFinite(d)) {
      return Double.isNaN(d) ? "NaN" : d > 0 ? "Inf" : "-Inf";
    }
    return JsonValues.text(value);
  }

  private static void line(List<String> cells, Appendable out) throws IOException {
    for (int i = 0; i < cells.size(); i++) {
      out.append(i == 0 ? "" : ",").append(quoted(cells.get(i)));
    }
    out.append('\n');
  }

  private static String quoted(String text) {
    boolean plain = true;
    for (int i = 0; i < text.length() && plain; i++) {
      char c = text.charAt(i);
      plain = c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    return plain && text.equals(text.strip()) ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
