package dev.assay.report;

import dev.assay.internal.trial.ParetoFront;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Confirmation;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// The trials that a page carries of a study that is too large for one: a browser can neither hold
/// nor draw all of 60,000 trials with 100 parameters, which are 65 MB. The best of each kind are
/// there, whatever the page names, and others evenly spread over the study; the page says so. What
/// is calculated (importances, surfaces, counts) is of all trials.
final class PageSample {
  /// Bytes that trials take in a page, about.
  private static final int BUDGET = 3_200_000;

  private static final int FEWEST = 200;

  /// Of trials that bettered all before them the last so many.
  private static final int MOST_STEPS = 500;

  private static final int MOST_OPEN = 200;

  /// Of what a trial takes beside parameters and values.
  private static final int BASE_BYTES = 60;

  private static final int FLOAT_BYTES = 12;
  private static final int INT_BYTES = 6;
  private static final int CHOICE_BYTES = 3;
  private static final int VALUE_BYTES = 20;

  private PageSample() {}

  /// The study with the trials that its page carries.
  static StudyView of(StudyView view) {
    return of(view, Math.max(FEWEST, BUDGET / bytes(view.space(), view.objectives().size())));
  }

  /// @param most trials, about, but for those that the page names
  static StudyView of(StudyView view, int most) {
    var trials = view.trials();
    if (trials.size() <= most) {
      return view;
    }
    var kept = new TreeSet<>(Comparator.comparingInt(TrialRecord::number));
    kept.addAll(view.best());
    for (var confirmed : view.confirmed()) {
      kept.add(confirmed.trial());
      kept.addAll(confirmed.runs());
    }
    kept.add(trials.getFirst());
    kept.add(trials.getLast());
    steps(view).forEach(kept::add);
    trials.stream()
        .filter(trial -> !trial.state().isFinished())
        .limit(MOST_OPEN)
        .forEach(kept::add);
    view.searched().stream()
        .filter(trial -> trial.state() == TrialState.COMPLETE)
        .sorted(ParetoFront.bestFirst(view.objectives().getFirst()))
        .limit(most / 10)
        .forEach(kept::add);
    int places = most - kept.size();
    // By the radical inverse of the row (van der Corput): spread evenly, and as a study grows the
    // pages of it that are open keep nearly all of what they have.
    long below = ((long) Math.max(0, places) << 32) / trials.size();
    for (int i = 0; i < trials.size(); i++) {
      if (Integer.toUnsignedLong(Integer.reverse(i)) < below) {
        kept.add(trials.get(i));
      }
    }
    return view.with(List.copyOf(kept));
  }

  /// The trials that were better than all before them, by the first objective, of those that keep
  /// bounds on outcomes.
  private static Iterable<TrialRecord> steps(StudyView view) {
    var steps = new ArrayDeque<TrialRecord>();
    var direction = view.objectives().getFirst().direction();
    for (var trial : view.trials()) {
      if (trial.state() == TrialState.COMPLETE
          && trial.isFeasible()
          && !Confirmation.is(trial)
          && (steps.isEmpty() || direction.better(trial.value(), steps.getLast().value()))) {
        steps.add(trial);
        if (steps.size() > MOST_STEPS) {
          steps.removeFirst();
        }
      }
    }
    return steps;
  }

  private static int bytes(SearchSpace space, int objectives) {
    int bytes = BASE_BYTES + VALUE_BYTES * objectives;
    for (var parameter : space.parameters()) {
      bytes +=
          switch (parameter.distribution()) {
            case FloatRange _ -> FLOAT_BYTES;
            case IntRange _ -> INT_BYTES;
            case Choice _ -> CHOICE_BYTES;
          };
    }
    return bytes;
  }
}
