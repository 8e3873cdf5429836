package dev.assay.exchange;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Runs as a study, once the user said which metric is its objective.
final class Runs {
  private Runs() {}

  /// @param usual the objective of a tool that has only one; null: the user says
  static ForeignStudy study(
      String tool,
      String name,
      List<Run> runs,
      Source source,
      @org.jspecify.annotations.Nullable Objective usual,
      List<String> remarks) {
    var objectives =
        source.objectives().isEmpty() && usual != null ? List.of(usual) : source.objectives();
    var metrics = new LinkedHashSet<String>();
    var params = new LinkedHashSet<String>();
    for (var run : runs) {
      metrics.addAll(run.metrics.keySet());
      run.history.values().forEach(point -> metrics.addAll(point.keySet()));
      params.addAll(run.params.keySet());
    }
    require(objectives, metrics, source);
    for (var param : source.params()) {
      if (!params.contains(param) && !metrics.contains(param)) {
        throw new Problem(
            "There is no such parameter in it.",
            param + " in " + source,
            Nearest.suggest(param, params));
      }
    }
    var drafts = new ArrayList<Draft>();
    for (var run : runs) {
      drafts.add(run.draft(drafts.size(), objectives, source.params()));
    }
    return new ForeignStudy(tool, name, objectives, drafts, Map.of(), remarks);
  }

  private static void require(List<Objective> objectives, Set<String> metrics, Source source) {
    var shown = metrics.stream().limit(20).toList();
    if (objectives.isEmpty()) {
      throw new Problem(
          "Nothing says which metric is the objective.",
          source + " has " + (shown.isEmpty() ? "no metrics that are named so" : shown),
          "Say one: --minimize "
              + (shown.isEmpty() ? "loss" : shown.getFirst())
              + ", or --maximize.");
    }
    for (var objective : objectives) {
      if (!metrics.contains(objective.metric())) {
        throw new Problem(
            "There is no such metric in it.",
            (objective.direction() == Direction.MINIMIZE ? "--minimize " : "--maximize ")
                + objective.metric()
                + ", "
                + source,
            Nearest.suggest(objective.metric(), metrics));
      }
    }
  }
}
