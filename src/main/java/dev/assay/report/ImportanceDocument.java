package dev.assay.report;

import dev.assay.importance.ImportanceMethod;
import dev.assay.importance.Importances;
import dev.assay.internal.storage.StudyFacts;
import dev.assay.storage.StoredStudy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The JSON answer of `importance`, as plain JSON values. Every key is always there.
///
/// ```json
/// {"study": "digits", "method": "fanova", "sample_of": null, "objectives": [{"metric": "accuracy", "trials": 180,
///   "parameters": [{"name": "learning_rate", "importance": 0.61}],
///   "pairs": [{"names": ["learning_rate", "hidden"], "importance": 0.07}], "note": null,
///   "caution": null}]}
/// ```
///
/// `parameters` stand with the most important first and sum to 1; `pairs` are on the same scale;
/// `note` says why all are 0 where nothing can be said, `caution` why little is to be made of what
/// is said; both are null otherwise. `sample_of` is the number of the study's trials where these
/// were made of a sample of them.
public final class ImportanceDocument {
  /// More trials are not kept in memory.
  private static final int MOST = 200_000;

  private ImportanceDocument() {}

  /// A study as far as importances go.
  ///
  /// @param view with all of its trials, or a sample
  /// @param sampleOf how many there are, where it is a sample; else null
  public record Sample(StudyView view, @Nullable Integer sampleOf) {}

  /// A stored study as it is read: of more than 200,000 trials a sample that depends on their
  /// numbers alone, of at least half as many, so that no more are ever in memory.
  public static Sample sample(StoredStudy study) {
    return sample(study, MOST);
  }

  /// @param most trials
  static Sample sample(StoredStudy study, int most) {
    var facts = study.facts();
    var space = StudyFacts.space(study.definition(), facts);
    var sample = new TrialSample(most);
    study.each(
        space,
        trial -> {
          sample.add(trial);
          return true;
        });
    var view = StudyView.of(study.definition(), sample.trials(), facts);
    return new Sample(view, sample.isAll() ? null : (Integer) sample.read());
  }

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

  /// @param importances of that sample
  public static Map<String, @Nullable Object> of(Sample sample, List<Importances> importances) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("study", sample.view().name());
    document.put("method", importances.getFirst().method());
    document.put("sample_of", sample.sampleOf());
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
