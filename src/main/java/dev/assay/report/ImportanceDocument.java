package dev.assay.report;

import dev.assay.importance.ImportanceMethod;
import dev.assay.importance.Importances;
import dev.assay.internal.storage.StudyFacts;
import dev.assay.storage.StoredStudy;
import dev.assay.trial.TrialRecord;
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
    var kept = new ArrayList<TrialRecord>();
    int[] read = {0};
    long[] mask = {0};
    study.each(
        space,
        trial -> {
          read[0]++;
          if ((mixed(trial.number()) & mask[0]) == 0) {
            kept.add(trial);
          }
          if (kept.size() > most) {
            mask[0] = 2 * mask[0] + 1;
            kept.removeIf(other -> (mixed(other.number()) & mask[0]) != 0);
          }
          return true;
        });
    var view = StudyView.of(study.definition(), kept, facts);
    return new Sample(view, mask[0] == 0 ? null : (Integer) read[0]);
  }

  /// Bits that follow no pattern of the search, such as its batches (the finalizer of SplitMix64).
  private static long mixed(int number) {
    long z = number * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
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
