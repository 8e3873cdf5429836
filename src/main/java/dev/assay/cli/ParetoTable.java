package dev.assay.cli;

import dev.assay.internal.trial.ParetoFront;
import dev.assay.report.Figures;
import dev.assay.report.StudyView;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The Pareto set as a table: a line for each trial, its values, and as many parameters as fit.
final class ParetoTable {
  /// More lines would push the rest of the summary off the screen.
  private static final int ROWS = 20;

  private ParetoTable() {}

  static List<String> lines(StudyView view) {
    var objectives = view.objectives();
    var set = new ArrayList<>(view.best());
    set.sort(ParetoFront.bestFirst(objectives.getFirst()));
    var lines = new ArrayList<String>();
    int complete = view.count(TrialState.COMPLETE);
    lines.add(
        "Pareto set: " + set.size() + (set.size() == 1 ? " trial of " : " trials of ") + complete);
    var shown = shown(set);
    var columns = new ArrayList<List<String>>();
    columns.add(column("trial", shown.stream().map(t -> "" + t.number()).toList()));
    for (int k = 0; k < objectives.size(); k++) {
      int objective = k;
      columns.add(
          column(
              objectives.get(k).metric(),
              shown.stream().map(t -> Figures.number(t.values().get(objective))).toList()));
    }
    for (var parameter : view.space().parameters()) {
      columns.add(
          column(
              parameter.name(),
              shown.stream().map(trial -> cell(trial, parameter.name())).toList()));
    }
    lines.addAll(table(columns));
    if (shown.size() < set.size()) {
      lines.add(
          "  and "
              + (set.size() - shown.size())
              + " more between them: assay best "
              + view.name()
              + " --json");
    }
    lines.addAll(share(view, set));
    return lines;
  }

  /// All, or as many spread evenly from one end of the set to the other.
  private static List<TrialRecord> shown(List<TrialRecord> set) {
    if (set.size() <= ROWS) {
      return set;
    }
    var shown = new ArrayList<TrialRecord>();
    for (int row = 0; row < ROWS; row++) {
      shown.add(set.get(Math.round(row * (set.size() - 1) / (ROWS - 1f))));
    }
    return shown;
  }

  static String cell(TrialRecord trial, String parameter) {
    var values = trial.configuration().values();
    return values.containsKey(parameter) ? Summary.text(values.get(parameter)) : "";
  }

  static List<String> column(String head, List<String> cells) {
    var column = new ArrayList<String>();
    column.add(head);
    column.addAll(cells);
    return column;
  }

  /// Right-aligned columns, as many as fit in the width.
  static List<String> table(List<List<String>> columns) {
    int rows = columns.getFirst().size();
    var lines = new ArrayList<StringBuilder>();
    for (int row = 0; row < rows; row++) {
      lines.add(new StringBuilder());
    }
    boolean full = false;
    for (var column : columns) {
      int width = column.stream().mapToInt(String::length).max().orElse(0);
      full |= lines.getFirst().length() + 2 + width > Summary.WIDTH - 3;
      if (full) {
        lines.getFirst().append("  …");
        break;
      }
      for (int row = 0; row < rows; row++) {
        var cell = column.get(row);
        lines.get(row).append(" ".repeat(2 + width - cell.length())).append(cell);
      }
    }
    return lines.stream().map(line -> line.toString().stripTrailing()).toList();
  }

  /// How much of the box between the best and the worst values seen the set dominates.
  private static List<String> share(StudyView view, List<TrialRecord> set) {
    var objectives = view.objectives();
    var worst = new double[objectives.size()];
    double box = 1;
    for (int k = 0; k < worst.length; k++) {
      int objective = k;
      var direction = objectives.get(k).direction();
      var losses =
          view.trials().stream()
              .filter(trial -> trial.state() == TrialState.COMPLETE && trial.isFeasible())
              .mapToDouble(trial -> direction.asLoss(trial.values().get(objective)))
              .summaryStatistics();
      box *= losses.getMax() - losses.getMin();
      worst[k] = direction.asLoss(losses.getMax());
    }
    double volume = box > 0 ? ParetoFront.volume(set, objectives, worst) : 0;
    return volume > 0 && Double.isFinite(box)
        ? List.of(
            String.format(
                Locale.ROOT,
                "Hypervolume %s: %.1f %% of the box between the best and worst values seen.",
                Figures.number(volume),
                100 * volume / box))
        : List.of();
  }
}
