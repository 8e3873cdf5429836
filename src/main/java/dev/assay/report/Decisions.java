package dev.assay.report;

import dev.assay.space.SearchSpace;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Direction;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What is best for each value of the parameters that are given and not chosen: the best trials by
/// the first objective that keep bounds on outcomes. Runs that confirm others do not count.
final class Decisions {
  private final Direction direction;
  private final List<Integer> indices;
  private final TreeMap<List<Double>, TrialRecord> best = new TreeMap<>(Decisions::compare);

  /// @param given names of parameters
  Decisions(SearchSpace space, Direction direction, List<String> given) {
    this.direction = direction;
    indices = given.stream().map(space::requireIndex).toList();
  }

  /// A copy, which goes on by itself.
  Decisions(Decisions other) {
    direction = other.direction;
    indices = other.indices;
    best.putAll(other.best);
  }

  /// In the order of the values.
  static List<TrialRecord> of(StudyView view, List<String> given) {
    var direction = view.objectives().getFirst().direction();
    var decisions = new Decisions(view.space(), direction, given);
    view.trials().forEach(decisions::add);
    return decisions.best();
  }

  /// Takes a trial into account.
  void add(TrialRecord trial) {
    if (trial.state() == TrialState.COMPLETE && trial.isFeasible() && !Confirmation.is(trial)) {
      var key = new ArrayList<Double>();
      indices.forEach(index -> key.add(trial.configuration().code(index)));
      best.merge(key, trial, this::better);
    }
  }

  /// The earlier one of equals.
  private TrialRecord better(TrialRecord a, TrialRecord b) {
    int order = Double.compare(direction.asLoss(a.value()), direction.asLoss(b.value()));
    return order < 0 || order == 0 && a.number() < b.number() ? a : b;
  }

  List<TrialRecord> best() {
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
