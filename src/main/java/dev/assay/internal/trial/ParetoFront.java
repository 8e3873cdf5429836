package dev.assay.internal.trial;

import dev.assay.internal.pareto.Dominance;
import dev.assay.internal.pareto.Hypervolume;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The trials that no other trial dominates, by constrained dominance (Deb et al. 2002): a trial
/// that keeps the outcome constraints dominates every one that does not; of two that do not, the
/// one that breaks them less.
public final class ParetoFront {
  private ParetoFront() {}

  /// With one objective the best complete trial, the earliest of equals; with several all
  /// non-dominated complete trials, by number. Empty when none is complete. Runs that confirm
  /// others do not count.
  public static List<TrialRecord> of(List<TrialRecord> trials, List<Objective> objectives) {
    var front = new ArrayList<TrialRecord>();
    for (var trial : trials) {
      if (trial.state() == TrialState.COMPLETE && !Confirmation.is(trial)) {
        add(front, trial, objectives);
      }
    }
    return front;
  }

  /// Takes a complete trial into a front, and what it dominates out of it.
  ///
  /// @return whether it belongs there
  public static boolean add(
      List<TrialRecord> front, TrialRecord trial, List<Objective> objectives) {
    for (var other : front) {
      if (dominates(other, trial, objectives)
          || objectives.size() == 1
              && other.value() == trial.value()
              && other.violation() == trial.violation()) {
        return false;
      }
    }
    front.removeIf(other -> dominates(trial, other, objectives));
    front.add(trial);
    return true;
  }

  /// Best first by the first objective, trials that keep the outcome constraints before others,
  /// earlier ones before equals. For complete trials.
  public static Comparator<TrialRecord> bestFirst(Objective objective) {
    return Comparator.comparingDouble(TrialRecord::violation)
        .thenComparingDouble(trial -> objective.direction().asLoss(trial.value()))
        .thenComparingInt(TrialRecord::number);
  }

  /// Whether a breaks the outcome constraints less, or is as good in that and in every objective
  /// and better in one.
  public static boolean dominates(TrialRecord a, TrialRecord b, List<Objective> objectives) {
    double difference = a.violation() - b.violation();
    if (difference != 0) {
      return difference < 0;
    }
    if (objectives.size() == 1) {
      var direction = objectives.getFirst().direction();
      return direction.asLoss(a.value()) < direction.asLoss(b.value());
    }
    return Dominance.dominates(losses(a.values(), objectives), losses(b.values(), objectives));
  }

  /// The volume that complete trials dominate, by [Hypervolume]; those that break outcome
  /// constraints do not count.
  ///
  /// @param reference one value for each objective, in the study's order and the objectives' own
  ///   direction
  public static double volume(
      List<TrialRecord> trials, List<Objective> objectives, double... reference) {
    var points =
        trials.stream()
            .filter(trial -> trial.state() == TrialState.COMPLETE && trial.isFeasible())
            .map(trial -> losses(trial.values(), objectives))
            .toList();
    return Hypervolume.of(points, losses(Arrays.stream(reference).boxed().toList(), objectives));
  }

  private static double[] losses(List<Double> values, List<Objective> objectives) {
    if (values.size() != objectives.size()) {
      throw new IllegalArgumentException(
          values.size() + " values for " + objectives.size() + " objectives");
    }
    var losses = new double[values.size()];
    for (int k = 0; k < losses.length; k++) {
      losses[k] = objectives.get(k).direction().asLoss(values.get(k));
    }
    return losses;
  }
}
