package dev.assay.report;

import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
    var wide = rows(all, view.trials());
    if (Columns.width(wide) <= width) {
      return Columns.text(wide, alignment(wide.getFirst().size()), width);
    }
    var narrow = rows(left, view.trials());
    narrow.getFirst().add("parameters");
    for (int i = 0; i < view.trials().size(); i++) {
      narrow.get(i + 1).add(parameters(view.trials().get(i)));
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
    return Columns.text(rows(columns, view.trials()), alignment, width);
  }

  private static List<List<String>> rows(List<TrialColumn> columns, List<TrialRecord> trials) {
    var rows = new ArrayList<List<String>>();
    rows.add(new ArrayList<>(columns.stream().map(TrialColumn::name).toList()));
    for (var trial : trials) {
      rows.add(new ArrayList<>(columns.stream().map(column -> column.cell(trial)).toList()));
    }
    return rows;
  }

  /// All but the state and the last to the right.
  private static String alignment(int columns) {
    return "><" + ">".repeat(columns - 3) + "<";
  }

  private static String parameters(TrialRecord trial) {
    var cause = TrialsDocument.word(trial.cause());
    return (cause == null ? "" : cause + ": ")
        + trial.configuration().values().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + brief(entry.getValue()))
            .collect(Collectors.joining(" "));
  }

  private static String brief(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Number number
        ? Figures.number(number.doubleValue())
        : JsonValues.text(value);
  }
}
