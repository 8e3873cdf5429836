package dev.assay.cli;

import dev.assay.report.Figures;
import dev.assay.report.StudyView;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;

/// What is best for each value of the parameters that are given and not chosen: a line for each.
final class DecisionTable {
  private DecisionTable() {}

  static List<String> lines(StudyView view) {
    var given = view.given();
    var best = view.decisions();
    var metric = view.objectives().getFirst().metric();
    var columns = new ArrayList<List<String>>();
    given.forEach(name -> columns.add(parameter(name, best)));
    columns.add(
        ParetoTable.column(
            metric, best.stream().map(t -> Figures.number(t.values().getFirst())).toList()));
    columns.add(ParetoTable.column("trial", best.stream().map(t -> "" + t.number()).toList()));
    view.space().parameters().stream()
        .map(each -> each.name())
        .filter(name -> !given.contains(name))
        .forEach(name -> columns.add(parameter(name, best)));
    var lines = new ArrayList<String>();
    lines.add("Best for each " + String.join(", ", given) + ":");
    lines.addAll(ParetoTable.table(columns));
    return lines;
  }

  private static List<String> parameter(String name, List<TrialRecord> trials) {
    return ParetoTable.column(
        name, trials.stream().map(trial -> ParetoTable.cell(trial, name)).toList());
  }
}
