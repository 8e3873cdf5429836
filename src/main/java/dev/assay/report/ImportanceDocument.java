package dev.assay.report;

import dev.assay.importance.ImportanceMethod;
import dev.assay.importance.Importances;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The JSON answer of `importance`, as plain JSON values. Every key is always there.
///
/// ```json
/// {"study": "digits", "method": "fanova", "objectives": [{"metric": "accuracy", "trials": 180,
///   "parameters": [{"name": "learning_rate", "importance": 0.61}],
///   "pairs": [{"names": ["learning_rate", "hidden"], "importance": 0.07}], "note": null,
///   "caution": null}]}
/// ```
///
/// `parameters` stand with the most important first and sum to 1; `pairs` are on the same scale;
/// `note` says why all are 0 where nothing can be said, `caution` why little is to be made of what
/// is said; both are null otherwise.
public final class ImportanceDocument {
  private ImportanceDocument() {}

  /// The importances for each objective.
  ///
  /// @param method null: what the trials can carry
  public static List<Importances> importances(StudyView view, @Nullable ImportanceMethod method) {
    var trials = view.searched();
    return IntStream.range(0, view.objectives().size())
        .mapToObj(k ->
            method == null
                ? Importances.fitting(view.space(), trials, view.objectives(), k)
                : Importances.of(method, view.space(), trials, view.objectives(), k))
        .toList();
  }

  public static Map<String, @Nullable Object> of(StudyView view, List<Importances> importances) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("study", view.name());
    document.put("method", importances.getFirst().method());
    document.put("objectives", importances.stream().map(ImportanceDocument::objective).toList());
    return document;
  }

  private static Map<String, @Nullable Object> objective(Importances importances) {
    var parameters = new ArrayList<Map<String, @Nullable Object>>();
    for (var parameter : importances.ranked()) {
      var entry = new LinkedHashMap<String, @Nullable Object>();
      entry.put("name", parameter.name());
      entry.put("importance", parameter.importance());
      parameters.add(entry);
    }
    var pairs = new ArrayList<Map<String, @Nullable Object>>();
    for (var pair : importances.pairs()) {
      var entry = new LinkedHashMap<String, @Nullable Object>();
      entry.put("names", List.of(pair.first(), pair.second()));
      entry.put("importance", pair.importance());
      pairs.add(entry);
    }
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("metric", importances.metric());
    document.put("trials", importances.trials());
    document.put("parameters", parameters);
    document.put("pairs", pairs);
    document.put("note", importances.note());
    document.put("caution", importances.caution());
    return document;
  }
}
