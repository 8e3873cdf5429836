package dev.assay.internal.pruner;

import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What one study's finished trials came to, at the steps that somebody asked about: each trial is
/// looked at once for each of those, however often a decision is made. A memo of the history.
final class Standings {
  /// Losses kept in all; beyond them every step is forgotten, and looked up anew.
  private static final int CAPACITY = 1 << 22;

  /// @param group tells apart trials that compete only among themselves
  private record Place(long step, int group) {}

  /// Losses at a place, of the first `seen` trials.
  private static final class Standing {
    final OrderedLosses losses = new OrderedLosses();
    int seen;
  }

  private final Map<Place, Standing> standings = new HashMap<>();
  private int kept;
  private int seen;
  private @Nullable TrialRecord last;
  private int completed;
  private long longest;
  private @Nullable TrialRecord best;

  /// Looks at what is new; a history that does not go on from the last one starts everything anew.
  void follow(History history, Direction direction) {
    if (seen > history.size() || seen > 0 && history.get(seen - 1) != last) {
      forget();
      seen = 0;
      completed = 0;
      longest = 0;
      best = null;
    }
    for (; seen < history.size(); seen++) {
      var trial = history.get(seen);
      last = trial;
      if (trial.state() == TrialState.COMPLETE) {
        completed++;
        longest = Math.max(longest, Curve.lastStep(trial.reports()));
        if (Double.isFinite(trial.value())
            && (best == null || direction.better(trial.value(), best.value()))) {
          best = trial;
        }
      }
    }
  }

  /// Forgets every step.
  void forget() {
    standings.clear();
    kept = 0;
  }

  /// How many finished trials are complete.
  int completed() {
    return completed;
  }

  /// The furthest step that a completed trial reached; 0 where none is completed.
  long longest() {
    return longest;
  }

  /// The best completed trial.
  @Nullable TrialRecord best() {
    return best;
  }

  /// The losses of finished trials at a step, in order.
  ///
  /// @param loss finite, or NaN where a trial has none; always the same for one step and group
  OrderedLosses at(long step, int group, History history, ToDoubleFunction<TrialRecord> loss) {
    if (kept > CAPACITY) {
      forget();
    }
    var standing = standings.computeIfAbsent(new Place(step, group), _ -> new Standing());
    for (; standing.seen < history.size(); standing.seen++) {
      double value = loss.applyAsDouble(history.get(standing.seen));
      if (!Double.isNaN(value)) {
        standing.losses.add(value);
        kept++;
      }
    }
    return standing.losses;
  }

  /// The finite losses on a rung of trials that are not finished, in order.
  ///
  /// @param trial is left out
  /// @param competes which trial numbers count
  static double[] underWay(
      long rung, int trial, History history, Direction direction, IntPredicate competes) {
    var losses = new double[history.pending().size()];
    int count = 0;
    for (var other : history.pending()) {
      if (other.number() != trial && competes.test(other.number())) {
        double loss = Curve.finiteFrom(rung, other.reports(), direction);
        if (!Double.isNaN(loss)) {
          losses[count++] = loss;
        }
      }
    }
    var there = Arrays.copyOf(losses, count);
    Arrays.sort(there);
    return there;
  }
}
