package dev.assay.study;

import java.util.ArrayList;
import java.util.List;

/// The trials that no other trial dominates.
public final class ParetoFront {
  private ParetoFront() {}

  /// With one objective the best complete trial, the earliest of equals; with several all
  /// non-dominated complete trials, by number. Empty when none is complete.
  public static List<TrialRecord> of(List<TrialRecord> trials, List<Objective> objectives) {
    var front = new ArrayList<TrialRecord>();
    for (var trial : trials) {
      if (trial.state() == TrialState.COMPLETE) {
        add(front, trial, objectives);
      }
    }
    return front;
  }

  private static void add(List<TrialRecord> front, TrialRecord trial, List<Objective> objectives) {
    for (var other : front) {
      if (dominates(other, trial, objectives)
          || objectives.size() == 1 && other.value() == trial.value()) {
        return;
      }
    }
    front.removeIf(other -> dominates(trial, other, objectives));
    front.add(trial);
  }

  /// Whether a is at least as good in every objective and better in one.
  public static boolean dominates(TrialRecord a, TrialRecord b, List<Objective> objectives) {
    boolean better = false;
    for (int i = 0; i < objectives.size(); i++) {
      var direction = objectives.get(i).direction();
      if (direction.better(b.values().get(i), a.values().get(i))) {
        return false;
      }
      better |= direction.better(a.values().get(i), b.values().get(i));
    }
    return better;
  }
}
