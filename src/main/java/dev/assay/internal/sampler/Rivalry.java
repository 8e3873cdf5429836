package dev.assay.internal.sampler;

import dev.assay.space.Choice;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;

/// CMA-ES and TPE by turns, where there are too many trials for Gaussian processes: a memo of what
/// each of them found.
///
/// Trials are dealt in turns of [#TURN]. Three of four belong to the one whose own trials found the
/// better value, the fourth to the other, so that what the history proves may change. CMA-ES learns
/// from its own trials alone, and begins where those before its first were good, while TPE knows
/// them all from its first trial on: so CMA-ES leads as well while it comes closer from turn to
/// turn.
final class Rivalry {
  /// Even, so that mirrored pairs of CMA-ES are not torn apart.
  private static final int TURN = 100;

  private static final int TURNS = 4;

  private final Direction direction;
  private final String cmaes;
  private final String tpe;

  /// What CMA-ES is shown.
  private final List<TrialRecord> shown = new ArrayList<>();

  /// The losses of its own trials; infinite where one did not complete.
  private final List<Double> losses = new ArrayList<>();

  private boolean begun;
  private int seen;
  private double bestOfCmaes = Double.POSITIVE_INFINITY;
  private double bestOfTpe = Double.POSITIVE_INFINITY;

  /// @param cmaes what the note [AutoSampler#NOTE] of its trials begins with
  /// @param tpe the same of the other's
  Rivalry(SearchTask task, String cmaes, String tpe) {
    direction = task.objectives().getFirst().direction();
    this.cmaes = cmaes;
    this.tpe = tpe;
  }

  /// Whether CMA-ES has a chance: one objective, and several numbers that always exist and nothing
  /// else, not all of them whole.
  static boolean isFor(SearchTask task) {
    SearchSpace space = task.space();
    return task.objectives().size() == 1
        && space.dimension() > 1
        && space.cardinality().isEmpty()
        && space.parameters().stream()
            .allMatch(p -> p.condition().isAlways() && !(p.distribution() instanceof Choice));
  }

  void follow(History history) {
    if (history.size() < seen) {
      shown.clear();
      losses.clear();
      begun = false;
      seen = 0;
      bestOfCmaes = Double.POSITIVE_INFINITY;
      bestOfTpe = Double.POSITIVE_INFINITY;
    }
    for (; seen < history.size(); seen++) {
      take(history.get(seen));
    }
  }

  private void take(TrialRecord trial) {
    var note = trial.notes().get(AutoSampler.NOTE) instanceof String text ? text : "";
    boolean own = note.startsWith(cmaes);
    if (trial.state() == TrialState.COMPLETE && trial.number() >= 0) {
      double loss = direction.asLoss(trial.value());
      bestOfCmaes = own ? Math.min(bestOfCmaes, loss) : bestOfCmaes;
      bestOfTpe = note.startsWith(tpe) ? Math.min(bestOfTpe, loss) : bestOfTpe;
    }
    begun |= own;
    if (own) {
      shown.add(trial);
      boolean complete = trial.state() == TrialState.COMPLETE;
      losses.add(complete ? direction.asLoss(trial.value()) : Double.POSITIVE_INFINITY);
    } else if (!begun) {
      shown.add(trial.number() < 0 ? trial : trial.numbered(-1 - shown.size()));
    }
  }

  /// Whether CMA-ES found the better value, or is still on its way.
  boolean cmaesLeads() {
    return bestOfCmaes <= bestOfTpe || comesCloser();
  }

  private boolean comesCloser() {
    int n = losses.size();
    return n < 2 * TURN || least(n - TURN, n) < least(n - 2 * TURN, n - TURN);
  }

  private double least(int from, int to) {
    return losses.subList(from, to).stream()
        .mapToDouble(Double::doubleValue)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /// Whether a trial is the turn of CMA-ES.
  boolean isForCmaes(int trial) {
    boolean other = trial / TURN % TURNS == TURNS - 1;
    return cmaesLeads() != other;
  }

  /// The history as CMA-ES is to see it.
  History shown(History history) {
    return History.of(shown, history.pending());
  }
}
