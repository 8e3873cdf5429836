package dev.assay.report;

import dev.assay.internal.trial.ParetoFront;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Confirmed;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  private final List<Objective> objectives;
  private final int most;
  private final Comparator<TrialRecord> bestFirst;
  private final List<TrialRecord> front = new ArrayList<>();

  /// By number, each better than the one before.
  private final List<TrialRecord> steps = new ArrayList<>();

  private final List<TrialRecord> open = new ArrayList<>();
  private final List<TrialRecord> confirming = new ArrayList<>();
  private final PriorityQueue<TrialRecord> good;
  private @Nullable TrialRecord first;
  private @Nullable TrialRecord last;

  /// @param most trials, about, but for those that the page names
  PageSample(List<Objective> objectives, int most) {
    this.objectives = objectives;
    this.most = most;
    bestFirst = ParetoFront.bestFirst(objectives.getFirst());
    good = new PriorityQueue<>(bestFirst.reversed());
  }

  /// A copy, which goes on by itself.
  PageSample(PageSample other) {
    objectives = other.objectives;
    most = other.most;
    bestFirst = other.bestFirst;
    good = new PriorityQueue<>(other.good);
    front.addAll(other.front);
    steps.addAll(other.steps);
    open.addAll(other.open);
    confirming.addAll(other.confirming);
    first = other.first;
    last = other.last;
  }

  /// The study with the trials that its page carries.
  static StudyView of(StudyView view) {
    return of(view, most(view.space(), view.objectives().size()));
  }

  /// @param most trials, about, but for those that the page names
  static StudyView of(StudyView view, int most) {
    if (view.trials().size() <= most) {
      return view;
    }
    var sample = new PageSample(view.objectives(), most);
    view.trials().forEach(sample::add);
    var confirmed = view.confirmed().stream().map(Confirmed::trial).toList();
    return view.with(sample.chosen(confirmed, view.trials()));
  }

  /// The trials that a page has room for.
  static int most(SearchSpace space, int objectives) {
    return Math.max(FEWEST, BUDGET / bytes(space, objectives));
  }

  /// Takes a trial into account; those of greater numbers mostly come later.
  void add(TrialRecord trial) {
    first = first == null || trial.number() < first.number() ? trial : first;
    last = last == null || trial.number() > last.number() ? trial : last;
    if (Confirmation.is(trial)) {
      confirming.add(trial);
    }
    if (!trial.state().isFinished() && open.size() < MOST_OPEN) {
      open.add(trial);
    }
    if (trial.state() != TrialState.COMPLETE || Confirmation.is(trial)) {
      return;
    }
    ParetoFront.add(front, trial, objectives);
    addStep(trial);
    if (good.size() < most / 10) {
      good.add(trial);
    } else if (!good.isEmpty() && bestFirst.compare(trial, good.element()) < 0) {
      good.remove();
      good.add(trial);
    }
  }

  /// Keeps the trials that were better than all before them, by the first objective, of those that
  /// keep bounds on outcomes.
  private void addStep(TrialRecord trial) {
    var direction = objectives.getFirst().direction();
    int place = steps.size();
    while (place > 0 && steps.get(place - 1).number() > trial.number()) {
      place--;
    }
    boolean isStep =
        place > 0
            ? direction.better(trial.value(), steps.get(place - 1).value())
            : steps.size() < MOST_STEPS; // else one that is gone may have been before it
    if (!isStep || !trial.isFeasible()) {
      return;
    }
    steps.add(place, trial);
    while (steps.size() > place + 1
        && !direction.better(steps.get(place + 1).value(), trial.value())) {
      steps.remove(place + 1);
    }
    if (steps.size() > MOST_STEPS) {
      steps.removeFirst();
    }
  }

  /// The best complete trial, or all that no other dominates.
  List<TrialRecord> best() {
    return front;
  }

  /// Those that were run to confirm others.
  List<TrialRecord> confirming() {
    return confirming;
  }

  /// By number.
  ///
  /// @param confirmed the finalists, which are there too
  /// @param others of which there are as many as there is room for, evenly spread
  List<TrialRecord> chosen(List<TrialRecord> confirmed, List<TrialRecord> others) {
    var kept = new TreeSet<>(Comparator.comparingInt(TrialRecord::number));
    Stream.of(front, confirmed, confirming, steps, open, good).forEach(kept::addAll);
    Stream.of(first, last).filter(Objects::nonNull).forEach(kept::add);
    int places = most - kept.size();
    // By the radical inverse of the row (van der Corput): spread evenly, and as a study grows the
    // pages of it that are open keep nearly all of what they have.
    long below = ((long) Math.max(0, places) << 32) / Math.max(1, others.size());
    for (int i = 0; i < others.size(); i++) {
      if (Integer.toUnsignedLong(Integer.reverse(i)) < below) {
        kept.add(others.get(i));
      }
    }
    return List.copyOf(kept);
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
