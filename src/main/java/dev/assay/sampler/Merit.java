package dev.assay.sampler;

import dev.assay.study.Objective;
import dev.assay.study.TrialRecord;
import java.util.List;

/// How good a finished trial is beside others; the least is the best.
///
/// A complete trial comes before a pruned one, a pruned one before a failed one. Complete trials
/// are compared by their loss, pruned ones by how long they were kept and then by their last
/// report.
///
/// @param tier 0 complete, 1 pruned, 2 failed
/// @param first the loss; of a pruned trial its last step, the sign turned
/// @param second of a pruned trial its last reported loss, else 0
record Merit(int tier, double first, double second) implements Comparable<Merit> {
  private static final int PRUNED = 1;
  private static final int FAILED = 2;

  /// By the first objective.
  static Merit of(TrialRecord trial, List<Objective> objectives) {
    var direction = objectives.getFirst().direction();
    return switch (trial.state()) {
      case COMPLETE -> new Merit(0, direction.asLoss(trial.value()) + 0.0, 0); // no -0
      case PRUNED -> {
        if (trial.reports().isEmpty()) {
          yield new Merit(PRUNED, Double.POSITIVE_INFINITY, 0);
        }
        var last = trial.reports().getLast();
        double loss = direction.asLoss(last.values().getFirst()) + 0.0;
        yield new Merit(PRUNED, -last.step(), Double.isNaN(loss) ? Double.MAX_VALUE : loss);
      }
      case FAILED, RUNNING, WAITING -> new Merit(FAILED, 0, 0);
    };
  }

  boolean isComplete() {
    return tier == 0;
  }

  /// Whether it says anything for a configuration, not only against it.
  boolean isRanked() {
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
