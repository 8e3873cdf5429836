package dev.assay.internal.desk;

import dev.assay.trial.Confirmation;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which confirmation is to be run next. It follows from the trials that there are, so that a study
/// goes on where it was, in whichever process. Guarded by the study's lock.
final class Confirmations {
  private final @Nullable Confirmation wanted;
  private final Ledger ledger;
  private List<TrialRecord> finalists = List.of();

  /// Of how many ended trials of the search the finalists are; -1: of none.
  private int ranked = -1;

  /// Whether no trial of the search may begin any more, its time being used.
  private boolean late;

  Confirmations(@Nullable Confirmation wanted, Ledger ledger) {
    this.wanted = wanted;
    this.ledger = ledger;
  }

  boolean areWanted() {
    return wanted != null;
  }

  /// The time of the search is used.
  void beLate() {
    late = true;
  }

  boolean areLate() {
    return late;
  }

  /// Whether the finalists are not known yet, now that the search has ended.
  boolean isToBeRanked() {
    return ranked != ledger.endedOfSearch();
  }

  /// Trials were discarded, or taken back.
  void rankAnew() {
    ranked = -1;
  }

  /// Of which the finalists are to be chosen.
  Finalists.Candidates candidates() {
    return new Finalists.Candidates(ledger.completeOfSearch(), ledger.endedOfSearch());
  }

  /// Keeps what [Finalists] said.
  void keep(Finalists.Candidates candidates, List<TrialRecord> found) {
    finalists = found;
    ranked = candidates.ended();
  }

  /// The next confirmation to begin: of the finalist that was run least often so far, the better of
  /// equals. Null when all were begun.
  ///
  /// @param number that it gets
  @Nullable TrialRecord next(int number) {
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
