package dev.assay.report;

import dev.assay.trial.Direction;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Studies beside each other, as plain JSON values.
///
/// ```json
/// {"studies": [{"name": "a", "metric": "loss", "maximize": false, "best": 0.1, "trial": 7, "front": 1,
///     "counts": {"completed": 20, "pruned": 0, "failed": 1}, "wall": 12.5, "params": {"lr": 0.01},
///     "byTrial": [[1, 0.5], [8, 0.1]], "bySeconds": [[0.2, 0.5], [3.1, 0.1]],
///     "trials": 21, "seconds": 11.9}],
///   "differences": [{"key": "seed", "values": ["1", "2"]}]}
/// ```
///
/// `byTrial` has each completed trial that was better than all before it, by how many trials had
/// ended up to it and by the time since the first began, the trials in the order in which they
/// ended; `trials` and `seconds` say where the last one ended. In a study that is too large for
/// memory they are counted by their numbers instead.
public final class StudiesComparison {
  /// So many lines can be told apart.
  public static final int MOST = 6;

  private StudiesComparison() {}

  /// @param sources of one study or more
  public static Map<String, @Nullable Object> of(List<ReportData.Source> sources) {
    var views = sources.stream().map(ReportData.Source::whole).toList();
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("studies", sources.stream().map(StudiesComparison::study).toList());
    document.put("differences", differences(views));
    return document;
  }

  private static Map<String, @Nullable Object> study(ReportData.Source source) {
    // The page has every trial that was better than all before it, where the whole is a sample.
    var view = source.isSample() ? source.page() : source.whole();
    var objective = view.objectives().getFirst();
    var best = view.best();
    var first = best.isEmpty() ? null : best.getFirst();
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("name", view.name());
    map.put("metric", objective.metric());
    map.put("maximize", objective.direction() == Direction.MAXIMIZE);
    map.put("best", first == null ? null : first.value());
    map.put("trial", first == null ? null : first.number());
    map.put("front", best.size());
    map.put("counts", ResultDocument.counts(source.whole()));
    map.put("wall", view.overhead().wall());
    map.put("params", first == null ? null : first.configuration().values());
    putCurves(map, source, view, objective.direction());
    return map;
  }

  private static void putCurves(
      Map<String, @Nullable Object> map,
      ReportData.Source source,
      StudyView view,
      Direction direction) {
    var ended =
        view.searched().stream()
            .filter(trial -> trial.state().isFinished())
            .sorted(Comparator.comparingLong(TrialRecord::endedMillis))
            .toList();
    double start =
        ended.stream().mapToDouble(TrialRecord::startedMillis).filter(t -> t > 0).min().orElse(0);
    var byTrial = new ArrayList<List<Number>>();
    var bySeconds = new ArrayList<List<Number>>();
    Double best = null;
    for (int i = 0; i < ended.size(); i++) {
      var trial = ended.get(i);
      if (trial.state() == TrialState.COMPLETE
          && trial.isFeasible()
          && (best == null || direction.better(trial.value(), best))) {
        best = trial.value();
        byTrial.add(List.of(source.isSample() ? trial.number() + 1 : i + 1, best));
        bySeconds.add(List.of(Math.max(0, trial.endedMillis() - start) / 1000, best));
      }
    }
    map.put("byTrial", byTrial);
    map.put("bySeconds", bySeconds);
    map.put("trials", source.isSample() ? source.whole().size() : ended.size());
    map.put(
        "seconds", ended.isEmpty() ? 0 : Math.max(0, ended.getLast().endedMillis() - start) / 1000);
  }

  /// What is not the same in all, each study's value as a text.
  private static List<Map<String, Object>> differences(List<StudyView> views) {
    var rows = new LinkedHashMap<String, String[]>();
    for (int i = 1; i < views.size(); i++) {
      for (var row : StudyDifferences.of(views.getFirst(), views.get(i))) {
        var values = rows.computeIfAbsent(row.getFirst(), _ -> same(row.get(1), views.size()));
        values[i] = row.get(2);
      }
    }
    return rows.entrySet().stream()
        .map(row -> Map.<String, Object>of("key", row.getKey(), "values", List.of(row.getValue())))
        .toList();
  }

  /// Whoever is not found to differ from the first has its value.
  private static String[] same(String value, int count) {
    return IntStream.range(0, count).mapToObj(_ -> value).toArray(String[]::new);
  }
}
