package dev.assay.exchange;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.report.StudyView;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A study that is taken elsewhere: from memory, or from its storage, of which few trials are in
/// memory at a time.
record Exported(
    String name,
    SearchSpace space,
    List<Objective> objectives,
    Map<String, @Nullable Object> facts,
    Trials trials) {

  /// Trials one after the other by number, for as long as the answer is true; the same ones again
  /// each time, and perhaps more.
  interface Trials {
    void each(Predicate<TrialRecord> reader);
  }

  static Exported of(StudyView view) {
    return new Exported(
        view.name(),
        view.space(),
        view.objectives(),
        view.facts(),
        reader -> {
          boolean _ = view.trials().stream().allMatch(reader);
        });
  }

  static Exported of(StoredStudy study) {
    var definition = study.definition();
    var facts = study.facts();
    var space = StudyFacts.space(definition, facts);
    return new Exported(
        definition.name(),
        space,
        definition.objectives(),
        facts,
        reader -> study.each(space, reader));
  }

  void each(Predicate<TrialRecord> reader) {
    trials.each(reader);
  }
}
