package dev.assay.report;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.storage.StoredStudy;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialState;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which trials are shown, and in what order.
///
/// @param top how many at most; null: all
/// @param sort the column that orders them, `-` before it turns the order round; null: the first
///   metric where there is a top, else by number
/// @param states those to be shown; empty: all
public record TrialSelection(
    @Nullable Integer top, @Nullable String sort, List<TrialState> states) {
  public TrialSelection {
    if (top != null && top < 1) {
      throw new Problem("The top has at least one trial.", "--top " + top, "Write --top 10.");
    }
  }

  /// The states of some words, `complete` and the like.
  ///
  /// @throws Problem for a word that is none
  public static List<TrialState> states(List<String> words) {
    var known = Arrays.stream(TrialState.values()).map(TrialState::word).toList();
    for (var word : words) {
      if (!known.contains(word.strip().toLowerCase(Locale.ROOT))) {
        throw new Problem(
            "There is no such state.", "--state " + word, Nearest.suggest(word, known));
      }
    }
    return words.stream()
        .map(word -> TrialState.valueOf(word.strip().toUpperCase(Locale.ROOT)))
        .toList();
  }

  /// Whether all trials are shown, by number.
  public boolean isAll() {
    return top == null && sort == null && states.isEmpty();
  }

  /// Reads a study as far as these trials go.
  public StudyView read(StoredStudy stored) {
    return of(
        top != null && sort == null && states.isEmpty()
            ? StudyView.top(stored, top)
            : StudyView.of(stored));
  }

  /// A study with the trials that are shown, in order.
  public StudyView of(StudyView view) {
    var trials =
        view.trials().stream()
            .filter(trial -> states.isEmpty() || states.contains(trial.state()))
            .toList();
    var metrics = view.objectives().stream().map(Objective::metric).toList();
    var by = sort == null && top != null ? metrics.getFirst() : sort;
    if (by != null) {
      boolean reversed = by.startsWith("-") && !TrialColumn.all(view).containsKey(by);
      var order = TrialColumn.named(reversed ? by.substring(1) : by, view, "--sort").order(metrics);
      trials = trials.stream().sorted(reversed ? order.reversed() : order).toList();
    }
    return view.with(top == null ? trials : trials.subList(0, Math.min(top, trials.size())));
  }
}
