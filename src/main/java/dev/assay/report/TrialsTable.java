package dev.assay.report;

import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The trials as a plain text table for terminals.
///
/// Each parameter has a column of its own where the width allows it; otherwise they share the last
/// one as `name=value`, cut at the width. A failed trial shows its cause there too.
public final class TrialsTable {
  private TrialsTable() {}

  /// @param width the terminal's columns
  public static String of(StudyView view, int width) {
    var names = new ArrayList<>(List.of("id", "state"));
    names.addAll(view.objectives().stream().map(Objective::metric).toList());
    names.add("time");
    var left = TrialColumn.named(names, view, "");
    var all = new ArrayList<>(left);
    view.space().parameters().forEach(p -> all.add(TrialColumn.parameter(p.name())));
    if (view.count(TrialState.FAILED) > 0) {
      all.add(TrialColumn.CAUSE);
    }
    var wide = rows(all, view.trials(), width);
    if (wide != null) {
      return Columns.text(wide, alignment(all.size()), width);
    }
    var narrow = new ArrayList<List<String>>();
    narrow.add(names(left));
    narrow.getFirst().add("parameters");
    for (var trial : view.trials()) {
      var row = cells(left, trial);
      row.add(parameters(trial, width));
      narrow.add(row);
    }
    return Columns.text(narrow, alignment(left.size() + 1), width);
  }

  /// Some columns: `id`, `state`, a metric, `time`, a parameter, `cause`, `detail`, `started`,
  /// `restarts`, or what the trials attached.
  ///
  /// @throws dev.assay.problem.Problem for a name that no column has
  public static String of(StudyView view, List<String> names, int width) {
    var columns = TrialColumn.named(names, view, "--columns");
    var alignment =
        columns.stream()
            .map(column -> column.isNumeric(view.trials()) ? ">" : "<")
            .collect(Collectors.joining());
    var rows = new ArrayList<List<String>>();
    rows.add(names(columns));
    view.trials().forEach(trial -> rows.add(cells(columns, trial)));
    return Columns.text(rows, alignment, width);
  }

  /// A row for each trial below their names.
  ///
  /// @param width that they have
  /// @return null where they take more
  private static @Nullable List<List<String>> rows(
      List<TrialColumn> columns, List<TrialRecord> trials, int width) {
    var rows = new ArrayList<List<String>>();
    var widths = new int[columns.size()];
    List<String> row = names(columns);
    for (int i = 0; ; i++) {
      rows.add(row);
      Columns.widen(widths, row);
      if (Columns.width(widths) > width) {
        return null;
      }
      if (i == trials.size()) {
        return rows;
      }
      row = cells(columns, trials.get(i));
    }
  }

  private static List<String> names(List<TrialColumn> columns) {
    var names = new ArrayList<String>(columns.size() + 1);
    columns.forEach(column -> names.add(column.name()));
    return names;
  }

  private static List<String> cells(List<TrialColumn> columns, TrialRecord trial) {
    var cells = new ArrayList<String>(columns.size() + 1);
    for (var column : columns) {
      cells.add(column.cell(trial));
    }
    return cells;
  }

  /// All but the state and the last to the right.
  private static String alignment(int columns) {
    return "><" + ">".repeat(columns - 3) + "<";
  }

  /// @param most characters that there can be room for
  private static String parameters(TrialRecord trial, int most) {
    var cause = TrialsDocument.word(trial.cause());
    var text = new StringBuilder(cause == null ? "" : cause + ": ");
    var configuration = trial.configuration();
    var parameters = configuration.space().parameters();
    int start = text.length();
    for (int i = 0; i < parameters.size() && text.length() <= most; i++) {
      if (configuration.isActive(i)) {
        text.append(text.length() == start ? "" : " ").append(parameters.get(i).name());
        text.append('=').append(brief(configuration.value(i)));
      }
    }
    return text.toString();
  }

  private static String brief(@Nullable Object value) {
    return value instanceof Number number
        ? Figures.number(number.doubleValue())
        : JsonValues.text(value);
  }
}
