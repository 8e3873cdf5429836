package dev.assay.internal.desk;

import dev.assay.internal.trial.ParetoFront;
import dev.assay.space.Configuration;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which trials are worth to be run again. Fits a model perhaps, so it is asked without the study's
/// lock.
///
/// @param reference what there was before the search, the defaults: once it was tried, it is run
///   again too, since a best that is no better than it was not worth the search; null: nothing
record Finalists(
    @Nullable Confirmation wanted,
    Sampler sampler,
    List<Objective> objectives,
    @Nullable Configuration reference) {
  /// What there is to choose from, taken under the lock.
  ///
  /// @param ended how many trials of the search had ended
  record Candidates(List<TrialRecord> complete, int ended) {}

  /// The finalists, best first, of distinct configurations.
  List<TrialRecord> of(Candidates candidates) {
    if (wanted == null) {
      return List.of();
    }
    var expected = sampler.ranked(candidates.complete(), objectives);
    var order =
        expected.isEmpty()
            ? candidates.complete().stream()
                .sorted(ParetoFront.bestFirst(objectives.getFirst()))
                .toList()
            : expected.stream().map(Recommendation::trial).toList();
    var distinct = new LinkedHashMap<Map<String, @Nullable Object>, TrialRecord>();
    for (var trial : order) {
      if (distinct.size() < wanted.finalists()) {
        distinct.putIfAbsent(trial.configuration().values(), trial);
      }
    }
    for (var trial : order) {
      if (reference != null && trial.configuration().equals(reference)) {
        distinct.putIfAbsent(trial.configuration().values(), trial);
      }
    }
    return List.copyOf(distinct.values());
  }
}
