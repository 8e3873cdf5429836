package dev.assay.internal.sampler.seen;

import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.util.List;

/// How good a finished trial is beside others; the least is the best.
///
/// First come complete trials that keep the outcome constraints, by their loss; then pruned ones,
/// by how long they were kept and then by their last report; then complete ones that break the
/// constraints, by how much; then failed ones.
///
/// @param tier 0 to 3, as above
/// @param first the loss; of a pruned trial its last step, the sign turned; of one that breaks
///   constraints its violation
/// @param second of a pruned trial its last reported loss, of one that breaks constraints its loss,
///   else 0
public record Merit(int tier, double first, double second) implements Comparable<Merit> {
  private static final int PRUNED = 1;
  private static final int INFEASIBLE = 2;
  private static final int FAILED = 3;

  /// By the first objective.
  public static Merit of(TrialRecord trial, List<Objective> objectives) {
    var direction = objectives.getFirst().direction();
    return switch (trial.state()) {
      case COMPLETE -> {
        double loss = direction.asLoss(trial.value()) + 0.0; // no -0
        yield trial.isFeasible()
            ? new Merit(0, loss, 0)
            : new Merit(INFEASIBLE, trial.violation(), loss);
      }
      case PRUNED -> {
        if (trial.reports().isEmpty()) {
          yield new Merit(PRUNED, Double.POSITIVE_INFINITY, 0);
        }
        var last = trial.reports().getLast();
        double loss = direction.asLoss(last.values().getFirst()) + 0.0;
        yield new Merit(PRUNED, -last.step(), Double.isNaN(loss) ? Double.MAX_VALUE : loss);
      }
      case FAILED, DISCARDED, RUNNING, WAITING -> new Merit(FAILED, 0, 0);
    };
  }

  /// The losses of a complete trial, one for each objective; none of another.
  public static double[] losses(TrialRecord trial, List<Objective> objectives) {
    var losses = new double[trial.values().size()];
    for (int k = 0; k < losses.length; k++) {
      losses[k] = objectives.get(k).direction().asLoss(trial.values().get(k)) + 0.0; // no -0
    }
    return losses;
  }

  /// Whether it is complete and keeps the outcome constraints.
  public boolean isComplete() {
    return tier == 0;
  }

  /// Whether it says anything for a configuration, not only against it.
  public boolean isRanked() {
    return tier < FAILED;
  }

  @Override
  public int compareTo(Merit other) {
    if (tier != other.tier) {
      return Integer.compare(tier, other.tier);
    }
    int order = Double.compare(first, other.first);
    return order != 0 ? order : Double.compare(second, other.second);
  }
}
