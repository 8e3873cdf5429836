package dev.assay.study.desk;

import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.ParetoFront;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which confirmation is to be run next. It follows from the trials that there are, so that a study
/// goes on where it was, in whichever process. Guarded by the study's lock, but for [#rank].
public final class Confirmations {
  private final @Nullable Confirmation wanted;
  private final Sampler sampler;
  private final List<Objective> objectives;
  private final Ledger ledger;
  private List<TrialRecord> finalists = List.of();

  /// Of how many ended trials of the search the finalists are; -1: of none.
  private int ranked = -1;

  /// Whether no trial of the search may begin any more, its time being used.
  private boolean late;

  public Confirmations(@Nullable Confirmation wanted, Sampler sampler, SearchTask task, Ledger ledger) {
    this.wanted = wanted;
    this.sampler = sampler;
    objectives = task.objectives();
    this.ledger = ledger;
  }

  public boolean areWanted() {
    return wanted != null;
  }

  /// The time of the search is used.
  public void beLate() {
    late = true;
  }

  public boolean areLate() {
    return late;
  }

  /// Whether the finalists are not known yet, now that the search has ended.
  public boolean isToBeRanked() {
    return ranked != ledger.endedOfSearch();
  }

  /// Trials were discarded, or taken back.
  public void rankAnew() {
    ranked = -1;
  }

  /// What [#rank] needs to know, taken under the lock.
  public record Candidates(List<TrialRecord> complete, int ended) {}

  public Candidates candidates() {
    return new Candidates(ledger.completeOfSearch(), ledger.endedOfSearch());
  }

  /// The finalists, best first. Fits a model perhaps, so without the study's lock.
  public List<TrialRecord> rank(Candidates candidates) {
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
    return List.copyOf(distinct.values());
  }

  /// Keeps what [#rank] found.
  public void keep(Candidates candidates, List<TrialRecord> found) {
    finalists = found;
    ranked = candidates.ended();
  }

  /// The next confirmation to begin: of the finalist that was run least often so far, the better of
  /// equals. Null when all were begun.
  ///
  /// @param number that it gets
  public @Nullable TrialRecord next(int number) {
    if (wanted == null) {
      return null;
    }
    var begun = begun();
    TrialRecord least = null;
    int fewest = wanted.runs();
    for (var finalist : finalists) {
      int runs = begun.getOrDefault(finalist.configuration().values(), 0);
      if (runs < fewest) {
        fewest = runs;
        least = finalist;
      }
    }
    return least == null ? null : TrialRecord.waiting(number, Confirmation.of(least));
  }

  /// How many confirmations there are of each configuration, whatever became of them; those that
  /// were discarded are run again.
  private Map<Map<String, @Nullable Object>, Integer> begun() {
    var begun = new HashMap<Map<String, @Nullable Object>, Integer>();
    for (var run : ledger.confirmations()) {
      var number = Confirmation.confirmed(run);
      var finalist = number == null ? null : ledger.find(number);
      if (finalist != null && run.state() != TrialState.DISCARDED) {
        begun.merge(finalist.configuration().values(), 1, Integer::sum);
      }
    }
    return begun;
  }
}
