package dev.assay.report;

import dev.assay.study.TrialRecord;
import dev.assay.study.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The trials as a plain text table for terminals.
///
/// Each parameter has a column of its own where the width allows it; otherwise they share the last
/// one as `name=value`, cut at the width. A failed trial shows its cause there too.
public final class TrialsTable {
  private static final String GAP = "  ";

  private TrialsTable() {}

  /// @param width the terminal's columns
  public static String of(StudyView view, int width) {
    var wide = rows(view, true);
    var widths = widths(wide);
    int total = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1);
    return total <= width ? text(wide, width) : text(rows(view, false), width);
  }

  private static List<List<String>> rows(StudyView view, boolean wide) {
    var rows = new ArrayList<List<String>>();
    var header = new ArrayList<>(List.of("id", "state"));
    view.objectives().forEach(objective -> header.add(oneLine(objective.metric())));
    header.add("time");
    if (wide) {
      view.space().parameters().forEach(parameter -> header.add(oneLine(parameter.name())));
      header.add("cause");
    } else {
      header.add("parameters");
    }
    rows.add(header);
    view.trials().forEach(trial -> rows.add(row(view, trial, wide)));
    if (wide && view.count(TrialState.FAILED) == 0) {
      rows.forEach(List::removeLast);
    }
    return rows;
  }

  private static List<String> row(StudyView view, TrialRecord trial, boolean wide) {
    var row = new ArrayList<String>();
    row.add(Integer.toString(trial.number()));
    row.add(trial.state().word());
    for (int i = 0; i < view.objectives().size(); i++) {
      row.add(
          trial.state() == TrialState.COMPLETE ? Figures.number(trial.values().get(i)) : "");
    }
    row.add(trial.state().isFinished() ? Figures.duration(trial.seconds()) : "");
    var values = trial.configuration().values();
    var cause = trial.cause() == null ? "" : String.valueOf(TrialsDocument.word(trial.cause()));
    if (wide) {
      for (var parameter : view.space().parameters()) {
        row.add(values.containsKey(parameter.name()) ? brief(values.get(parameter.name())) : "");
      }
      row.add(cause);
    } else {
      row.add(
          (cause.isEmpty() ? "" : cause + ": ")
              + values.entrySet().stream()
                  .map(entry -> oneLine(entry.getKey()) + "=" + brief(entry.getValue()))
                  .collect(Collectors.joining(" ")));
    }
    return row;
  }

  private static String brief(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Number number
        ? Figures.number(number.doubleValue())
        : oneLine(JsonValues.text(value));
  }

  /// Control characters would break the table, or steer the terminal.
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  private static int[] widths(List<List<String>> rows) {
    var widths = new int[rows.getFirst().size()];
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(row.get(i)));
      }
    }
    return widths;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String text(List<List<String>> rows, int width) {
    var widths = widths(rows);
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        var padding = " ".repeat(widths[i] - length(row.get(i)));
        boolean right = i != 1 && i <= widths.length - 2;
        line.append(i == 0 ? "" : GAP)
            .append(right ? padding + row.get(i) : row.get(i) + padding);
      }
      text.append(cut(line.toString().stripTrailing(), width)).append('\n');
    }
    return text.toString();
  }

  private static String cut(String line, int width) {
    return length(line) <= width
        ? line
        : line.substring(0, line.offsetByCodePoints(0, width - 1)) + "…";
  }
}
