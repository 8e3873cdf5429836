package dev.assay.report;

import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What is best for each value of the parameters that are given and not chosen.
final class Decisions {
  private Decisions() {}

  /// The best trials by the first objective that keep bounds on outcomes, in the order of the
  /// values. Runs that confirm others do not count.
  static List<TrialRecord> of(StudyView view, List<String> given) {
    var direction = view.objectives().getFirst().direction();
    var best = new TreeMap<List<Double>, TrialRecord>(Decisions::compare);
    for (var trial : view.searched()) {
      if (trial.state() == TrialState.COMPLETE && trial.isFeasible()) {
        var key = new ArrayList<Double>();
        for (var name : given) {
          key.add(trial.configuration().code(view.space().requireIndex(name)));
        }
        best.merge(
            key,
            trial,
            (a, b) -> direction.asLoss(b.value()) < direction.asLoss(a.value()) ? b : a);
      }
    }
    return List.copyOf(best.values());
  }

  private static int compare(List<Double> a, List<Double> b) {
    for (int i = 0; i < a.size(); i++) {
      int order = Double.compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
