package dev.assay.report;

import dev.assay.problem.Problem;
import dev.assay.trial.Direction;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A study in small, for a list of studies: counts, the best, and how the best moved.
public final class StudyThumbnail {
  private static final int POINTS = 60;

  private StudyThumbnail() {}

  /// As JSON values.
  ///
  /// @param name by which it is found: that of its directory, which may have got another one since
  /// @param state of the process that runs it; null: none does
  public static Map<String, @Nullable Object> of(
      String name, ReportData.Source source, @Nullable String state) {
    var whole = source.whole();
    var view = source.page();
    var objective = view.objectives().getFirst();
    var best = view.best();
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("name", name);
    map.put("state", state);
    map.put("metric", objective.metric());
    map.put("maximize", objective.direction() == Direction.MAXIMIZE);
    map.put("objectives", view.objectives().size());
    map.put("trials", whole.size());
    map.put("counts", ResultDocument.counts(whole));
    map.put("running", whole.count(TrialState.RUNNING));
    map.put("best", best.isEmpty() ? null : best.getFirst().value());
    map.put("front", best.size());
    map.put(
        "started",
        view.trials().stream()
            .mapToLong(TrialRecord::startedMillis)
            .filter(t -> t > 0)
            .min()
            .orElse(0));
    map.put("verdict", Figures.verdict(view.overhead()));
    map.put("curve", curve(view, objective.direction()));
    map.put("error", null);
    return map;
  }

  /// A study that cannot be read.
  public static Map<String, @Nullable Object> unreadable(String name, Problem problem) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("name", name);
    map.put("error", problem.what() + " " + problem.value() + " " + problem.mend());
    return map;
  }

  /// The best value after each of some completed trials that keep bounds on outcomes.
  private static List<Double> curve(StudyView view, Direction direction) {
    var all = new ArrayList<Double>();
    for (var trial : view.searched()) {
      if (trial.state() == TrialState.COMPLETE && trial.isFeasible()) {
        boolean better = all.isEmpty() || direction.better(trial.value(), all.getLast());
        all.add(better ? trial.value() : all.getLast());
      }
    }
    if (all.size() <= POINTS) {
      return all;
    }
    var few = new ArrayList<Double>();
    for (int i = 0; i < POINTS; i++) {
      few.add(all.get((int) ((long) i * (all.size() - 1) / (POINTS - 1))));
    }
    return few;
  }
}
