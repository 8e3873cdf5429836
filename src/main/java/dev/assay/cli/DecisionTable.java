package dev.assay.cli;

import dev.assay.report.Figures;
import dev.assay.report.StudyView;
import dev.assay.run.kernel.KernelRunner;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/// What is best for each value of the parameters that are given and not chosen: a line for each.
final class DecisionTable {
  private DecisionTable() {}

  /// The parameters that are given; empty where all are chosen, or several objectives have no best.
  static List<String> given(StudyView view) {
    return view.objectives().size() == 1
            && view.facts().get(KernelRunner.CONTEXT) instanceof List<?> names
        ? names.stream().map(String::valueOf).toList()
        : List.of();
  }

  static List<String> lines(StudyView view) {
    var given = given(view);
    var best = best(view, given);
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

  /// In the order of the values, as their choices have them.
  private static List<TrialRecord> best(StudyView view, List<String> given) {
    var direction = view.objectives().getFirst().direction();
    var best = new LinkedHashMap<List<Double>, TrialRecord>();
    for (var trial : view.trials()) {
      if (trial.state() == TrialState.COMPLETE && trial.isFeasible()) {
        var key = new ArrayList<Double>();
        for (var name : given) {
          key.add(trial.configuration().code(view.space().requireIndex(name)));
        }
        best.merge(
            key,
            trial,
            (a, b) -> direction.asLoss(b.value()) < direction.asLoss(a.value()) ? b : a);
      }
    }
    var sorted = new TreeMap<List<Double>, TrialRecord>(DecisionTable::compare);
    sorted.putAll(best);
    return List.copyOf(sorted.values());
  }

  private static int compare(List<Double> a, List<Double> b) {
    for (int i = 0; i < a.size(); i++) {
      int order = Double.compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
